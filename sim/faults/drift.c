/* Makes a clock run too fast or (with a minus) too slow.
 *
 * Injects: a wrong rate, in millionths (ppm), of the wall clock of the Redis or of a process's own
 * monotonic clock; see jump for what they are used for. Never makes a clock stand still or go
 * backward while it drifts. With `for` it ends after that time, else at the end: a wall clock is
 * then set right, a monotonic one goes on at the right rate from where it stands. */
#include "sim/faults/fault.h"

static bool possible(const struct world *world)
{
    return world->clock;
}

static bool apply(struct world *world, uint16_t id, const struct fault_spec *spec)
{
    struct clock_order order = {.wall = spec->target.kind == TARGET_REDIS,
                                .drift_ppm = spec->params[0]};
    return world->clock(world->self, id, &order);
}

static bool heal(struct world *world, uint16_t id, const struct fault_spec *spec)
{
    struct clock_order order = {.wall = spec->target.kind == TARGET_REDIS, .heal = true};
    return world->clock(world->self, id, &order);
}

const struct fault_row fault_drift = {
    .name = "drift",
    .summary =
        "makes a clock run too fast or too slow: the wall clock of the Redis, or a process's own",
    .example = "{at: 1s, drift: 3, ppm: 50000, for: 2s}",
    .targets = 1u << TARGET_REDIS | 1u << TARGET_IDS | 1u << TARGET_LEADER |
               1u << TARGET_LOCK_HOLDER | 1u << TARGET_ANY | 1u << TARGET_OTHERS,
    .params = {{.name = "ppm",
                .type = PARAM_NUMBER,
                .required = true,
                .low = -900000,
                .high = 1000000,
                .not_zero = true},
               {.name = "for", .type = PARAM_DURATION}},
    .through_preload = true,
    .remains = "how far a process's own clock is ahead or behind",
    .lock_effect = LOCK_TTL_SHIFTS,
    .possible = possible,
    .apply = apply,
    .heal = heal,
};
