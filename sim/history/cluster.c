/* What "settled" means. See cluster.h. */
#include "sim/history/cluster.h"

#include <assert.h>

struct cluster_standing cluster_stands(const struct cluster_member *members, uint32_t count)
{
    struct cluster_standing standing = {0};
    for (uint32_t i = 0; i < count; i++) {
        int32_t follows = members[i].claim.follows;
        if (!cluster_is_up(&members[i])) {
            continue;
        }
        standing.up++;
        if (follows == NOBODY) {
            continue;
        }
        standing.following++;
        if (standing.groups == 0) {
            standing.groups = 1;
            standing.group_sum = (uint64_t)follows;
        } else if (standing.group_sum != (uint64_t)follows) {
            standing.groups = 2;
        }
    }
    return standing;
}

int32_t cluster_agrees_on(const struct cluster_standing *standing, bool healed)
{
    assert(standing->following <= standing->up && standing->groups <= standing->following);
    bool agree = standing->groups == 1 && standing->following == standing->up;
    return agree && (!healed || standing->to_be_back == 0) ? (int32_t)standing->group_sum : NOBODY;
}

bool cluster_is_settled(const struct cluster_member *leader, int64_t now_ns)
{
    return cluster_is_up(leader) && cluster_acts_as_leader(leader, now_ns);
}
