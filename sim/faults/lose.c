/* Loses requests on their way: the next one that a process sends, the next few, or for a while each
 * with some probability.
 *
 * Injects: a request that never reaches the Redis. Nothing is applied; its sender waits its
 * request_timeout in vain, cannot know, and connects anew. What the same connection carries behind
 * it is lost with it, as in TCP; the Redis sees only a client that goes. The next `count` are
 * lost one after the other; with `for`, every one during that time, or with `share` so many percent
 * of them, drawn by the seed. Of several of these at once, each takes its share of what the others
 * leave. Never loses an answer, never closes a connection, and passes over what makes a connection
 * usable (AUTH, SELECT). */
#include "sim/faults/losing.h"

static bool possible(const struct host_ops *ops)
{
    return ops->link;
}

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    return losing_apply(ops, at, spec, LINK_LOSE);
}

static bool heal(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    (void)spec;
    return losing_heal(ops, at, LINK_LOSE);
}

static bool set(struct host_ops *ops, struct fault_place at, const struct in_force *sum)
{
    return losing_set(ops, at, sum, LINK_LOSE);
}

const struct fault_row fault_lose = {
    .name = "lose",
    .summary = "loses a process's next request, the next few, or a share of them: it never arrives",
    .details = "Nothing is applied, and its sender waits in vain. With `for` it is so for that "
               "time, with all requests or a `share` of them; `{when: {who: 1, does: asks_lock, "
               "before: true}, lose: 1, count: 2}` loses two.",
    .example = "{at: 1s, lose: 3, share: 20, for: 2s}",
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
