# Finds JDK 25 and Maven; sourced by the commands of bin/.

is_jdk25() { [ -x "$1/bin/javac" ] && "$1/bin/javac" -version 2>&1 | grep -q '^javac 25'; }

# Sets JAVA_HOME to a JDK 25 and MVN to Maven, or fails with the remedy.
ensure_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
        if [ -n "$candidate" ] && is_jdk25 "$candidate"; then
            export JAVA_HOME=$candidate
            break
        fi
    done
    is_jdk25 "${JAVA_HOME:-/nonexistent}" || die "no JDK 25 found in JAVA_HOME or /usr/lib/jvm" \
        "install one (for example Temurin 25) and set JAVA_HOME to it"
    # The wrapper downloads Maven where none is installed.
    MVN=$(command -v mvn) || MVN=$PWD/mvnw
    export MVN
}
