/* Restarts a process that has crashed, or the Redis after a crash or a loss of power.
 *
 * Injects: a new process under the old number, that starts at once, in prepare, and remembers
 * nothing; a Redis at the old address that remembers what is in its files. Never restarts one that
 * lives, and never cleans up what the old process left in Redis. */
#include "sim/faults/fault.h"

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->restart(ops->self, at.id);
}

const struct fault_row fault_restart = {
    .name = "restart",
    .summary = "starts a crashed process again, which remembers nothing, or the Redis",
    .details = "A process is then in prepare. The Redis has what its `persistence` kept.",
    .told = "is started again",
    .example = "{at: 4s, restart: 3}",
    .targets = 1u << TARGET_IDS | 1u << TARGET_REDIS,
    .needs = STATE_DEAD,
    .becomes = STATE_UP,
    .order = {.fault = SERVER_RESTART},
    .verbs = VERB_RESTART,
    .apply = apply,
};
