/* Crashes a process or the Redis: it is gone at once, between two instructions, as by SIGKILL.
 *
 * Injects: the loss of everything that a process knew; on `redis`, the loss of its memory, whereas
 * what its persistence had written to its files stays (all with AOF, nothing with none, and with
 * rdb nothing since the last snapshot). Never removes what a process left in Redis (its status in
 * the hash, a lock that it held), nor harms anybody else, and never loses what was written but not
 * yet fsynced: that is power_loss. With `for` it is restarted after that time, else at the end;
 * what it is then, restart.c tells. */
#include "sim/faults/fault.h"

static bool possible(const struct host_ops *ops)
{
    return ops->crash && ops->restart;
}

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    if (spec->target.kind == TARGET_REDIS) {
        return ops->server &&
               ops->server(ops->self, at.server, &(struct server_order){.fault = SERVER_CRASH});
    }
    return ops->crash(ops->self, at.id);
}

static bool heal(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    if (spec->target.kind == TARGET_REDIS) {
        return ops->server(ops->self, at.server, &(struct server_order){.fault = SERVER_RESTART});
    }
    return ops->restart(ops->self, at.id);
}

const struct fault_row fault_crash = {
    .name = "crash",
    .summary = "kills a process or the Redis; with for: it is restarted after that time",
    .details = "What a process left in Redis stays. The Redis has after a restart what its "
               "`persistence` kept.",
    .example = "{at: 2s, crash: leader, for: 1s}",
    .targets = 1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER |
               1u << TARGET_ANY | 1u << TARGET_OTHERS | 1u << TARGET_REDIS,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .takes_down = true,
    .becomes = STATE_DEAD,
    .possible = possible,
    .apply = apply,
    .heal = heal,
    .remains = "what it knew",
};
