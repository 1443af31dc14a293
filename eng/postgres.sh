# shellcheck shell=bash disable=SC2034
# A throw-away PostgreSQL: made in a temporary folder, reachable on a free loopback port, gone with the script.
# Sourced by ./dev; ./dev pg runs one alone.

postgres_dir=
postgres_pid=
postgres_url=

# Where the server's programs are: the newest of Debian's, else what is in the path. Empty when there are none.
postgres_bin() {
    local newest
    newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
    [[ -x $newest ]] || newest=$(command -v initdb) || return 0
    dirname "$newest"
}

# postgres_start [durable]: with "durable" it syncs to disk as a real one does.
postgres_start() {
    local durability=${1:-fast} parent=/tmp
    # /tmp may be memory, where a sync costs nothing and a benchmark would lie.
    [[ $durability == fast ]] || parent=/var/tmp
    postgres_dir=$(mktemp -d "$parent/callagent-pg.XXXXXX") || return 1
    if [[ $(id -u) -eq 0 ]]; then chown "$(postgres_user):" "$postgres_dir"; fi

    if ! postgres_initdb "$durability"; then
        tail -n 20 "$postgres_dir/log" >&2
        say "PostgreSQL: initdb failed."
        return 1
    fi
    # Another process may take the port between the choice and the bind; then it is tried again.
    local attempt
    for attempt in 1 2 3 4 5 6 7 8; do
        postgres_launch $((20000 + RANDOM % 12000)) && return 0
    done
    tail -n 20 "$postgres_dir/log" >&2
    say "PostgreSQL did not start after $attempt attempts."
    return 1
}

postgres_stop() {
    local pid=$postgres_pid dir=$postgres_dir signal
    postgres_pid=''
    postgres_dir=''
    postgres_url=''
    if [[ -n $pid ]]; then
        # A fast shutdown, then an immediate one, then by force.
        for signal in INT QUIT KILL; do
            kill -s "$signal" "$pid" 2> /dev/null || true
            wait_for_end "$pid" 100 && break
        done
        wait "$pid" 2> /dev/null || true
    fi
    [[ -z $dir ]] || rm -rf "$dir"
}

# --- Parts -------------------------------------------------------------------

# The server refuses to run as root.
postgres_user() {
    if getent passwd postgres > /dev/null; then echo postgres; else echo nobody; fi
}

# Runs a program of the server in place of this (sub)shell.
postgres_exec() {
    local program=$1 drop=()
    shift
    cd "$postgres_dir" || exit 1
    if [[ $(id -u) -eq 0 ]]; then
        drop=(--reuid="$(postgres_user)" --regid="$(id -g "$(postgres_user)")" --init-groups)
    fi
    # The server goes down with this script even when that is killed without a chance to clean up.
    if setpriv --pdeathsig INT true 2> /dev/null; then drop+=(--pdeathsig INT); fi
    if ((${#drop[@]})); then
        exec setpriv "${drop[@]}" "$(postgres_bin)/$program" "$@"
    fi
    exec "$(postgres_bin)/$program" "$@"
}

postgres_initdb() {
    local locale=C
    if locale -a 2> /dev/null | grep -qix 'c\.utf-\?8'; then locale=C.UTF-8; fi
    (postgres_exec initdb -D "$postgres_dir/data" -U postgres --auth=trust --encoding=UTF8 --locale="$locale" --no-sync) \
        > "$postgres_dir/log" 2>&1 || return 1
    postgres_settings "$1" >> "$postgres_dir/data/postgresql.conf"
}

postgres_settings() {
    cat <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = '$postgres_dir'
max_connections = 200
SETTINGS
    if [[ $1 == durable ]]; then
        # What one gives a server of its own; the defaults are for a corner of a small machine.
        cat <<'SETTINGS'
shared_buffers = '2GB'
max_wal_size = '8GB'
wal_compression = lz4
SETTINGS
        return
    fi
    cat <<'SETTINGS'
max_wal_size = '2GB'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
SETTINGS
}

postgres_launch() {
    local port=$1 tenths
    set -m
    (postgres_exec postgres -D "$postgres_dir/data" -p "$port") < /dev/null >> "$postgres_dir/log" 2>&1 &
    postgres_pid=$!
    set +m
    # Its own word, as pg_ctl reads it: a connection could be answered by somebody else's server.
    for ((tenths = 0; tenths < 300; tenths++)); do
        if [[ $(sed -n 8p "$postgres_dir/data/postmaster.pid" 2> /dev/null) == ready* ]]; then
            postgres_url="postgresql://postgres@127.0.0.1:$port/postgres"
            return 0
        fi
        kill -0 "$postgres_pid" 2> /dev/null || break
        sleep 0.1
    done
    kill -QUIT "$postgres_pid" 2> /dev/null || true
    wait "$postgres_pid" 2> /dev/null || true
    postgres_pid=
    return 1
}
