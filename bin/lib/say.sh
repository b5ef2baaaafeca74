# What the commands of bin/ print; sourced.

step() { printf '\033[1m==> %s\033[0m\n' "$*"; }

# die REASON REMEDY
die() {
    printf 'error: %s\n  remedy: %s\n' "$1" "$2" >&2
    exit 1
}
