# Kappa's own images, and the JDKs inside them; sourced after say.sh, docker.sh and java.sh.

# What a shim needs whose handlers run in other processes.
SMALL_JDK=java.base,jdk.unsupported
# What a Java program may expect: handlers, operator, gateway and kappa-api.
FULL_JDK=java.se,jdk.charsets,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.localedata,jdk.management,jdk.naming.dns
FULL_JDK+=,jdk.net,jdk.security.auth,jdk.unsupported,jdk.xml.dom,jdk.zipfs

# ensure_jdk_image NAME MODULES JLINK-OPTION…: an image of nothing but a JDK with these modules; its tag goes to jdk_image.
ensure_jdk_image() {
    local name=$1 modules=$2 hash folder
    shift 2
    hash=$({ echo "$modules $*"; cat "$JAVA_HOME/release"; } | sha256sum | cut -c1-12)
    jdk_image=kappa/jdk-$name:$hash
    docker image inspect "$jdk_image" >/dev/null 2>&1 && return 0
    step "linking $jdk_image ($modules)"
    folder=$(mktemp -d)
    "$JAVA_HOME/bin/jlink" --add-modules "$modules" --no-header-files --no-man-pages "$@" --output "$folder/jdk" ||
        die "jlink failed with the JDK in $JAVA_HOME" "set JAVA_HOME to a JDK 25 that can link itself, such as Temurin's"
    tar -C "$folder/jdk" --owner=0 --group=0 -c . | docker import - "$jdk_image" >/dev/null
    rm -rf "$folder"
}

# The user of handlers sees lines of the JDK in stack traces, so the full one keeps its debug information.
ensure_small_jdk() { ensure_jdk_image small $SMALL_JDK --strip-debug; }
ensure_full_jdk() { ensure_jdk_image full $FULL_JDK; }

# build_image NAME FOLDER ARGUMENT=VALUE…: builds the image and tags it dev, unless one of the same inputs is there.
build_image() {
    local name=$1 folder=$2 hash argument options=()
    shift 2
    hash=$({ echo "$*"; cd "$folder" && find . -type f -print0 | sort -z | xargs -0 sha256sum; } | sha256sum | cut -c1-12)
    if ! docker image inspect "$name:$hash" >/dev/null 2>&1; then
        for argument in "$@"; do
            options+=(--build-arg "$argument")
        done
        step "building $name:$hash"
        docker build --network=host "${options[@]}" -t "$name:$hash" "$folder" >"$folder.log" 2>&1 ||
            { tail -40 "$folder.log" >&2 && die "the image $name cannot be built" "read $folder.log"; }
    fi
    docker tag "$name:$hash" "$name:dev"
}

# go_image NAME FOLDER: the image of a static Go program, built by this machine's Go or golang's image; fails without both.
go_image() {
    local name=$1 folder=$2 go=(go)
    if ! command -v go >/dev/null; then
        can_pull golang:1.26 || return 1
        go=(docker run --rm -v "$PWD/$folder:/src" -w /src -e CGO_ENABLED=0 golang:1.26 go)
    fi
    (cd "$folder" && CGO_ENABLED=0 "${go[@]}" build -trimpath -ldflags "-s -w" -tags lambda.norpc \
        -o target/bootstrap .) || die "go cannot build $folder" "let it reach a module proxy"
    cp "$folder/Dockerfile" "$folder/target/"
    build_image "$name" "$folder/target"
}

# need_jar MODULE FILE: a file that Maven builds, and has to have built.
need_jar() {
    [ -f "$2" ] || die "$2 is not built" "mvn -B -ntp -pl $1 -am package -DskipTests"
}

# platform_image MODULE MAIN-CLASS COMPILERS: the image of the operator, the gateway or the control plane.
platform_image() {
    local module=$1 main=$2 compilers=$3 folder=$1/target/image
    ensure_jdk
    ensure_docker
    need_jar "$module" "$module/target/kappa-$module.jar"
    ensure_base trixie
    ensure_full_jdk
    rm -rf "$folder"
    mkdir -p "$folder/lib"
    cp -p "$module/target/kappa-$module.jar" "$module"/target/lib/*.jar "$folder/lib/"
    cp bin/lib/platform.Dockerfile "$folder/Dockerfile"
    build_image "kappa/$module" "$folder" "JDK=$jdk_image" "MAIN=$main" "COMPILERS=$compilers"
}
