#!/bin/sh
# The model gives the same histories, byte for byte, whether gcc or clang compiled it, without and
# with optimisation.
# ctest-timeout: 900
set -eu

if ! command -v clang >/dev/null; then
    echo "skipped: with clang: it is not installed"
    exit 77
fi
. tests/determinism/variants.sh

build gcc-O0 gcc -O0 &
build clang-O0 clang -O0 &
build clang-O3 clang -O3 &
wait
same gcc-O0 clang-O0 clang-O3
