/* The way that messages take: from a member to a server and back. See network.h.
 *
 *     wire_go ─▶ held up? ─▶ wire_arrives ─▶ wire_serves ─▶ wire_answers ─▶ held up? ─▶ there
 *
 * Those on one connection keep their order. Nothing here calls a member: an answer that is there is
 * the return value.
 */
#ifndef HUSTINGS_MODEL_WIRE_H
#define HUSTINGS_MODEL_WIRE_H

#include "sim/model/exchange.h"
#include "sim/model/server.h"

/* Of a request that goes out now. */
struct trip {
    int64_t out_ns;   /* it goes out: now, or after a first try that the server did not know */
    int64_t takes_ns; /* until it is there */
};

/* Draws it, whether or not the scenario has faults on links. */
static inline struct trip wire_trip(struct model *model, struct connection *connection,
                                    const struct request *request)
{
    struct modelled_server *server = &model->servers[request->server];
    assert(connection->in_use && connection->server == request->server);
    bool twice = server->forgetful && server_forgot(server, &connection->stale, request);
    struct trip trip = {.out_ns = model->now_ns + (twice ? model_round_trip(model) : 0)};
    trip.takes_ns = model_one_way(model);
    return trip;
}

/* When an answer that is given at `done_ns` is back: it overtakes none that was given before on its
 * connection. */
static inline int64_t wire_comes_back(struct model *model, struct connection *connection,
                                      int64_t done_ns)
{
    assert(done_ns >= model->now_ns);
    int64_t back_ns = done_ns + model_one_way(model);
    back_ns = back_ns > connection->back_ns ? back_ns : connection->back_ns;
    connection->back_ns = back_ns;
    return back_ns;
}

/* A new exchange goes out over this connection; or one that was served already is on its way back
 * there. */
void wire_go(struct model *model, uint32_t connection, uint32_t exchange, struct trip trip);
void wire_go_back(struct model *model, uint32_t connection, uint32_t exchange, int64_t back_ns);

/* What is due at an exchange: its request reaches the server, the server comes to it, … */
void wire_arrives(struct model *model, uint32_t exchange);
void wire_serves(struct model *model, uint32_t exchange);

/* … its answer reaches the member, or what was held up may go on, perhaps. True: the answer is
 * there. */
bool wire_answers(struct model *model, uint32_t exchange);
bool wire_goes_on(struct model *model, uint32_t exchange);

#endif
