/* Makes a clock jump, forward or (with a minus) backward.
 *
 * Injects, on `redis`: another time on its wall clock, by which it counts the time to live of keys:
 * forward, they run out at once; backward, they live that much longer. On a process: another time
 * on its own monotonic clock, by which it counts its waits and the validity of its lock; on a
 * program of the user's, on its wall clock. Never touches the monotonic clock of a server or of a
 * program, the wall clock of a process of ours, the time that a connection waits for an answer, or
 * the history, which is written in true time. With `for` the clock of the Redis jumps back after
 * that time, else at the end; several jumps of it add up, as far as a day. A monotonic clock has no
 * right time to which it could return: a process's clock stays ahead or behind, a program's
 * likewise, and takes no `for`. */
#include <stdlib.h>

#include "sim/faults/fault.h"

static bool add(const struct fault_spec *spec, int64_t times, struct in_force *sum)
{
    int64_t by_ns = spec->params[0];
    int64_t left_ns = by_ns > 0 ? SHIFT_NS_MAX - sum->ahead_ns : SHIFT_NS_MAX + sum->behind_ns;
    if (by_ns != 0 && times > left_ns / llabs(by_ns)) {
        return false;
    }
    sum->shift_ns += times * by_ns;
    *(by_ns > 0 ? &sum->ahead_ns : &sum->behind_ns) += times * by_ns;
    return true;
}

const struct fault_row fault_jump = {
    .name = "jump",
    .summary = "makes a clock jump: the wall clock of the Redis, or a process's own",
    .details = "With `for`, which goes with `redis` alone, it jumps back after that time. `{at: "
               "1s, jump: 3, by: -2s}` turns node 3's own clock back.",
    .told = "has its clock jump",
    .over = "has its right time again",
    .example = "{at: 1s, jump: redis, by: 60s}",
    .targets = TARGETS_PROCESSES | 1u << TARGET_REDIS,
    .params = {{.name = "by",
                .summary = "how far, with a minus backward",
                .type = PARAM_SHIFT,
                .required = true},
               {.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .needs = STATE_ANY,
    .through_preload = true,
    .remains = "how far a process's own clock is ahead or behind",
    .lock_effect = LOCK_TTL_SHIFTS,
    .verbs = VERB_CLOCK,
    .add = add,
};
