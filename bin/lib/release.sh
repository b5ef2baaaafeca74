# A release of Kappa from this repository's history; sourced after images.sh and install.sh.

# The commit of the last release, 0.1.0.
last_release=97de976

# ensure_release COMMIT: leaves its sources in release_folder, and its images in Docker with the tag release_tag; built once.
ensure_release() {
    local commit name missing=
    commit=$(git rev-parse --verify --quiet --short=12 "$1^{commit}") ||
        die "the history does not have the commit $1" "git fetch --unshallow, or name a commit that it has"
    release_tag=release-$commit
    release_folder=$KAPPA_CACHE/$release_tag
    if [ ! -d "$release_folder" ]; then
        rm -rf "$release_folder.part"
        mkdir -p "$release_folder.part"
        git archive "$commit" | tar -x -C "$release_folder.part"
        mv "$release_folder.part" "$release_folder"
    fi
    for name in $(release_images); do
        docker image inspect "kappa/$name:$release_tag" >/dev/null 2>&1 || missing=1
    done
    [ -z "$missing" ] || run release "building the images of $commit" build_release
}

# Those of today's images that the release had.
release_images() {
    local name
    for name in "${kappa_images[@]}"; do
        if [ -d "$release_folder/$name" ] || [ -d "$release_folder/function-shim/runtimes/${name#runtime-}" ]; then
            echo "$name"
        fi
    done
}

# The tag dev is the current sources' again once those are built.
build_release() {
    local name
    cd "$release_folder"
    "$MVN" -B -ntp -q -DskipTests -Dspotless.check.skip=true package
    function-shim/build-images
    for name in $(release_images); do
        [[ $name == runtime-* ]] || "$name/build-image"
        docker tag "kappa/$name:dev" "kappa/$name:$release_tag"
    done
}
