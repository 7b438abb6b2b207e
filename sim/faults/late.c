/* Holds requests back: the next that the process sends, the next few, or for a while each with some
 * probability. Everything else on its other connections passes.
 *
 * Injects: a packet that comes late. It is delivered, and applied, after `by`, whether its sender
 * has meanwhile given up, connected anew or died, or not; an answer goes to whoever is still there.
 * What the same connection carries after it waits behind it. At the end of the safety phase it goes
 * on its way at once. Never loses, repeats or changes a request, and passes over those that make a
 * connection usable (AUTH, SELECT). */
#include "sim/faults/losing.h"

enum { BY, COUNT, SHARE, FOR };

static void wait_for(const struct fault_spec *spec, struct link_order *order)
{
    losing_how_many(order, spec->params[COUNT], spec->params[SHARE], spec->params[FOR]);
    order->by_ns = spec->params[BY];
}

static bool several(const struct fault_spec *spec)
{
    return spec->params[COUNT] > 1 || spec->params[FOR] > 0;
}

static bool clash(const struct fault_spec *spec, const char **what, const char **hint)
{
    return losing_clashes(spec->params[COUNT], spec->params[SHARE], spec->params[FOR], what, hint);
}

const struct fault_row fault_late = {
    .name = "late",
    .summary = "holds a process's next request back; it arrives even if its sender is gone by then",
    .details = "What the same connection carries after it waits behind it. When the faults end it "
               "arrives at once.",
    .told = "is to have its next request to @ come late",
    .example = "{when: {who: 2, does: reports, before: true}, late: 2, by: 3s}",
    .targets = TARGETS_NAMED,
    .params = {{.name = "by", .summary = "how late", .type = PARAM_DURATION, .required = true},
               LOSING_ROWS},
    .needs = STATE_ANY,
    .link = LINK_LATE,
    .wait_for = wait_for,
    .several = several,
    .clash = clash,
};
