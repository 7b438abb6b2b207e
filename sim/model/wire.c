/* The way that messages take. See wire.h. */
#include "sim/model/wire.h"

#include <assert.h>

#include "sim/model/exchange.h"
#include "sim/model/links.h"
#include "sim/model/server.h"

static struct connection *connection_of(const struct model *model, const struct exchange *exchange)
{
    return &model->exchanges.connections[exchange->connection];
}

static struct modelled_server *server_of(const struct model *model, const struct exchange *exchange)
{
    return &model->servers[exchange->request.server];
}

/* The message reaches the next place on its way `at_ns`. */
static void move_on(struct model *model, uint32_t index, int64_t at_ns, enum due_kind kind)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(at_ns >= model->now_ns);
    exchange->next_ns = at_ns;
    model_put(model, at_ns, kind, index);
    exchange_mind_timeout(model, exchange);
}

/* --- at the server ---------------------------------------------------------------------------- */

/* A server that is not up serves nobody: who comes waits for the end of its stall, or is lost with
 * its connection. */
static bool is_served(struct model *model, uint32_t index)
{
    const struct exchange *exchange = exchange_at(model, index);
    struct modelled_server *server = server_of(model, exchange);
    if (connection_of(model, exchange)->lost) {
        exchange_end(model, index);
        return false;
    }
    if (server->free_ns == INT64_MAX) {
        server_hold(model, server, index);
        return false;
    }
    return true;
}

void wire_serves(struct model *model, uint32_t index)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(exchange->state == EXCHANGE_ASKED);
    if (!is_served(model, index)) {
        return;
    }
    if (exchange->mark == LINK_REFUSE) {
        exchange->reply = (struct reply){.outcome = STORE_REFUSED};
    } else {
        exchange->ballot =
            server_serve(model, server_of(model, exchange), &exchange->request, &exchange->reply);
    }
    if (exchange->abandoned) {
        exchange_end(model, index);
        return;
    }
    int64_t done_ns = model->now_ns + server_work(model, &exchange->request);
    exchange->state = EXCHANGE_SERVED;
    move_on(model, index, wire_comes_back(model, connection_of(model, exchange), done_ns),
            DUE_ANSWER);
}

/* Requests are served in the order in which they come, each after the work on those before it. */
void wire_arrives(struct model *model, uint32_t index)
{
    const struct exchange *exchange = exchange_at(model, index);
    struct modelled_server *server = server_of(model, exchange);
    assert(exchange->state == EXCHANGE_ASKED);
    if (!is_served(model, index)) {
        return;
    }
    int64_t begins_ns = model->now_ns;
    bool busy = server->free_ns > begins_ns;
    if (busy) {
        begins_ns = server->free_ns;
    }
    server->free_ns = begins_ns + server_work(model, &exchange->request);
    if (busy) {
        move_on(model, index, begins_ns, DUE_SERVICE);
    } else {
        wire_serves(model, index);
    }
}

/* --- there and back --------------------------------------------------------------------------- */

static bool is_there(const struct model *model, struct exchange *exchange)
{
    assert(exchange->state == EXCHANGE_SERVED && !exchange->abandoned);
    exchange->state = EXCHANGE_ANSWERED;
    exchange->next_ns = model->now_ns;
    return true;
}

bool wire_answers(struct model *model, uint32_t index)
{
    assert(exchange_at(model, index)->state == EXCHANGE_SERVED);
    if (exchange_at(model, index)->abandoned) {
        exchange_end(model, index);
        return false;
    }
    return (!model->links || links_let_in(model, index)) &&
           is_there(model, exchange_at(model, index));
}

static void goes_out(struct model *model, uint32_t index, int64_t there_ns)
{
    assert(exchange_at(model, index)->state == EXCHANGE_ASKED &&
           exchange_at(model, index)->held == HELD_NOT);
    struct connection *connection = connection_of(model, exchange_at(model, index));
    there_ns = there_ns > connection->there_ns ? there_ns : connection->there_ns;
    connection->there_ns = there_ns;
    move_on(model, index, there_ns, DUE_ARRIVAL);
}

bool wire_goes_on(struct model *model, uint32_t index)
{
    switch ((enum held)links_release(model, index)) {
    case HELD_REQUEST:
        goes_out(model, index, model->now_ns + exchange_at(model, index)->way_ns);
        return false;
    case HELD_ANSWER:
        return is_there(model, exchange_at(model, index));
    case HELD_NOT:
    case HELD_FOR_EVER:
        break;
    }
    return false;
}

void wire_go(struct model *model, uint32_t connection, uint32_t index, struct trip trip)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(exchange->state == EXCHANGE_UNSENT && trip.out_ns >= model->now_ns);
    exchange_join(model, connection, index);
    exchange->state = EXCHANGE_ASKED;
    exchange->until_ns = model->now_ns + exchange_timeout(model, &exchange->request);
    exchange->way_ns = trip.takes_ns;
    if (!model->links) {
        goes_out(model, index, trip.out_ns + trip.takes_ns);
    } else if (links_send(model, index, trip.out_ns)) {
        goes_out(model, index, model->now_ns + trip.takes_ns);
    }
}

void wire_go_back(struct model *model, uint32_t connection, uint32_t index, int64_t back_ns)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(exchange->state == EXCHANGE_UNSENT && !model->links);
    exchange_join(model, connection, index);
    exchange->state = EXCHANGE_SERVED;
    move_on(model, index, back_ns, DUE_ANSWER);
}
