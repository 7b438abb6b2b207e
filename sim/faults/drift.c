/* Makes a clock run too fast or (with a minus) too slow.
 *
 * Injects: a wrong rate, in millionths (ppm), of the wall clock of the Redis, of a process's own
 * monotonic clock, or of the wall clock of a program of the user's; see jump for what they are used
 * for. Never makes a clock stand still or go backward while it drifts. With `for` it ends after
 * that time, else at the end: what the clock of the Redis gained or lost by it is then taken back,
 * any other goes on from where it stands. The rates of several drifts of one clock are multiplied,
 * as far as the bounds of ppm. */
#include "sim/faults/fault.h"

#define MILLION INT64_C(1000000)

/* Rates are multiplied: 1.5 times as fast and 1.2 times as fast are 1.8 times as fast. */
static void multiply(int64_t *ppm, int64_t by_ppm)
{
    *ppm = (MILLION + *ppm) * (MILLION + by_ppm) / MILLION - MILLION;
}

static bool add(const struct fault_spec *spec, int64_t times, struct in_force *sum)
{
    int64_t ppm = spec->params[0];
    int64_t *one_way = ppm > 0 ? &sum->faster_ppm : &sum->slower_ppm;
    for (;; multiply(&ppm, ppm), times /= 2) { /* by the squares */
        if (times % 2 == 1) {
            multiply(&sum->drift_ppm, ppm);
            multiply(one_way, ppm);
        }
        if (*one_way > DRIFT_PPM_MAX || *one_way < DRIFT_PPM_MIN) {
            return false;
        }
        if (times <= 1) {
            return true;
        }
        if (ppm > DRIFT_PPM_MAX || ppm < DRIFT_PPM_MIN) {
            return false;
        }
    }
}

const struct fault_row fault_drift = {
    .name = "drift",
    .summary =
        "makes a clock run too fast or too slow: the wall clock of the Redis, or a process's own",
    .told = "has its clock drift",
    .over = "has a clock that runs at the right rate again",
    .example = "{at: 1s, drift: 3, ppm: 50000, for: 2s}",
    .targets = TARGETS_PROCESSES | 1u << TARGET_REDIS,
    .params = {{.name = "ppm",
                .summary = "so many millionths faster, with a minus slower",
                .type = PARAM_NUMBER,
                .required = true,
                .low = DRIFT_PPM_MIN,
                .high = DRIFT_PPM_MAX,
                .not_zero = true},
               {.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .needs = STATE_ANY,
    .through_preload = true,
    .remains = "how far a process's own clock is ahead or behind",
    .lock_effect = LOCK_TTL_SHIFTS,
    .verbs = VERB_CLOCK,
    .add = add,
};
