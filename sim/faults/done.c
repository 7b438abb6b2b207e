/* How faults are done and undone: their rows say what, the verbs of a host do it. */
#include <assert.h>

#include "sim/faults/fault.h"

static unsigned verbs_of(const struct host_ops *ops)
{
    return (ops->command ? VERB_COMMAND : 0u) | (ops->crash ? VERB_CRASH : 0u) |
           (ops->restart ? VERB_RESTART : 0u) | (ops->pause ? VERB_PAUSE : 0u) |
           (ops->resume ? VERB_RESUME : 0u) | (ops->stall ? VERB_STALL : 0u) |
           (ops->expire_lock ? VERB_EXPIRE_LOCK : 0u) | (ops->link ? VERB_LINK : 0u) |
           (ops->server ? VERB_SERVER : 0u) | (ops->clock ? VERB_CLOCK : 0u);
}

bool fault_possible(const struct fault_row *row, const struct host_ops *ops)
{
    unsigned needs = row->verbs | (row->link != LINK_HEAL ? VERB_LINK : 0u) |
                     (row->order.fault != SERVER_NOTHING ? VERB_SERVER : 0u);
    return !(needs & ~verbs_of(ops));
}

/* Some can be done to processes and to servers. */
static bool is_order(const struct fault_row *row, const struct fault_spec *spec)
{
    return row->order.fault != SERVER_NOTHING && (!row->apply || spec->target.kind == TARGET_REDIS);
}

bool fault_is_by_command(const struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    bool named = spec->of.name[0] || spec->of.key[0] || spec->nth > 0;
    return row->wait_for &&
           (named || row->link == LINK_REFUSE || (row->several && row->several(spec)));
}

/* Which commands the order is about, and whose it is. */
static void mark(struct link_order *order, struct fault_place at, const struct fault_spec *spec)
{
    order->by_command = fault_is_by_command(spec);
    if (order->by_command) {
        order->of = spec->of;
        order->nth = spec->nth > 0 ? spec->nth : 1;
        order->index = at.fault;
        order->instance = at.instance;
    }
}

bool fault_apply(const struct fault_row *row, struct host_ops *ops, struct fault_place at,
                 const struct fault_spec *spec)
{
    if (row->wait_for) {
        struct link_order order = {.fault = row->link};
        row->wait_for(spec, &order);
        mark(&order, at, spec);
        return ops->link(ops->self, at.id, at.server, &order);
    }
    assert(row->apply || is_order(row, spec));
    return is_order(row, spec) ? ops->server(ops->self, at.server, &row->order)
                               : row->apply(ops, at, spec);
}

bool fault_heal(const struct fault_row *row, struct host_ops *ops, struct fault_place at,
                const struct fault_spec *spec)
{
    if (row->wait_for) {
        struct link_order order = {.fault = LINK_HEAL, .undo = row->link};
        mark(&order, at, spec);
        return ops->link(ops->self, at.id, at.server, &order);
    }
    assert(fault_heals(row));
    return is_order(row, spec) ? ops->server(ops->self, at.server, &row->undo)
                               : row->heal(ops, at, spec);
}

bool fault_heals(const struct fault_row *row)
{
    return row->wait_for || row->heal || row->undo.fault != SERVER_NOTHING;
}

bool fault_set(const struct fault_row *row, struct host_ops *ops, struct fault_place at,
               const struct in_force *sum)
{
    if (row->link == LINK_HEAL) {
        struct server_order order = {.fault = row->order.fault, .refusals = sum->refusals};
        assert(row->add && order.fault != SERVER_NOTHING);
        return ops->server(ops->self, at.server, &order);
    }
    struct link_order order = {.fault = row->link,
                               .directions = row->link == LINK_CUT ? sum->directions
                                                                   : LINK_REQUESTS | LINK_REPLIES,
                               .drops = sum->drops,
                               .by_ns = sum->by_ns,
                               .jitter_ns = sum->jitter_ns,
                               .bytes_per_s = sum->bytes_per_s,
                               .lasts = row->wait_for != NULL,
                               .lost_ppm = sum->lost_ppm};
    return ops->link(ops->self, at.id, at.server, &order);
}
