#!/bin/sh
# tests/run in a small house of its own: what it counts and says of tests that pass, fail, are
# skipped or skip a part of themselves; and that of what failed only that is shown.
# shellcheck disable=SC2016 # what stands in quotes is for other shells
set -eu

. tests/launcher/must.sh
unset HUSTINGS_BUILD
export HUSTINGS_INSTALL=no

said() {
    grep -qxE -- "$1" "$work/said"
}

ends_with() {
    [ "$(tail -n 1 "$work/said")" = "$1" ]
}

says_nothing_of() {
    ! grep -qE -- "$1" "$work/said"
}

# run WORDS...: tests/run of the small house.
run() {
    status=0
    sh "$work/house/tests/run" "$@" >"$work/said" 2>&1 </dev/null || status=$?
}

mkdir -p "$work/house/tests/launcher" "$work/house/tests/pure" "$work/house/sim"
cp tests/run tests/report.sh tests/beside.sh "$work/house/tests/"
cp sim/packages.sh "$work/house/sim/"
cat >"$work/house/tests/some.py" <<'END'
import unittest
class Some(unittest.TestCase):
    def test_is_run(self):
        pass
    def test_is_not(self):
        """The reason has a quote."""
        self.skipTest("nobody's here")
unittest.main()
END
cat >"$work/house/tests/none.py" <<'END'
import unittest
@unittest.skip("not on this machine")
class None_(unittest.TestCase):
    def test_one(self):
        pass
    def test_two(self):
        pass
unittest.main()
END
cat >"$work/house/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.18)
project(small NONE)
enable_testing()
file(TOUCH ${CMAKE_BINARY_DIR}/hustings)
add_test(NAME good/passes COMMAND echo all is well)
add_test(NAME some/python COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/some.py -v)
add_test(NAME none/python COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/none.py -v)
add_test(NAME none/script COMMAND sh -c "echo skipped: no moon; exit 77")
add_test(NAME bad/fails COMMAND sh -c "echo words of the failing; exit 1")
set_tests_properties(good/passes PROPERTIES LABELS good)
set_tests_properties(some/python none/python none/script PROPERTIES SKIP_RETURN_CODE 77 LABELS some)
END

run good
must "a test that passes: 0" [ "$status" = 0 ]
must "… a line for the step" said "ok    good  .* s  1 passed"
must "… the last line is the sum" ends_with "3 passed, 0 failed, 0 skipped"

run some
must "skipped tests: 0" [ "$status" = 0 ]
must "… are not counted as passed" said "ok    some  .* s  1 passed, 3 skipped"
must "… a part of a test, with its reason" said " *skipped: some/python: nobody's here"
must "… a whole one, once" said " *skipped: none/python: not on this machine"
must "… a script" said " *skipped: none/script: no moon"
must "… the sum" ends_with "3 passed, 0 failed, 3 skipped"

run test
must "a test that fails: 1" [ "$status" = 1 ]
must "… is shown with its words" said "words of the failing"
must "… what passed is not" says_nothing_of "good/passes|all is well|Start"
must "… the line" said "FAIL  test  .* s of [0-9]+  2 passed, 1 failed, 3 skipped"
must "… its name at the end" said "failed: test: bad/fails"
must "… the sum" ends_with "4 passed, 1 failed, 3 skipped"

printf '#!/bin/sh\necho "skipped: no root"\nexit 77\n' >"$work/house/tests/launcher/bare"
chmod +x "$work/house/tests/launcher/bare"
run bare
must "a step that is skipped: 0" [ "$status" = 0 ]
must "… is no pass" said "skip  bare  .* s of [0-9]+  0 passed, 1 skipped"
must "… with its reason" said " *skipped: no root"

