/* Takes the memory of the Redis away: it refuses what would need more (OOM), and evicts nothing.
 *
 * Injects: a refusal of every command that stores something: taking a lock, reporting, publishing.
 * Reading and releasing go on, and so does the time to live of keys. Never loses a key. With `for`
 * it has memory again after that time, else at the end; a restart does not give it back. */
#include "sim/faults/fault.h"

static bool possible(const struct host_ops *ops)
{
    return ops->server;
}

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->server(ops->self, at.server, &(struct server_order){.fault = SERVER_OOM});
}

static bool heal(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->server(ops->self, at.server,
                       &(struct server_order){.fault = SERVER_RECOVER, .from = SERVER_OOM});
}

const struct fault_row fault_oom = {
    .name = "oom",
    .summary =
        "makes the Redis refuse to store anything: OOM; with for: it can again after that time",
    .details = "That is whatever needs memory: to take the lock, to report, to publish.",
    .example = "{at: 1s, oom: redis, for: 1s}",
    .targets = 1u << TARGET_REDIS,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .harms_server = true,
    .needs = STATE_UP,
    .lock_effect = LOCK_SPARED,
    .possible = possible,
    .apply = apply,
    .heal = heal,
};
