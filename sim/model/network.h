/* The model's network, server and machine: how long things take.
 *
 *     process ──out──▶ server: one request after the other, each for its service time ──back──▶
 *
 * A process has one connection, on which messages keep their order, as with TCP; since it never has
 * two requests under way, a message can only be overtaken by those of other connections. After an
 * answer that did not come in time the connection is dropped, and what is still on it arrives when
 * it arrives.
 *
 * Of the machine there are two things, without which an election takes another number of rounds
 * than on real processes: those who are to start at the same time start one after the other, and a
 * timer may be late. `hustings calibrate` measures both, and round trips, in three tables.
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

/* That of a machine instead, from a file of hustings calibrate (latency_file.h). False with one
 * line in `error`. */
bool network_take_tables(struct network *network, const char *path, char *error, size_t error_size);

#endif
