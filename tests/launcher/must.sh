# shellcheck shell=sh
# For tests in this folder: $work, a folder of their own, and must, which counts $failures.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# must WHAT CONDITION…: shows what was said last, if it is not so.
must() {
    what=$1
    shift
    if "$@"; then
        echo "ok   $what"
    else
        echo "FAIL $what"
        cat "$work/said" "$work/out" "$work/err" 2>/dev/null || true
        failures=$((failures + 1))
    fi
}
