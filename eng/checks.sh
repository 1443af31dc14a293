# shellcheck shell=bash disable=SC2154
# The tests and checks, and the count that ends them. Sourced by ./dev.

passed=0
failed=0
failures=()
counting=no

# --- The count ---------------------------------------------------------------

begin_count() { counting=yes; }

# The last line of the output, whatever happened before.
end_count() {
    postgres_stop
    counting=no
    ((failed == 0)) || printf 'FAILED: %s\n' "${failures[@]}" >&2
    echo "$passed passed, $failed failed"
    ((failed == 0))
}

# A script that ends before its count is a failure too.
report_cut_short() {
    [[ $counting == no ]] || echo "$passed passed, $((failed + 1)) failed"
}

# check NAME COMMAND...: one check, counted.
check() {
    local name=$1
    say "== $name"
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        fail "$name"
        return 1
    fi
}

# Counted only when it fails.
check_silently() {
    check "$@" && passed=$((passed - 1))
}

fail() {
    say "FAILED: $1"
    failed=$((failed + 1))
    failures+=("$1")
}

# --- Tests -------------------------------------------------------------------

# run_tests LONG [ARGS]: both databases and the sample; the solution is built.
run_tests() {
    local long=$1
    shift
    [[ $long == yes ]] || set -- -trait- kind=long "$@"
    # Pictures are for people.
    set -- -trait- kind=shots "$@"
    # Tests of one database itself have nothing to find on the other.
    run_suite sqlite -trait- database=postgres "$@"
    if postgres_start; then
        CALLAGENT_TEST_POSTGRES_URL=$postgres_url run_suite postgres -trait- database=sqlite "$@"
        postgres_stop
    else
        fail "tests on postgres: no server"
    fi
    check "sample InProcess" run_sample || true
}

run_suite() {
    local database=$1 status=0 result=$root/TestResults/$1.xml
    shift
    say "== tests on $database"
    mkdir -p "$root/TestResults"
    rm -f "$result"
    # What tests that crash leave in the temporary folder goes with ours.
    TMPDIR=$scratch CALLAGENT_TEST_DATABASE=$database supervise dotnet tests/CallAgent.Tests/bin/Debug/net10.0/CallAgent.Tests.dll \
        -noLogo -noColor -noAutoReporters -xml "$result" "$@" || status=$?
    count_suite "$database" "$result" "$status"
}

# The runner answers 0 when a filter left nothing, and writes no result when it crashed: neither is a success.
count_suite() {
    local database=$1 result=$2 status=$3 good bad
    if [[ ! -s $result ]]; then
        fail "tests on $database: crashed with exit code $status, no result"
        return
    fi
    good=$(count_of passed "$result")
    bad=$(($(count_of failed "$result") + $(count_of errors "$result")))
    say "$database: $good passed, $bad failed, $(count_of skipped "$result") skipped"
    passed=$((passed + good))
    failed=$((failed + bad))
    if ((bad > 0)); then
        failures+=("tests on $database: $bad")
        local test
        while IFS= read -r test; do failures+=("  $test"); done < <(failed_tests "$result")
    fi
    if ((good + bad == 0)); then
        fail "tests on $database: no test ran"
    elif ((bad == 0 && status != 0)); then
        fail "tests on $database: exit code $status although no test failed"
    fi
}

# An attribute of the result's assembly element, as a number.
count_of() {
    local number
    number=$(grep -o -m 1 '<assembly [^>]*>' "$2" | head -n 1 | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p")
    echo "${number:-0}"
}

# The failed tests of a result, a line each: name and beginning of the message.
failed_tests() {
    tr '\n' ' ' < "$1" | sed 's/<test /\n&/g' | grep '^<test .*result="Fail"' \
        | sed 's/^.* name="\([^"]*\)" result=.*<message>/\1: /; s/<!\[CDATA\[//; s/\]\]>.*//; s/&quot;/"/g; s/  */ /g' | cut -c1-400
}

run_sample() { supervise in_scratch dotnet "$root/samples/InProcess/bin/Debug/net10.0/InProcess.dll"; }

# What a program leaves in its working folder is not left in the repository.
in_scratch() {
    mkdir -p "$scratch/work"
    cd "$scratch/work" || return 1
    exec "$@"
}

# --- Generated files ---------------------------------------------------------

check_generated() {
    check "docs/openapi.json is up to date (mend with ./dev openapi)" is_current docs/openapi.json openapi_document || true
    check "docs/schema.sqlite.sql is up to date (mend with ./dev schema)" is_current docs/schema.sqlite.sql schema_of sqlite || true
    check "docs/schema.postgres.sql is up to date (mend with ./dev schema)" is_current docs/schema.postgres.sql schema_of postgres || true
    check "the migrations match the model (mend with ./dev migrate NAME)" model_matches_migrations || true
}

is_current() {
    local file=$1
    shift
    "$@" > "$scratch/generated" && diff -u "$file" "$scratch/generated" >&2
}
