/* Topologies: how many Redis servers an election has, and what they are to each other.
 *
 *     single        ■            every request goes to it
 *     independent   ■ ■ ■ ■ ■    none knows of another; a request names the one that it goes to
 *
 * How to add a topology: one name in the enum, and one row in topology.c. A lock and a protocol say
 * in their rows which topologies they take (lock/lock.h, protocol.h); the loader, lint, `hustings
 * list topologies`, the head of a history and the schema read the row.
 */
#ifndef HUSTINGS_TOPOLOGY_H
#define HUSTINGS_TOPOLOGY_H

#include <stdint.h>

#include "src/names.h"

enum topology { TOPOLOGY_SINGLE, TOPOLOGY_INDEPENDENT, TOPOLOGIES };

/* More servers than this has no election: one step can ask all of them at once (SENDS_MAX), and a
 * set of them is a byte. */
#define SERVERS_MAX 8

/* With the protected resource, which is none of the election's (work.h). */
#define ALL_SERVERS_MAX (SERVERS_MAX + 1)

struct topology_row {
    const char *name;
    const char *summary;
    uint8_t least, most, usual; /* how many servers; `usual` unless a scenario says */
};

/* By enum topology. */
extern const struct topology_row topology_rows[TOPOLOGIES];

/* The row by its name, or -1. */
int topology_find(const char *name);

#endif
