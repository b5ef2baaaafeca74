# Docker: what is there is used, what is missing on Debian is installed and started; sourced after say.sh.

# apt_install PACKAGE…: one at a time, since steps run side by side.
apt_install() {
    mkdir -p "$KAPPA_CACHE"
    (
        flock 9
        # A service that a package starts must not inherit the lock.
        apt-get update -qq 9>&-
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 9>&-
    ) 9>"$KAPPA_CACHE/apt.lock"
}

# Makes `docker` answer, or fails with the remedy.
ensure_docker() {
    docker info >/dev/null 2>&1 && return 0
    if ! command -v dockerd >/dev/null; then
        install_docker
    fi
    if [ -d /run/systemd/system ]; then
        step "starting Docker (systemctl start docker)"
        systemctl start docker
    else
        start_dockerd
    fi
    local tries
    for tries in $(seq 60); do
        docker info >/dev/null 2>&1 && return 0
        sleep 0.5
    done
    die "dockerd did not answer within 30 s (tried $tries times)" "read its log, $KAPPA_CACHE/docker/dockerd.log"
}

install_docker() {
    command -v apt-get >/dev/null || die "no Docker found, and this is no Debian" "install Docker and start it"
    [ "$(id -u)" = 0 ] || die "no Docker found, and installing it needs root" "run as root, or install docker.io"
    run docker "installing Docker (apt-get install docker.io)" apt_install docker.io iptables
}

# Without CAP_SYS_RESOURCE in the bounding set runc cannot start a privileged container.
lacks_sys_resource() {
    local bounding
    bounding=$(awk '/^CapBnd/ {print $2}' /proc/self/status)
    (((0x$bounding >> 24 & 1) == 0))
}

start_dockerd() {
    [ "$(id -u)" = 0 ] || die "Docker is not running, and starting it needs root" "start the Docker service"
    step "starting Docker (no systemd: dockerd in the background, log in $KAPPA_CACHE/docker/dockerd.log)"
    mkdir -p "$KAPPA_CACHE/docker"
    local options=()
    if lacks_sys_resource; then
        install -m 755 e2e/cluster/runc-bounded "$KAPPA_CACHE/docker/runc-bounded"
        options=(--add-runtime "bounded=$KAPPA_CACHE/docker/runc-bounded" --default-runtime bounded)
    fi
    setsid nohup dockerd "${options[@]}" >"$KAPPA_CACHE/docker/dockerd.log" 2>&1 </dev/null &
}

# Whether an image is here or can be pulled within a minute.
can_pull() {
    docker image inspect "$1" >/dev/null 2>&1 || timeout 60 docker pull -q "$1" >/dev/null 2>&1
}

# ensure_base SUITE: the image debian:SUITE-slim, pulled, or made from Debian's packages where no registry answers.
ensure_base() {
    local image=debian:$1-slim
    can_pull "$image" && return 0
    if ! command -v mmdebstrap >/dev/null; then
        [ "$(id -u)" = 0 ] || die "no registry has $image" "run as root, so that it can be made with mmdebstrap"
        apt_install mmdebstrap
    fi
    step "no registry answers: making $image from Debian's packages (mmdebstrap)"
    mmdebstrap --quiet --variant=minbase --include=ca-certificates \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' "$1" - | docker import - "$image" >/dev/null
}

# The languages that the shim's tests run handlers in.
ensure_languages() {
    local missing=()
    command -v python3 >/dev/null || missing+=(python3)
    command -v node >/dev/null || missing+=(nodejs)
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        die "the shim's tests need ${missing[*]}" "install ${missing[*]}"
    step "installing ${missing[*]} (apt-get)"
    apt_install "${missing[@]}"
}
