/* The model's network, server and machine: how long things take.
 *
 *     process ──out──▶ server: one request after the other, each for its service time ──back──▶
 *
 * A process has one connection to each server, on which messages keep their order, as with TCP; so
 * a message can only be overtaken by those of other connections. When an answer does not come in
 * time, its connection is closed, and what is still on it arrives when it arrives.
 *
 * Of the machine there are two things, without which an election takes another number of rounds
 * than on real processes: those who are to start at the same time start one after the other, and
 * timers may be late, those that are due in the same millisecond by the same. `hustings calibrate`
 * measures both, and round trips, in three tables.
 */
#ifndef HUSTINGS_MODEL_NETWORK_H
#define HUSTINGS_MODEL_NETWORK_H

#include "sim/model/latency.h"
#include "sim/scenario/scenario.h"
#include "src/store.h"

struct network {
    struct latency_table one_way; /* a message between a process and the server */
    struct latency_table timer;   /* how late a process goes on after a wait */
    struct latency_table start;   /* from one start to the next */
    int64_t service_ns;           /* the server is busy for this with every request, */
    int64_t vote_ns;              /* and for this with every id of a ballot */
};

/* The network that a scenario asks for. The server's times are a redis-server's on a machine of
 * today: some 5 us a command, and 0.2 us a field of HGETALL. From one start to the next there are
 * up to 0.12 ms, which is 0.3 ms for five nodes, and timers are never late. */
void network_of(const struct scenario *scenario, struct network *network);

/* What was measured of a machine: quantiles in ns, ascending, from the least to the largest. */
#define MEASURED_QUANTILES 101

enum measured_table {
    MEASURED_ROUND, /* a round trip: from a request until its answer */
    MEASURED_TIMER, /* how late a process goes on after a wait */
    MEASURED_START, /* from one start to the next, of processes that are to start at once */
    MEASURED_TABLES
};

struct measured {
    int64_t ns[MEASURED_TABLES][MEASURED_QUANTILES];
};

/* The network of that machine instead. */
void network_measured(struct network *network, const struct measured *measured);

#endif
