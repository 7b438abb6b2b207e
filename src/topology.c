/* The table of topologies. See topology.h for how to add one. */
#include "src/topology.h"

#include <string.h>

const struct topology_row topology_rows[TOPOLOGIES] = {
    [TOPOLOGY_SINGLE] =
        {.name = "single", .summary = "one Redis", .least = 1, .most = 1, .usual = 1},
    [TOPOLOGY_INDEPENDENT] = {.name = "independent",
                              .summary = "several Redis servers that know nothing of each other",
                              .least = 2,
                              .most = SERVERS_MAX,
                              .usual = 5},
};

int topology_find(const char *name)
{
    for (int i = 0; i < TOPOLOGIES; i++) {
        if (strcmp(topology_rows[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}
