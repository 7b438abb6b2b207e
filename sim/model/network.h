/* The model's network and server: how long things take.
 *
 *     process ──out──▶ server: one request after the other, each for its service time ──back──▶
 *
 * A process has one connection, on which messages keep their order, as with TCP; since it never has
 * two requests under way, a message can only be overtaken by those of other connections. After an
 * answer that did not come in time the connection is dropped, and what is still on it arrives when
 * it arrives.
 */
#ifndef HUSTINGS_MODEL_NETWORK_H
#define HUSTINGS_MODEL_NETWORK_H

#include "sim/model/machine.h"
#include "sim/scenario/scenario.h"
#include "src/store.h"

struct network {
    struct latency_table one_way; /* a message between a process and the server */
    int64_t service_ns;           /* the server is busy for this with every request, */
    int64_t vote_ns;              /* and for this with every id of a ballot */
    bool has_machine;             /* then nobody's time is that of above, but for connecting */
    struct machine machine;
};

/* The network that a scenario asks for. The server's times are a redis-server's on a machine of
 * today: some 5 us a command, and 0.2 us a field of HGETALL. */
void network_of(const struct scenario *scenario, struct network *network);

/* The network of one machine, a copy of the one given, instead. */
void network_on_machine(struct network *network, const struct machine *machine);

/* The same, from a file of hustings calibrate. False with one line in
 * `error`. */
bool network_take_machine(struct network *network, const char *path, char *error,
                          size_t error_size);

#endif
