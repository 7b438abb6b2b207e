/* Holds one request back: the next that the process sends. Everything else on its other connections
 * passes.
 *
 * Injects: a packet that comes late. It is delivered, and applied, after `by`, whether its sender
 * has meanwhile given up, connected anew or died, or not; an answer goes to whoever is still there.
 * What the same connection carries after it waits behind it. At the end of the safety phase it goes
 * on its way at once. Never loses, repeats or changes a request, and passes over those that make a
 * connection usable (AUTH, SELECT). */
#include "sim/faults/fault.h"

enum { BY };

static bool possible(const struct host_ops *ops)
{
    return ops->link;
}

static bool apply(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    struct link_order order = {.fault = LINK_LATE, .by_ns = spec->params[BY]};
    return ops->link(ops->self, at.id, at.server, &order);
}

static bool heal(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec)
{
    struct link_order order = {.fault = LINK_HEAL, .undo = LINK_LATE};
    (void)spec;
    return ops->link(ops->self, at.id, at.server, &order);
}

const struct fault_row fault_late = {
    .name = "late",
    .summary = "holds a process's next request back; it arrives even if its sender is gone by then",
    .details = "What the same connection carries after it waits behind it. When the faults end it "
               "arrives at once.",
    .example = "{when: {who: 2, does: reports, before: true}, late: 2, by: 3s}",
    .targets = 1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER | 1u << TARGET_ANY,
    .params = {{.name = "by", .summary = "how late", .type = PARAM_DURATION, .required = true}},
    .needs = STATE_UP | STATE_DEAD | STATE_STOPPED,
    .possible = possible,
    .apply = apply,
    .heal = heal,
};
