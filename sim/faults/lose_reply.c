/* Loses answers: that to the next request which a process sends, to the next few, or for a while
 * each with some probability. How many, as with lose.
 *
 * Injects: a request that was applied, while its sender waits until its timeout is over and
 * cannot know. An answer that says that nothing was applied, because the script is not known,
 * passes: it is the same request's next try whose answer is lost. Never loses a request, and never
 * closes the connection. */
#include "sim/faults/losing.h"

static bool possible(const struct host_ops *ops)
{
    return ops->link;
}

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    return losing_apply(ops, at, spec, LINK_LOSE_REPLY);
}

static bool heal(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return losing_heal(ops, at, LINK_LOSE_REPLY);
}

static bool set(struct host_ops *ops, struct fault_place at, const struct in_force *sum)
{
    return losing_set(ops, at, sum, LINK_LOSE_REPLY);
}

const struct fault_row fault_lose_reply = {
    .name = "lose_reply",
    .summary =
        "has a process's next request applied, the next few or a share, and swallows the answer",
    .details = "With `for` it is so for that time, with all requests or a `share` of them.",
    .example = "{when: {who: 2, does: asks_lock, before: true}, lose_reply: 2}",
    .targets = LOSING_TARGETS,
    .params = LOSING_PARAMS,
    .needs = STATE_UP | STATE_DEAD | STATE_STOPPED,
    .possible = possible,
    .apply = apply,
    .heal = heal,
    .add = losing_add,
    .set = set,
    .clash = losing_clash,
};
