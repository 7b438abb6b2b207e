#!/bin/sh
# The model gives the same histories, byte for byte, whatever compiled it: gcc and clang, without
# and with optimisation, with sanitizers. Clang is left out where there is none.
# ctest-timeout: 900
set -eu

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

variants="gcc-O0 gcc-O3 sanitized"
build gcc-O0 gcc -O0 &
build gcc-O3 gcc -O3 &
wait
build sanitized gcc -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined &
if command -v clang >/dev/null; then
    variants="$variants clang-O0 clang-O3"
    build clang-O0 clang -O0 &
    wait
    build clang-O3 clang -O3
else
    echo "skipped: with clang: it is not installed"
fi
wait

status=0
for variant in $variants; do
    if [ -e "$work/$variant.failed" ]; then
        cat "$work/$variant.log"
        exit 1
    fi
    "$work/$variant" scenarios/*/*.yaml tests/determinism/*.yaml >"$work/$variant.out"
    if ! cmp -s "$work/gcc-O0.out" "$work/$variant.out"; then
        echo "not the same with $variant:"
        diff "$work/gcc-O0.out" "$work/$variant.out" | head -n 5
        status=1
    fi
done
trials=$(grep -c . "$work/gcc-O0.out")
[ "$trials" -gt 0 ]
echo "$trials trials, the same with each of: $variants"
exit $status
