# shellcheck shell=sh
# Steps that run beside another: the tests of the bare machine wait for most of their time, and what
# only reads or compiles the sources takes what they leave of the processors, at the priority of the
# idle. Sourced by tests/run, whose $root, $TMPDIR, $steps, $done_steps and counts it uses.
# shellcheck disable=SC2154 # they are of tests/run

idle_steps="musl format shellcheck cppcheck tidy"
beside_pid=

# Starts those of our steps that may run beside the bare machine. They are a group of processes, to
# be ended with us.
start_beside() {
    list=
    for idle in $idle_steps; do
        case " $done_steps " in
        *" $idle "*) continue ;;
        esac
        case " $steps " in
        *" $idle "*) list="$list $idle" ;;
        esac
    done
    [ -n "$list" ] || return
    done_steps="$done_steps$list"
    idle="chrt --idle 0"
    $idle true 2>/dev/null || idle="nice -n 19" # a machine that forbids it
    # shellcheck disable=SC2086 # a list of words
    setsid $idle sh "$root/tests/run" --beside bare $list >"$TMPDIR/beside" 2>&1 </dev/null &
    beside_pid=$!
}

# Waits for them, and adds what they told: their lines, what failed, their counts.
end_beside() {
    [ -n "$beside_pid" ] || return
    wait "$beside_pid"
    beside_pid=
    sed -e '$d' -e '/^failed: /d' "$TMPDIR/beside"
    sed -n 's/^failed: //p' "$TMPDIR/beside" >>"$TMPDIR/failed"
    counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' \
        "$TMPDIR/beside")
    # shellcheck disable=SC2086
    set -- ${counts:-0 1 0}
    if [ -z "$counts" ]; then # it was ended before its time
        tail -n 1 "$TMPDIR/beside"
        echo "what runs beside bare" >>"$TMPDIR/failed"
    fi
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + $3))
}
