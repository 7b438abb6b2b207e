/* Crashes a process or the Redis: it is gone at once, between two instructions, as by SIGKILL.
 *
 * Injects: the loss of everything that a process knew; on `redis`, the loss of its memory, whereas
 * what its persistence had written to its files stays (all with AOF, nothing with none, and with
 * rdb nothing since the last snapshot). Never removes what a process left in Redis (its status in
 * the hash, a lock that it held), nor harms anybody else, and never loses what was written but not
 * yet fsynced: that is power_loss. With `for` it is restarted after that time, else at the end;
 * what it is then, restart.c tells. */
#include "sim/faults/fault.h"

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->crash(ops->self, at.id);
}

static bool heal(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->restart(ops->self, at.id);
}

const struct fault_row fault_crash = {
    .name = "crash",
    .summary = "kills a process or the Redis; with for: it is restarted after that time",
    .details = "What a process left in Redis stays. The Redis has after a restart what its "
               "`persistence` kept.",
    .told = "crashes",
    .over = "is started again",
    .example = "{at: 2s, crash: leader, for: 1s}",
    .targets = TARGETS_PROCESSES | 1u << TARGET_REDIS,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .takes_down = true,
    .becomes = STATE_DEAD,
    .order = {.fault = SERVER_CRASH},
    .undo = {.fault = SERVER_RESTART},
    .verbs = VERB_CRASH | VERB_RESTART,
    .apply = apply,
    .heal = heal,
    .remains = "what it knew",
};
