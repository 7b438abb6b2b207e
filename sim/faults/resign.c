/* Tells a leader to give up the leadership, as an operator would who drains a machine.
 *
 * Injects: the command into the leader's own mind. It steps down at once, whatever it was about to
 * do, gives the lock back if its protocol does so (release_on_stop), and then competes as ever; one
 * that is paused takes notice when it goes on. Never touches Redis itself, nor the others. */
#include "sim/faults/fault.h"

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->command(ops->self, at.id, COMMAND_RESIGN, 0);
}

const struct fault_row fault_resign = {
    .name = "resign",
    .summary = "tells a leader to give up the leadership",
    .details = "It steps down at once, and gives the lock back with `release_on_stop: true`; else "
               "the others wait until that has run out.",
    .told = "is told to step down",
    .example = "{at: 2s, resign: leader}",
    .targets = TARGETS_PROCESSES,
    .moments = 1u << MOMENT_RESIGNS,
    .verbs = VERB_COMMAND,
    .apply = apply,
    .remains = "the leadership that it had",
};
