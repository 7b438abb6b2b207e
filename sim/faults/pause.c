/* Pauses a process: it stands still, as by SIGSTOP, or as in a long collection of garbage.
 *
 * Injects: time that passes for everybody else, while the process does not notice; its lock may run
 * out meanwhile, and an answer may lie in its socket. Never loses what it knew, its connection or
 * what it left in Redis. With `for` it goes on after that time. */
#include "sim/faults/fault.h"

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->pause(ops->self, at.id);
}

static bool heal(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->resume(ops->self, at.id);
}

const struct fault_row fault_pause = {
    .name = "pause",
    .summary = "stops a process where it stands; with for: it goes on after that time",
    .details = "That is what a long garbage collection does.",
    .told = "is paused",
    .over = "goes on",
    .example = "{when: {who: 2, does: acquires_lock}, pause: 2, for: 3s}",
    .targets = TARGETS_PROCESSES,
    .params = {{.name = "for", .summary = "how long", .type = PARAM_DURATION}},
    .takes_down = true,
    .becomes = STATE_STOPPED,
    .verbs = VERB_PAUSE | VERB_RESUME,
    .apply = apply,
    .heal = heal,
};
