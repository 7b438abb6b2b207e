#!/bin/sh
# The model gives the same histories, byte for byte, however gcc compiled it: without and with
# optimisation, with sanitizers. test_clang.sh has the same of clang.
# ctest-timeout: 900
set -eu

. tests/determinism/variants.sh

build gcc-O0 gcc -O0 &
build gcc-O3 gcc -O3 &
build sanitized gcc -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined &
wait
same gcc-O0 gcc-O3 sanitized
