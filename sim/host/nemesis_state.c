/* What the files of the nemesis share. See nemesis_state.h. */
#include "sim/host/nemesis_state.h"

void nemesis_set_timer(struct nemesis *nemesis, struct timer timer)
{
    assert(!nemesis->healed && timer.fault < nemesis->scenario->fault_count);
    if (!timers_set(&nemesis->timers, timer)) {
        nemesis->out_of_memory = true;
    }
}

int32_t nemesis_leader(const struct nemesis *nemesis)
{
    int32_t leader = NOBODY;
    for (uint32_t i = nemesis_first(nemesis); i < nemesis_count(nemesis); i++) {
        const struct cluster_member *member = &nemesis->members[i];
        if (cluster_acts_as_leader(member, nemesis->now_ns) &&
            (leader == NOBODY || member->claim.term > nemesis->members[leader].claim.term)) {
            leader = (int32_t)i;
        }
    }
    assert(leader == NOBODY || nemesis->members[leader].alive);
    return leader;
}
