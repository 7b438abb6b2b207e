/* Makes a process stay in its critical section for a time, beyond the lock's TTL if that is
 * shorter: the slow job that every lock with a TTL fears.
 *
 * Injects: one stall between acquiring the lock and the first request under it, now or the next
 * time that the process gets there. Never stops the process's clock or connection, and never
 * touches the lock's key. */
#include "sim/faults/fault.h"

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    return ops->stall(ops->self, at.id, spec->params[0]);
}

/* Whether there was a stall left to end, nobody knows: nothing is told. */
static bool heal(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    ops->stall(ops->self, at.id, 0);
    return false;
}

const struct fault_row fault_hold_lock = {
    .name = "hold_lock",
    .summary = "makes a process linger inside its critical section",
    .details = "It does so now, or the next time that it is there.",
    .told = "is to stay in its critical section",
    .example = "{at: 1s, hold_lock: 2, for: 3s}",
    .targets = TARGETS_NAMED,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION, .required = true}},
    .later = true,
    .verbs = VERB_STALL,
    .apply = apply,
    .heal = heal,
};