# What ran on the bare machine does not run here again; what it skipped, or lacks, does.
cat >"$work/house/tests/launcher/bare" <<'END'
#!/bin/sh
cat >"$HUSTINGS_BARE_LOG" <<'LOG'
1/4 Test: good/passes
all is well
2/4 Test: bad/fails
3/4 Test: some/python
test_is_not (__main__.Some) ... skipped 'no network there'
LOG
echo "skipped: there, some/python: no network there"
echo "5 passed, 0 failed, 1 skipped"
END
run bare test
must "after the bare machine: 0" [ "$status" = 0 ]
must "… its tests are counted" \
    said "ok    bare  .* s of [0-9]+  6 passed, 1 skipped there and left to test here"
must "… here runs the rest alone" said "ok    test  .* s of [0-9]+  1 passed, 3 skipped"
must "… of which what is skipped here is told" said " *skipped: some/python: nobody's here"
must "… but not what was skipped there" says_nothing_of "no network there"
must "… the sum" ends_with "9 passed, 0 failed, 3 skipped"
run bare
must "without test after it, what was skipped there is skipped" \
    said "ok    bare  .* s of [0-9]+  6 passed, 1 skipped"
must "… with its reason" said " *skipped: there, some/python: no network there"
sed -i 's,^cat .*,exit 1 # &,' "$work/house/tests/launcher/bare"
run bare test
must "a bare machine that fails before its tests: 1" [ "$status" = 1 ]
must "… all tests run here" said "FAIL  test  .* s of [0-9]+  2 passed, 1 failed, 3 skipped"

# Two steps at once: each ends only when the other runs, too.
meets() {
    printf '#!/bin/sh\ntouch here.%s\nfor i in $(seq 600); do\n' "$1"
    printf '    [ -e here.%s ] && break\n    sleep 0.1\ndone\n[ "$i" -lt 600 ] || exit 1\n' "$2"
}
meets bare musl >"$work/house/tests/launcher/bare"
{
    meets musl bare
    echo 'echo "skipped: no sun"'
} >"$work/house/tests/pure/musl"
chmod +x "$work/house/tests/launcher/bare" "$work/house/tests/pure/musl"
run bare musl
must "what the bare machine leaves to others: 0" [ "$status" = 0 ]
must "… runs beside it" said "ok    musl  .* s beside bare  1 passed, 1 skipped"
must "… with its reasons" said " *skipped: no sun"
must "… is in the sum" ends_with "3 passed, 0 failed, 1 skipped"
must "… is run once" [ "$(grep -c " musl " "$work/said")" = 1 ]
rm -f "$work"/house/here.*
echo 'echo words of it; exit 1' >>"$work/house/tests/pure/musl"
run bare musl
must "if it fails: 1" [ "$status" = 1 ]
must "… with its words" said "words of it"
must "… its name at the end" said "failed: musl"
must "… the sum" ends_with "2 passed, 1 failed, 1 skipped"
printf '#!/bin/sh\necho $$ >here.musl\nkill -9 $PPID\n' >"$work/house/tests/pure/musl"
rm -f "$work"/house/here.*
run bare musl
must "if it is killed: 1" [ "$status" = 1 ]
must "… which is said" said "failed: what runs beside bare"
must "… the sum" ends_with "2 passed, 1 failed, 0 skipped"
printf '#!/bin/sh\necho $$ >here.musl\nexec sleep 100\n' >"$work/house/tests/pure/musl"
rm -f "$work"/house/here.*
sh "$work/house/tests/run" bare musl >"$work/said" 2>&1 </dev/null &
runner=$!
until [ -s "$work/house/here.musl" ]; do sleep 0.05; done
kill "$runner"
wait "$runner" || :
beside=$(cat "$work/house/here.musl")
ended() {
    for _ in $(seq 100); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    return 1
}
must "whoever ends the runner ends what runs beside" ended "$beside"

sed -i 's/bare) echo [0-9]*/bare) echo 0/' "$work/house/tests/report.sh"
printf '#!/bin/sh\nexec sleep 1.1\n' >"$work/house/tests/launcher/bare"
run bare
must "a step over its budget says so, and passes" \
    said "ok    bare  .* s of 0  1 passed; slower than it should be"

run --nonsense
must "no such option: 2" [ "$status" = 2 ]

[ "$failures" = 0 ]
