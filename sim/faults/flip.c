/* Flips a process's status, as the article's operator would by hand.
 *
 * Injects: the status prepare or submit into the process's own mind, which then reports it to Redis
 * under the lock as usual. Never touches Redis itself, what the process knows of a leader, or its
 * lock; a process that is paused takes notice when it goes on. */
#include "sim/faults/fault.h"

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    return ops->command(ops->self, at.id, COMMAND_FLIP, (int32_t)spec->params[0]);
}

const struct fault_row fault_flip = {
    .name = "flip",
    .summary = "turns a process to prepare or submit",
    .details = "It then reports that by itself. Only where a protocol has statuses.",
    .told = "is flipped",
    .example = "{at: 2s, flip: 4, to: submit}",
    .targets = TARGETS_PROCESSES,
    .params = {{.name = "to",
                .summary = "the status",
                .type = PARAM_WORD,
                .required = true,
                .words = "prepare|submit"}},
    .moments = 1u << MOMENT_REPORTS,
    .verbs = VERB_COMMAND,
    .apply = apply,
    .remains = "the status that it had",
};
