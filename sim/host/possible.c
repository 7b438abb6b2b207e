/* What is possible now. See possible.h. */
#include "sim/host/possible.h"

#include <assert.h>

#include "sim/host/in_force.h"

bool possible_is_down(const struct nemesis *nemesis, uint16_t id)
{
    assert(id >= nemesis_first(nemesis) && id < nemesis_count(nemesis));
    const struct cluster_member *member = &nemesis->members[id];
    return !member->alive || member->paused || in_force_cuts_off(nemesis, id);
}

uint32_t possible_count_down(const struct nemesis *nemesis)
{
    uint32_t down = 0;
    for (uint32_t id = nemesis_first(nemesis); id < nemesis_count(nemesis); id++) {
        down += possible_is_down(nemesis, (uint16_t)id);
    }
    return down;
}

bool possible_fall(const struct nemesis *nemesis, const struct trigger *trigger)
{
    uint32_t down = nemesis->down_known ? nemesis->down : possible_count_down(nemesis);
    return down < trigger->at_most_down;
}

static uint8_t state_of(const struct cluster_member *member)
{
    if (!member->alive) {
        return STATE_DEAD;
    }
    if (!member->started) {
        return 0; /* nothing makes sense yet */
    }
    return member->paused ? STATE_STOPPED : STATE_UP;
}

bool possible_now(const struct nemesis *nemesis, uint16_t fault, struct fault_place at)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    const struct fault_row *row = nemesis_row(nemesis, fault);
    assert(at.id == HISTORY_HARNESS || at.id < nemesis_count(nemesis));
    if (!in_force_fits(nemesis, fault, at)) {
        return false;
    }
    if (at.id == HISTORY_HARNESS) {
        return (fault_needs(row) & nemesis->server_states[at.server]) != 0;
    }
    if (!(fault_needs(row) & state_of(&nemesis->members[at.id]))) {
        return false;
    }
    return !in_force_would_take_down(nemesis, fault, at) || possible_is_down(nemesis, at.id) ||
           possible_fall(nemesis, &spec->trigger);
}
