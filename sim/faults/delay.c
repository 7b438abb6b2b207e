/* Delays a process's link: every message between it and the Redis, both ways, is late.
 *
 * Injects: `by`, and uniformly up to `jitter` more, for each message on its own; a round trip takes
 * twice that. What is under way when it heals arrives at once. Never changes the order of messages
 * on a connection, never loses one, and never delays the making of a connection, only what is sent
 * on it. */
#include "sim/faults/fault.h"

enum { BY, JITTER };

static bool possible(const struct world *world)
{
    return world->link;
}

static bool apply(struct world *world, uint16_t id, const struct fault_spec *spec)
{
    struct link_order order = {.trouble = LINK_DELAY,
                               .directions = LINK_REQUESTS | LINK_REPLIES,
                               .by_ns = spec->params[BY],
                               .jitter_ns = spec->params[JITTER]};
    return world->link(world->self, id, &order);
}

static bool heal(struct world *world, uint16_t id, const struct fault_spec *spec)
{
    struct link_order order = {
        .trouble = LINK_HEAL, .undo = LINK_DELAY, .directions = LINK_REQUESTS | LINK_REPLIES};
    (void)spec;
    return world->link(world->self, id, &order);
}

const struct fault_row fault_delay = {
    .name = "delay",
    .summary = "makes every message between a process and the Redis late, both ways",
    .example = "{at: 1s, delay: 3, by: 5ms, jitter: 2ms, for: 2s}",
    .targets = 1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER |
               1u << TARGET_ANY | 1u << TARGET_OTHERS,
    .params = {{.name = "by", .type = PARAM_DURATION, .required = true},
               {.name = "jitter", .type = PARAM_DURATION},
               {.name = "for", .type = PARAM_DURATION}},
    .needs = STATE_UP | STATE_DEAD | STATE_STOPPED,
    .possible = possible,
    .apply = apply,
    .heal = heal,
};
