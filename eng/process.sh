# shellcheck shell=bash
# Children, signals and what is left behind: nothing. Sourced by ./dev.

scratch=
child=

say() { printf '%s\n' "$*" >&2; }

usage() {
    say "./dev: $1. See ./dev help."
    exit 2
}

make_scratch() {
    [[ -z $scratch ]] || return 0
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/callagent.XXXXXX")
    # A PostgreSQL of a test's own has its folder in here, and runs as another user.
    chmod 711 "$scratch"
}

# Runs a command in a process group of its own and waits for it. A signal to this script is then acted on at once (bash
# puts traps off while a foreground command runs), and reaches all that the command started.
supervise() {
    local status=0
    set -m
    "$@" < /dev/null &
    child=$!
    set +m
    wait "$child" || status=$?
    child=
    return "$status"
}

clean_up_at_exit() {
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap clean_up EXIT
}

clean_up() {
    local status=$?
    trap '' HUP INT TERM
    trap - EXIT
    set +e
    stop_group "$child"
    postgres_stop
    [[ -z $scratch ]] || rm -rf "$scratch"
    report_cut_short
    exit "$status"
}

stop_group() {
    [[ -n $1 ]] || return 0
    kill -TERM -- "-$1" 2> /dev/null
    wait_for_end "-$1" 100 || kill -KILL -- "-$1" 2> /dev/null
    wait "$1" 2> /dev/null
}

# Waits up to so many tenths of a second for a process, or with a minus a group, to be gone.
wait_for_end() {
    local tenths=$2
    while kill -0 -- "$1" 2> /dev/null; do
        ((tenths-- > 0)) || return 1
        sleep 0.1
    done
}
