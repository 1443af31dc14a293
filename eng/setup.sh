# shellcheck shell=bash
# What a machine needs before the tests can run. Sourced by ./dev.

createcluster_conf=/etc/postgresql-common/createcluster.conf

setup() {
    local bench=no long=no
    case ${1:-} in
        '') ;;
        --bench) bench=yes ;;
        --long) long=yes ;;
        *) usage "setup takes --bench, --long or nothing" ;;
    esac
    # PostgreSQL first: it brings ICU, without which the SDK does not run either.
    if [[ -z $(postgres_bin) ]]; then
        install_postgres || return 1
    fi
    if [[ -z $(chromium_program) ]]; then
        install_packages chromium fonts-inter || missing "Chromium" chromium || return 1
    fi
    if ! command -v redis-server > /dev/null; then
        without_services install_packages redis-server || missing "The Redis server" redis-server || return 1
    fi
    if [[ $bench == yes ]] && ! command -v wrk > /dev/null; then
        install_packages wrk || missing "wrk" wrk || return 1
    fi
    if [[ $long == yes && -z $(haproxy_program) ]]; then
        install_packages haproxy || missing "HAProxy" haproxy || return 1
    fi
    require_dotnet
}

# Where Debian puts it, the path of others than root does not lead.
haproxy_program() { PATH=$PATH:/usr/sbin:/usr/local/sbin command -v haproxy || true; }

# The browser of the tests that look at pages.
chromium_program() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

require_dotnet() {
    local version
    version=$(dotnet --version 2>&1) || true
    if [[ $version != 10.* ]]; then
        head -n 3 <<< "$version" >&2
        say "The .NET 10 SDK is missing or does not run. Install the package dotnet-sdk-10.0, or use Microsoft's dotnet-install script with --channel 10.0."
        return 1
    fi
}

require_postgres() {
    [[ -n $(postgres_bin) ]] || missing "The PostgreSQL server" postgresql
}

missing() {
    local how="install the package $2 (on Debian and Ubuntu: sudo apt-get install --no-install-recommends $2)"
    say "$1 is missing, and could not be installed from here. Please $how and run this again."
    return 1
}

# --- apt ---------------------------------------------------------------------

install_postgres() {
    local package
    install_packages postgresql-common || { require_postgres; return; }
    package=postgresql-15
    apt-cache show "$package" > /dev/null 2>&1 || package=postgresql
    without_main_cluster install_packages "$package" || require_postgres
}

# The package makes and starts a cluster of the machine's own unless it is told not to. Only for this installation:
# whoever wants one later gets it as ever.
without_main_cluster() {
    local status=0
    if [[ ! -f $createcluster_conf ]]; then
        "$@"
        return
    fi
    as_root cp -p "$createcluster_conf" "$createcluster_conf.before-callagent"
    as_root sed -i -E 's/^#?[[:space:]]*create_main_cluster[[:space:]]*=.*/create_main_cluster = false/' "$createcluster_conf"
    "$@" || status=$?
    as_root mv "$createcluster_conf.before-callagent" "$createcluster_conf"
    return "$status"
}

# A package may start its service at once, on a port that may be somebody else's; this policy (Debian's invoke-rc.d) forbids it.
without_services() {
    local policy=/usr/sbin/policy-rc.d status=0
    if [[ -e $policy ]]; then
        "$@"
        return
    fi
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null && as_root chmod +x "$policy"
    "$@" || status=$?
    as_root rm -f "$policy"
    return "$status"
}

# The lists are read once a run, and only when something has to be installed.
install_packages() {
    command -v apt-get > /dev/null && may_be_root || return 1
    say "Installing $*."
    if [[ -z ${apt_lists_read:-} ]]; then
        # One unreachable source must not stop what the others have.
        apt_get update || say "Not all package lists could be read."
        apt_lists_read=yes
    fi
    apt_get install -y --no-install-recommends "$@"
}

apt_get() {
    local attempt
    for attempt in 1 2 3; do
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@" \
            < /dev/null >&2 && return 0
        ((attempt == 3)) || sleep $((attempt * 5))
    done
    return 1
}

may_be_root() { [[ $(id -u) -eq 0 ]] || sudo -n true 2> /dev/null; }

as_root() {
    if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo -n "$@"; fi
}
