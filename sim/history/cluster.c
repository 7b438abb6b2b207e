/* How everybody stands. See cluster.h. */
#include "sim/history/cluster.h"

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
    assert(standing.following <= standing.up && standing.up <= count);
    return standing;
}
