/* Delays a process's link: every message between it and the Redis, both ways, is late.
 *
 * Injects: `by`, and uniformly up to `jitter` more, for each message on its own; a round trip takes
 * twice that; several delays add up. What is under way when one ends is held up no longer than by
 * those that are left: by the last, it arrives at once. Never changes the order of messages
 * on a connection, never loses one, and never delays the making of a connection, only what is sent
 * on it. */
#include "sim/faults/fault.h"

enum { BY, JITTER };

static bool add(const struct fault_spec *spec, int64_t times, struct in_force *sum)
{
    int64_t each_ns = spec->params[BY] + spec->params[JITTER];
    if (each_ns > 0 && times > (DELAY_NS_MAX - sum->by_ns - sum->jitter_ns) / each_ns) {
        return false;
    }
    sum->by_ns += times * spec->params[BY];
    sum->jitter_ns += times * spec->params[JITTER];
    return true;
}

const struct fault_row fault_delay = {
    .name = "delay",
    .summary = "makes every message between a process and the Redis late, both ways",
    .details = "Each is late by `by`, and at random up to `jitter` more; their order is kept.",
    .told = "is far from @: each message is late",
    .over = "is as near to @ as before",
    .example = "{at: 1s, delay: 3, by: 5ms, jitter: 2ms, for: 2s}",
    .targets = TARGETS_PROCESSES,
    .params = {{.name = "by", .summary = "how late", .type = PARAM_DURATION, .required = true},
               {.name = "jitter",
                .summary = "at random up to so much more",
                .type = PARAM_DURATION},
               {.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .needs = STATE_ANY,
    .link = LINK_DELAY,
    .add = add,
};
