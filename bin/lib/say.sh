# What the commands of bin/ print, and steps that run side by side; sourced first.

KAPPA_CACHE=${KAPPA_CACHE:-$HOME/.cache/kappa}
# Of this checkout, since another one may build at the same time.
steps=$PWD/.kappa/steps

step() { printf '\033[1m==> %s\033[0m\n' "$*"; }

# die REASON REMEDY
die() {
    printf 'error: %s\n  remedy: %s\n' "$1" "$2" >&2
    exit 1
}

declare -A step_pid step_text step_began
step_told=0

# begin NAME TEXT COMMAND…: runs the command beside what follows, with its output in a log; await waits for it.
begin() {
    local name=$1 text=$2
    shift 2
    mkdir -p "$steps"
    step_text[$name]=$text step_began[$name]=$SECONDS
    step_told=$SECONDS
    step "$text$(last_time "$name" ', %s last time')"
    # A process group of its own, so that all of it can be ended.
    set -m
    (step_pid=() && "$@") >"$(step_log "$name")" 2>&1 </dev/null &
    set +m
    step_pid[$name]=$!
}

# await NAME…: tells every ten seconds how far the steps are, until these are done; when one fails, ends the others and
# shows the end of its log.
await() {
    local name left=1
    while [ $left = 1 ]; do
        for name in "${!step_pid[@]}"; do
            kill -0 "${step_pid[$name]}" 2>/dev/null || end_step "$name"
        done
        left=0
        for name in "$@"; do
            [ -z "${step_pid[$name]:-}" ] || left=1
        done
        [ $left = 1 ] || break
        if ((SECONDS - step_told >= 8)); then
            step_told=$SECONDS
            for name in "${!step_pid[@]}"; do tell_step "$name"; done
        fi
        sleep 0.3
    done
}

# run NAME TEXT COMMAND…: begin and await.
run() {
    begin "$@"
    await "$1"
}

step_log() { echo "$steps/$1.log"; }

# last_time NAME FORMAT: how long the step took last, if that is known.
last_time() {
    local file=$steps/$1.seconds
    # shellcheck disable=SC2059
    [ ! -f "$file" ] || printf "$2" "$(duration "$(cat "$file")")"
}

duration() { if (($1 < 60)); then echo "$1 s"; else echo "$(($1 / 60)) min $(($1 % 60)) s"; fi; }

tell_step() { # name
    printf '    %s after %s%s%s\n' "${step_text[$1]}" "$(duration $((SECONDS - step_began[$1])))" \
        "$(last_time "$1" ' (%s last time)')" "$(inner_steps "$(step_log "$1")")"
}

# What a step's log announced last: what its own steps told, or how many lines its tools wrote since.
inner_steps() { # log
    awk '/==> / {text = $0; sub(/.*==> /, "", text); gsub(/\033\[[0-9]*m/, "", text); lines = 0; next}
        /^\[INFO\] Building .*\[[0-9]+\/[0-9]+\]$/ {sub(/^\[INFO\] Building /, ""); gsub(/ +/, " "); text = $0; lines = 0; next}
        /^    .*: done in [0-9]/ {sub(/^    /, ""); sub(/: done in .*/, ""); delete told[$0]; next}
        /^    .* after [0-9]/ {sub(/^    /, ""); name = $0; sub(/ after .*/, "", name); told[name] = $0; next}
        {lines++}
        END {
            for (name in told) {printf "; %s", told[name]; inner = 1}
            if (!inner && text != "") printf ": %s", text
            if (!inner && lines > 0) printf ", %d lines", lines
        }' "$1"
}

end_step() { # name
    local name=$1 pid=${step_pid[$1]} took=$((SECONDS - step_began[$1])) status=0
    wait "$pid" || status=$?
    unset "step_pid[$name]"
    if [ $status != 0 ]; then
        tail -n 30 "$(step_log "$name")" >&2
        printf 'error: this failed: %s\n  remedy: read %s\n' "${step_text[$name]}" "$(step_log "$name")" >&2
        exit 1
    fi
    # A step that found its work done tells nothing about the next time.
    if ((took >= 5)); then
        echo $took >"$steps/$name.seconds"
        printf '    %s: done in %s\n' "${step_text[$name]}" "$(duration $took)"
    fi
}

end_steps() {
    local name
    for name in "${!step_pid[@]}"; do kill -- "-${step_pid[$name]}" 2>/dev/null || true; done
}
# What a command does besides, however it ends; it may define its own.
at_exit() { :; }
trap 'end_steps; at_exit' EXIT
trap 'exit 130' INT TERM
