/* What the faults that are in force come to. See in_force.h. */
#include "sim/host/in_force.h"

#include <assert.h>

#include "sim/host/skew.h"

uint32_t in_force_place(const struct nemesis *nemesis, struct fault_place at)
{
    const struct settings *settings = &nemesis->scenario->settings;
    uint32_t row = at.id == HISTORY_HARNESS ? settings->nodes + 1u : at.id;
    assert(row <= settings->nodes + 1u && at.server < settings->servers);
    return row * settings->servers + at.server;
}

static const struct active *first_on(const struct nemesis *nemesis, struct fault_place at)
{
    uint32_t first = nemesis->actives.places[in_force_place(nemesis, at)].first;
    return first == NO_ACTIVE ? NULL : &nemesis->actives.list[first];
}

static const struct active *next_on(const struct nemesis *nemesis, const struct active *active)
{
    uint32_t next = active->of_place.next;
    assert(active->in_use);
    return next == NO_ACTIVE ? NULL : &nemesis->actives.list[next];
}

bool in_force_has(const struct nemesis *nemesis, uint16_t fault, struct fault_place at)
{
    const struct fault_row *row = nemesis_row(nemesis, fault);
    for (const struct active *one = first_on(nemesis, at); one; one = next_on(nemesis, one)) {
        if (nemesis_row(nemesis, one->fault) == row) {
            return true;
        }
    }
    return false;
}

/* All faults of this kind there (of a clock: all jumps and drifts), and what a clock has gained by
 * its drifts so far. */
static void sum_up(const struct nemesis *nemesis, const struct fault_row *row,
                   struct fault_place at, struct in_force *sum)
{
    int64_t gained_ns = 0;
    int64_t since_ns = 0;
    *sum = (struct in_force){0};
    for (const struct active *one = first_on(nemesis, at); one; one = next_on(nemesis, one)) {
        const struct fault_row *other = nemesis_row(nemesis, one->fault);
        if (other == row || (fault_is_on_clocks(row) && fault_is_on_clocks(other))) {
            assert(one->from_ns >= since_ns);
            gained_ns += skew_part(one->from_ns - since_ns, sum->drift_ppm, SKEW_MILLION);
            since_ns = one->from_ns;
            other->add(nemesis_spec(nemesis, one->fault), 1, sum);
        }
    }
    gained_ns += skew_part(nemesis_now(nemesis) - since_ns, sum->drift_ppm, SKEW_MILLION);
    sum->shift_ns += gained_ns;
}

bool in_force_tell(struct nemesis *nemesis, const struct fault_row *row, struct fault_place at,
                   int64_t jump_ns)
{
    struct host_ops *ops = &nemesis->ops;
    bool wall = at.id == HISTORY_HARNESS;
    struct in_force sum;
    sum_up(nemesis, row, at, &sum);
    if (!fault_is_on_clocks(row)) {
        return fault_set(row, ops, at, &sum);
    }
    assert(fault_is_on_clocks(row));
    assert(sum.drift_ppm >= DRIFT_PPM_MIN && sum.drift_ppm <= DRIFT_PPM_MAX);
    struct clock_order order = {
        .wall = wall, .shift_ns = wall ? sum.shift_ns : jump_ns, .drift_ppm = sum.drift_ppm};
    return ops->clock(ops->self, at, &order);
}

bool in_force_fits(const struct nemesis *nemesis, uint16_t fault, struct fault_place at)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    const struct fault_row *row = nemesis_row(nemesis, fault);
    struct in_force sum;
    if (!fault_adds_up(spec) || fault_is_over_at_once(spec)) {
        return true;
    }
    sum_up(nemesis, row, at, &sum);
    return row->add(spec, 1, &sum);
}

/* Whether it reaches no majority of the servers, with its link to `lost` gone as well (NO_SERVER:
 * as it is). */
static bool is_cut_off(const struct nemesis *nemesis, uint16_t id, uint8_t lost)
{
    uint8_t servers = nemesis->scenario->settings.servers;
    unsigned reached = 0;
    for (uint8_t server = 0; server < servers; server++) {
        struct fault_place link = {.id = id, .server = server};
        reached += server != lost && nemesis->actives.cut_off[in_force_place(nemesis, link)] == 0;
    }
    assert(reached <= servers);
    return reached < servers / 2u + 1;
}

bool in_force_cuts_off(const struct nemesis *nemesis, uint16_t id)
{
    return is_cut_off(nemesis, id, NO_SERVER);
}

bool in_force_would_take_down(const struct nemesis *nemesis, uint16_t fault, struct fault_place at)
{
    const struct fault_row *row = nemesis_row(nemesis, fault);
    bool alone = !fault_is_on_links(row); /* it befalls the process itself */
    return row->takes_down && (alone || is_cut_off(nemesis, at.id, at.server));
}
