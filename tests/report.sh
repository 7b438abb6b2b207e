# shellcheck shell=sh
# What tests/run tells of a step: how long it may take, what passed, failed and was skipped, and the
# words of what failed. Sourced by tests/run, whose $build, $TMPDIR, $steps, $there, $beside (the
# step beside which these run) and counts $passed, $failed, $skipped it uses; a step that calls
# ctest says in $ctest_build in which build.
# shellcheck disable=SC2034,SC2154 # they are of tests/run

# Seconds that a step may take on two quiet processors; nothing: as long as it likes.
budget() {
    case $1 in
    door) echo 60 ;;
    gcc) echo 120 ;;
    test) echo 450 ;;
    coverage | shellcheck | format | leftovers) echo 30 ;;
    musl | cppcheck) echo 60 ;;
    clang) echo 120 ;;
    tidy) echo 180 ;;
    page) echo 80 ;;
    asan) echo 330 ;;
    tsan) echo 150 ;;
    fuzz) echo $((fuzz_seconds + 30)) ;;
    bare) echo 570 ;;
    soak | leases) echo 660 ;;
    figures | million | compilers) echo 900 ;;
    fidelity) echo 1800 ;;
    esac
}

# The tests that were skipped, and those alone, of ctest's log of a build: "test: why", one a line;
# "-" at its end if nothing else of that test was run.
skipped_tests() {
    awk '
        function tell(why) {
            gsub(/^[\047"]|[\047"]$/, "", why)
            if (!seen[test, why]++) print test ": " why
        }
        /^[0-9]+\/[0-9]+ Test: / { test = $3; ran = "" }
        /\.\.\. skipped / { tell(substr($0, index($0, "... skipped ") + 12)) } # unittest
        /^\[  SKIPPED \] [a-z_]/ { tell($4) } # cmocka
        /^skipped: / { tell(substr($0, 10)) } # a script
        /^Ran [0-9]+ tests? / { ran = $2 }
        $0 == "OK (skipped=" ran ")" { print test ": -" }
    ' "$1"
}

# What is worth reading of a failed step: not what passed, was built or is about to begin.
failing_part() {
    sed -e '/^ *Start *[0-9]*: /d' -e '/^ *[0-9]*\/[0-9]* Test *#[0-9]*: .* Passed /d' \
        -e '/^\[[0-9]*\/[0-9]*\] /d' -e '/ \.\.\. ok$/d' -e '/^test_[a-z0-9_]* (__main__[^ ]*)$/d' \
        -e '/^-- /d' -e '/^Label Time Summary:/,/^$/d' \
        -e '/^[^ ]*clang-tidy[-0-9]* /d' -e '/^Errors while running CTest/,$d' "$1"
}

# Adds what tests/run counted on the bare machine. What was skipped there is no skipped test if the
# step test is yet to run it here.
count_there() {
    ran=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, [0-9]* skipped$/\1 \2/p' "$1" |
        tail -n 1)
    [ -n "$ran" ] || return
    step_passed=$((step_passed + ${ran%% *}))
    [ "${ran##* }" -gt "$step_failed" ] && step_failed=${ran##* }
    case " $steps " in
    *" bare test "* | *" bare "*" test "*)
        if [ -e "$there" ]; then
            step_left=$(grep -c . "$TMPDIR/skipped")
            : >"$TMPDIR/skipped"
        fi
        ;;
    esac
}

# Adds the tests that ctest counted in the log; a step without any counts as one test.
count() {
    status=$1
    out_of=$(sed -n 's/.* tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$2" |
        tail -n 1)
    step_failed=${out_of%% *}
    step_passed=$((${out_of##* } - ${step_failed:-0}))
    step_left=0
    grep '^skipped: ' "$2" | sed 's/^skipped: //' >"$TMPDIR/skipped"
    if [ -z "$out_of" ] || [ -z "$ctest_build" ]; then
        out_of=
        step_failed=$((status != 0 && status != 77))
        step_passed=$((status == 0))
        [ "$heading" = bare ] && count_there "$2"
    else
        skipped_tests "$build/$ctest_build/Testing/Temporary/LastTest.log" >"$TMPDIR/skipped"
        nothing_run=$(($(grep -c ': -$' "$TMPDIR/skipped") + $(grep -c '\*\*\*Skipped' "$2")))
        step_passed=$((step_passed - nothing_run))
        if [ "$status" != 0 ] && [ "$step_failed" = 0 ]; then
            step_failed=1 # all tests passed, something after them did not
        fi
        sed -i '/: -$/d' "$TMPDIR/skipped"
    fi
    step_skipped=$(grep -c . "$TMPDIR/skipped")
    passed=$((passed + step_passed))
    failed=$((failed + step_failed))
    skipped=$((skipped + step_skipped))
}

# report STEP COMMAND...: runs, prints the line.
report() {
    heading=$1
    shift
    log=$TMPDIR/step.log
    ctest_build=
    began=$(date +%s)
    "$@" >"$log" 2>&1 </dev/null
    status=$?
    seconds=$(($(date +%s) - began))
    count "$status" "$log"
    word=ok
    if [ "$status" = 77 ]; then
        word=skip
    elif [ "$status" != 0 ]; then
        word=FAIL
        failing_part "$log"
        sed -n '/^The following tests FAILED:/,$s/^[[:space:]]*[0-9]* - \([^ ]*\) (.*/\1/p' "$log" |
            sed "s,^,$heading: ," >>"$TMPDIR/failed"
        [ "$step_failed" = 1 ] && [ -z "$out_of" ] && echo "$heading" >>"$TMPDIR/failed"
    fi
    allowed=
    [ -n "$beside" ] || allowed=$(budget "$heading")
    line=$(printf '%-5s %-12s %4d s%s%s  %d passed' "$word" "$heading" "$seconds" \
        "${allowed:+ of $allowed}" "${beside:+ beside $beside}" "$step_passed")
    [ "$step_failed" -gt 0 ] && line="$line, $step_failed failed"
    [ "$step_skipped" -gt 0 ] && line="$line, $step_skipped skipped"
    [ "$step_left" -gt 0 ] && line="$line, $step_left skipped there and left to test here"
    [ "$seconds" -gt "${allowed:-$seconds}" ] && line="$line; slower than it should be"
    printf '%s\n' "$line"
    sed 's/^/      skipped: /' "$TMPDIR/skipped"
    case $heading in
    soak | figures | fidelity) [ "$status" = 0 ] && cat "$log" ;;
    esac
    return "$status"
}
