# shellcheck shell=sh
# The model, built in several ways: what each build makes of all shipped scenarios. Sourced by the
# tests of compilers. $work is a folder of their own.

work=$(mktemp -d "${TMPDIR:-/tmp}/determinism.XXXXXX")
trap 'rm -rf "$work"' EXIT

sources="tests/determinism/digest.c $(find src sim/checks sim/faults sim/history sim/host \
    sim/jsonl sim/model sim/ops sim/scenario sim/text -name '*.c')"
flags="-std=c11 -D_GNU_SOURCE -I."
libraries=$(pkg-config --cflags --libs libcjson yaml-0.1)

# build NAME COMPILER FLAGS...
build() {
    name=$1
    shift
    # shellcheck disable=SC2086 # lists of words
    "$@" $flags $sources -o "$work/$name" $libraries -lm -pthread >"$work/$name.log" 2>&1 ||
        echo failed >"$work/$name.failed"
}

# same NAME…: whether each of these builds says what the first says, byte for byte.
same() {
    first=$1
    status=0
    for variant; do
        if [ -e "$work/$variant.failed" ]; then
            cat "$work/$variant.log"
            return 1
        fi
        "$work/$variant" scenarios/*/*.yaml tests/determinism/*.yaml >"$work/$variant.out"
        if ! cmp -s "$work/$first.out" "$work/$variant.out"; then
            echo "not the same with $variant:"
            diff "$work/$first.out" "$work/$variant.out" | head -n 5
            status=1
        fi
    done
    trials=$(grep -c . "$work/$first.out")
    [ "$trials" -gt 0 ] || status=1
    echo "$trials trials, the same with each of: $*"
    return "$status"
}
