/* Breaks a process's connection at its next request: before the request reached the Redis, or after
 * it was applied.
 *
 * Injects: a closed connection, which the process sees at once and must make anew; it cannot tell
 * which of the two points it was. Never breaks a connection that carries no request, and never
 * harms the next one. */
#include "sim/faults/fault.h"

enum { POINT };

static bool possible(const struct host_ops *ops)
{
    return ops->link;
}

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    struct link_order order = {.fault = LINK_RESET, .applied = spec->params[POINT] == 1};
    return ops->link(ops->self, at.id, at.server, &order);
}

static bool heal(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    struct link_order order = {.fault = LINK_HEAL, .undo = LINK_RESET};
    (void)spec;
    return ops->link(ops->self, at.id, at.server, &order);
}

const struct fault_row fault_reset = {
    .name = "reset",
    .summary = "breaks a process's connection at its next request, before or after it is applied",
    .example = "{when: {who: 2, does: releases_lock, before: true}, reset: 2, point: applied}",
    .targets = 1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER | 1u << TARGET_ANY,
    .params = {{.name = "point",
                .summary = "before the request is applied, or after",
                .type = PARAM_WORD,
                .words = "before|applied"}},
    .needs = STATE_UP | STATE_DEAD | STATE_STOPPED,
    .possible = possible,
    .apply = apply,
    .heal = heal,
};
