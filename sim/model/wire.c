/* The way that messages take. See wire.h. */
#include "sim/model/wire.h"

#include <assert.h>

#include "sim/model/exchange.h"
#include "sim/model/links.h"
#include "sim/model/server.h"

static struct exchange *at(const struct model *model, uint32_t index)
{
    return &model->exchanges.list[index];
}

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
    struct exchange *exchange = at(model, index);
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
    const struct exchange *exchange = at(model, index);
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

/* Answers overtake none that were given before on their connection. */
static int64_t answer_comes(struct model *model, struct connection *connection, int64_t done_ns)
{
    assert(done_ns >= model->now_ns);
    int64_t back_ns = done_ns + model_one_way(model);
    back_ns = back_ns > connection->back_ns ? back_ns : connection->back_ns;
    connection->back_ns = back_ns;
    return back_ns;
}

void wire_serves(struct model *model, uint32_t index)
{
    struct exchange *exchange = at(model, index);
    assert(exchange->state == EXCHANGE_ASKED);
    if (!is_served(model, index)) {
        return;
    }
    exchange->ballot =
        server_serve(model, server_of(model, exchange), &exchange->request, &exchange->reply);
    if (exchange->abandoned) {
        exchange_end(model, index);
        return;
    }
    int64_t done_ns = model->now_ns + server_work(model, &exchange->request);
    exchange->state = EXCHANGE_SERVED;
    move_on(model, index, answer_comes(model, connection_of(model, exchange), done_ns), DUE_ANSWER);
}

/* Requests are served in the order in which they come, each after the work on those before it. */
void wire_arrives(struct model *model, uint32_t index)
{
    const struct exchange *exchange = at(model, index);
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
    assert(at(model, index)->state == EXCHANGE_SERVED);
    if (at(model, index)->abandoned) {
        exchange_end(model, index);
        return false;
    }
    return (!model->links || links_let_in(model, index)) && is_there(model, at(model, index));
}

static void goes_out(struct model *model, uint32_t index, int64_t there_ns)
{
    assert(at(model, index)->state == EXCHANGE_ASKED && at(model, index)->held == HELD_NOT);
    struct connection *connection = connection_of(model, at(model, index));
    there_ns = there_ns > connection->there_ns ? there_ns : connection->there_ns;
    connection->there_ns = there_ns;
    move_on(model, index, there_ns, DUE_ARRIVAL);
}

bool wire_goes_on(struct model *model, uint32_t index)
{
    switch ((enum held)links_release(model, index)) {
    case HELD_REQUEST:
        goes_out(model, index, model->now_ns + at(model, index)->way_ns);
        return false;
    case HELD_ANSWER:
        return is_there(model, at(model, index));
    case HELD_NOT:
    case HELD_FOR_EVER:
        break;
    }
    return false;
}

/* Of a request that goes out now; drawn here, whether or not the scenario has faults on links. */
struct trip {
    int64_t out_ns;   /* it goes out: now, or after a first try that the server did not know */
    int64_t takes_ns; /* until it is there */
};

static inline struct trip draw_trip(struct model *model, struct modelled_server *server,
                                    struct connection *connection, const struct request *request)
{
    bool twice = server->forgetful && server_forgot(server, &connection->stale, request);
    struct trip trip = {.out_ns = model->now_ns + (twice ? model_round_trip(model) : 0)};
    trip.takes_ns = model_one_way(model);
    return trip;
}

/* The exchange is on this connection from now on, and goes that way. */
static void send(struct model *model, uint32_t connection, uint32_t index, struct trip trip)
{
    struct exchange *exchange = at(model, index);
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

void wire_send_kept(struct model *model, uint32_t index)
{
    const struct exchange *exchange = at(model, index);
    uint32_t connection =
        model_channel(model, exchange->owner, exchange->request.server)->connection;
    assert(connection != NO_CONNECTION);
    send(model, connection, index,
         draw_trip(model, server_of(model, exchange), &model->exchanges.connections[connection],
                   &exchange->request));
}

/* The server is reached, idle, before anything else is due: it serves without a detour through the
 * queue. True: the answer is back before, too, and the request never was an exchange. */
static bool serve_at_once(struct model *model, uint32_t connection, const struct sent *sent,
                          int64_t there_ns, struct reply *reply)
{
    const struct request *request = sent->request;
    struct modelled_server *server = &model->servers[request->server];
    int64_t until_ns = model->now_ns + exchange_timeout(model, request);
    model->now_ns = there_ns;
    server->free_ns = there_ns + server_work(model, request);
    uint32_t ballot = server_serve(model, server, request, reply);
    int64_t back_ns =
        answer_comes(model, &model->exchanges.connections[connection], server->free_ns);
    if (back_ns < model->quiet_ns && back_ns <= until_ns) {
        model->now_ns = back_ns;
        if (ballot != NO_BALLOT) { /* nobody asks for another before this one was read */
            reply->value.ballot.votes = server->ballots.copies[ballot].votes;
            ballots_drop(&server->ballots, ballot);
        }
        return true;
    }
    uint32_t index = exchange_new(model, sent->owner, request);
    if (index != NO_EXCHANGE) {
        struct exchange *exchange = at(model, index);
        exchange_join(model, connection, index);
        exchange->state = EXCHANGE_SERVED;
        exchange->number = sent->number;
        exchange->until_ns = until_ns;
        exchange->reply = *reply;
        exchange->ballot = ballot;
        move_on(model, index, back_ns, DUE_ANSWER);
    }
    return false;
}

bool wire_send(struct model *model, const struct sent *sent, struct reply *reply)
{
    const struct request *request = sent->request;
    struct modelled_server *server = &model->servers[request->server];
    const struct channel *channel = model_channel(model, sent->owner, request->server);
    assert(channel->state == CHANNEL_OPEN);
    struct connection *connection = &model->exchanges.connections[channel->connection];
    struct trip trip = draw_trip(model, server, connection, request);
    int64_t there_ns = trip.out_ns + trip.takes_ns;
    if (sent->alone && there_ns < model->quiet_ns && there_ns >= server->free_ns &&
        there_ns >= connection->there_ns && !model->links &&
        there_ns - model->now_ns <= exchange_timeout(model, request)) {
        return serve_at_once(model, channel->connection, sent, there_ns, reply);
    }
    uint32_t index = exchange_new(model, sent->owner, request);
    if (index != NO_EXCHANGE) {
        at(model, index)->number = sent->number;
        send(model, channel->connection, index, trip);
    }
    return false;
}
