/* Lets a paused process go on.
 *
 * Injects: the moment at which a process that stood still wakes up with the beliefs it had. Never
 * wakes the dead (that is restart), and tells the process nothing of what it has missed. */
#include "sim/faults/fault.h"

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return ops->resume(ops->self, at.id);
}

const struct fault_row fault_resume = {
    .name = "resume",
    .summary = "lets a paused process go on where it stood",
    .details = "It has the beliefs that it had.",
    .told = "goes on",
    .example = "{at: 4s, resume: 2}",
    .targets = 1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER,
    .needs = STATE_STOPPED,
    .becomes = STATE_UP,
    .verbs = VERB_RESUME,
    .apply = apply,
};
