/* Breaks a process's connection at its next request: before the request reached the Redis, or after
 * it was applied.
 *
 * Injects: a closed connection, which the process sees at once and must make anew; it cannot tell
 * which of the two points it was. Never breaks a connection that carries no request, and never
 * harms the next one. */
#include "sim/faults/fault.h"

enum { POINT };

static void wait_for(const struct fault_spec *spec, struct link_order *order)
{
    order->applied = spec->params[POINT] == 1;
}

const struct fault_row fault_reset = {
    .name = "reset",
    .summary = "breaks a process's connection at its next request, before or after it is applied",
    .told = "is to have its connection to @ broken at its next request",
    .example = "{when: {who: 2, does: releases_lock, before: true}, reset: 2, point: applied}",
    .targets = TARGETS_NAMED,
    .params = {{.name = "point",
                .summary = "before the request is applied, or after",
                .type = PARAM_WORD,
                .words = "before|applied"}},
    .needs = STATE_ANY,
    .link = LINK_RESET,
    .wait_for = wait_for,
};
