# AWS's clients for Python, in a virtual environment of the cache; sourced after say.sh and docker.sh.

# Leaves in $python an interpreter that has boto3 and the AWS CLI.
ensure_clients() {
    local hash venv
    hash=$(sha256sum e2e/clients/requirements.txt | cut -c1-12)
    venv=$KAPPA_CACHE/clients-$hash
    python=$venv/bin/python3
    [ -f "$venv/complete" ] && return 0
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || die "python3 has no venv" "install python3-venv"
        apt_install python3-venv
    fi
    step "fetching boto3 and the AWS CLI (pip)"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$python" -m pip install -q --disable-pip-version-check -r e2e/clients/requirements.txt ||
        die "pip cannot fetch e2e/clients/requirements.txt" "let it reach a package index"
    touch "$venv/complete"
}
