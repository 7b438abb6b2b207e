/* A member's requests. See requests.h. */
#include "sim/model/requests.h"

#include <assert.h>

#include "sim/host/event_record.h"
#include "sim/model/channel.h"
#include "sim/model/links.h"
#include "sim/model/server.h"
#include "sim/model/wire.h"
#include "src/units.h"

/* As the processes do. */
#define CONNECT_RETRY_NS (20 * NS_PER_MS)

/* --- connecting ------------------------------------------------------------------------------- */

/* Whoever finds nobody listening tries again. */
static void connect_first(struct model *model, const struct member *member, uint8_t server)
{
    struct channel *channel = model_channel(model, member->process.id, server);
    if (channel->state != CHANNEL_CONNECTS || channel->until_ns > model->now_ns) {
        return;
    }
    if (links_keep_out(model, member->process.id, server)) {
        channel->until_ns = INT64_MAX;
    } else if (server_listens(&model->servers[server])) {
        channel_open(model, member->process.id, server);
    } else {
        channel->until_ns = model->now_ns + CONNECT_RETRY_NS;
        model_look_at(model, member, channel->until_ns);
    }
}

bool requests_connect(struct model *model, const struct member *member)
{
    assert(member->state == MEMBER_CONNECTS && member->outstanding == 0);
    uint16_t id = member->process.id;
    bool there = false;
    for (uint32_t server = 0; server < model->server_count; server++) {
        connect_first(model, member, (uint8_t)server);
        bool open = model_channel(model, id, (uint8_t)server)->state == CHANNEL_OPEN;
        there = there || (open && server < model->scenario->settings.servers);
    }
    for (uint32_t server = 0; there && server < model->server_count; server++) {
        if (model_channel(model, id, (uint8_t)server)->state == CHANNEL_CONNECTS) {
            channel_close(model, id, (uint8_t)server);
        }
    }
    return there;
}

/* For a request. What is to be sent meanwhile shares what this comes to. */
static void begin_connecting(struct model *model, const struct member *member,
                             const struct request *request)
{
    struct channel *channel = model_channel(model, member->process.id, request->server);
    assert(channel->state == CHANNEL_CLOSED && channel->connection == NO_CONNECTION);
    int64_t takes_ns = model_round_trip(model);
    int64_t timeout_ns = exchange_timeout(model, request);
    bool refused =
        links_keep_out(model, member->process.id, request->server) || takes_ns > timeout_ns;
    channel->failure = refused ? STORE_REFUSED : STORE_OK;
    channel->state = CHANNEL_CONNECTS;
    channel->until_ns = model->now_ns + (refused ? timeout_ns : takes_ns);
    model_look_at(model, member, channel->until_ns);
}

/* The next of its requests that awaits this connection. */
static uint32_t next_unsent(const struct model *model, const struct member *member, uint8_t server)
{
    uint32_t index = member->own.first;
    while (index != NO_EXCHANGE && (exchange_at(model, index)->state != EXCHANGE_UNSENT ||
                                    exchange_at(model, index)->request.server != server)) {
        index = exchange_at(model, index)->next;
    }
    return index;
}

void requests_connected(struct model *model, const struct member *member, uint8_t server)
{
    struct channel *channel = model_channel(model, member->process.id, server);
    assert(channel->state == CHANNEL_CONNECTS && channel->connection == NO_CONNECTION);
    bool refused = channel->failure != STORE_OK || !server_listens(&model->servers[server]);
    uint32_t index = next_unsent(model, member, server);
    channel->state = CHANNEL_CLOSED;
    if (!refused && !channel_open(model, member->process.id, server)) {
        return;
    }
    for (uint32_t next; index != NO_EXCHANGE; index = next) {
        if (channel->state != CHANNEL_OPEN) { /* refused, or broken by the first that was sent */
            exchange_in_vain(model, index, refused ? STORE_REFUSED : STORE_UNKNOWN, model->now_ns);
            next = next_unsent(model, member, server);
            continue;
        }
        exchange_unkeep(model, index);
        next = next_unsent(model, member, server);
        struct connection *connection = &model->exchanges.connections[channel->connection];
        wire_go(model, channel->connection, index,
                wire_trip(model, connection, &exchange_at(model, index)->request));
    }
}

/* --- requests --------------------------------------------------------------------------------- */

/* The connection has broken, and the member finds out: at once, unless that is hidden. */
static void send_in_vain(struct model *model, const struct member *member, uint32_t index)
{
    const struct request *request = &exchange_at(model, index)->request;
    const struct channel *channel = model_channel(model, member->process.id, request->server);
    assert(channel->state == CHANNEL_BROKEN);
    int64_t word_ns = channel->until_ns > model->now_ns ? channel->until_ns : model->now_ns;
    int64_t timeout_ns = model->now_ns + exchange_timeout(model, request);
    if (channel_hides_end(model, member->process.id, request->server) || word_ns > timeout_ns) {
        word_ns = timeout_ns;
    }
    exchange_keep(model, index);
    exchange_in_vain(model, index, STORE_UNKNOWN, word_ns);
}

static void record_request(struct model *model, struct member *member,
                           const struct request *request)
{
    struct history_event *event = model_event(model);
    event_record_request(
        event, request,
        process_why_asked(&model->scenario->settings, &member->process, &member->action, request),
        ++member->request_number);
    model_recorded(model, event, member->process.id);
    model->counts.requests++;
    member->numbers[request->tag] = member->request_number;
}

/* The request that the member has just recorded is an exchange from now on. NO_EXCHANGE: memory is
 * out, and the model has failed. */
static uint32_t made_exchange(struct model *model, const struct member *member,
                              const struct request *request)
{
    uint32_t index = exchange_new(model, member->process.id, request);
    assert(member->outstanding > 0);
    if (index != NO_EXCHANGE) {
        exchange_at(model, index)->number = member->request_number;
    }
    return index;
}

/* The server is reached, idle, before anything else is due: it serves without a detour through the
 * queue. True: the answer is back before, too, and the request never was an exchange. */
static inline bool serve_at_once(struct model *model, const struct member *member,
                                 uint32_t connection, const struct request *request,
                                 int64_t there_ns, struct reply *reply)
{
    struct modelled_server *server = &model->servers[request->server];
    int64_t until_ns = model->now_ns + exchange_timeout(model, request);
    model->now_ns = there_ns;
    server->free_ns = there_ns + server_work(model, request);
    uint32_t ballot = server_serve(model, server, request, reply);
    int64_t back_ns =
        wire_comes_back(model, &model->exchanges.connections[connection], server->free_ns);
    if (back_ns < model->quiet_ns && back_ns <= until_ns) {
        model->now_ns = back_ns;
        if (ballot != NO_BALLOT) { /* nobody asks for another before this one was read */
            reply->value.ballot.votes = server->ballots.copies[ballot].votes;
            ballots_drop(&server->ballots, ballot);
        }
        return true;
    }
    uint32_t index = made_exchange(model, member, request);
    if (index != NO_EXCHANGE) {
        exchange_at(model, index)->until_ns = until_ns;
        exchange_at(model, index)->reply = *reply;
        exchange_at(model, index)->ballot = ballot;
        wire_go_back(model, connection, index, back_ns);
    }
    return false;
}

/* Over a channel that is open. */
static inline bool go_out(struct model *model, const struct member *member, uint32_t on,
                          const struct request *request, bool alone, struct reply *reply)
{
    const struct modelled_server *server = &model->servers[request->server];
    struct connection *connection = &model->exchanges.connections[on];
    struct trip trip = wire_trip(model, connection, request);
    int64_t there_ns = trip.out_ns + trip.takes_ns;
    if (alone && there_ns < model->quiet_ns && there_ns >= server->free_ns &&
        there_ns >= connection->there_ns && !model->links &&
        there_ns - model->now_ns <= exchange_timeout(model, request)) {
        return serve_at_once(model, member, on, request, there_ns, reply);
    }
    uint32_t index = made_exchange(model, member, request);
    if (index != NO_EXCHANGE) {
        wire_go(model, on, index, trip);
    }
    return false;
}

/* It has to wait for a connection, or goes out over none. */
static void keep(struct model *model, struct member *member, const struct request *request)
{
    uint16_t id = member->process.id;
    uint32_t index = made_exchange(model, member, request);
    if (index == NO_EXCHANGE) {
        return;
    }
    switch ((enum channel_state)model_channel(model, id, request->server)->state) {
    case CHANNEL_BROKEN:
        send_in_vain(model, member, index);
        break;
    case CHANNEL_CLOSED:
        begin_connecting(model, member, request);
        exchange_keep(model, index);
        break;
    case CHANNEL_CONNECTS:
        exchange_keep(model, index);
        break;
    case CHANNEL_OPEN:
        assert(false && "over an open channel a request goes out");
    }
}

bool requests_send(struct model *model, struct member *member, const struct request *request,
                   bool alone, struct reply *reply)
{
    uint16_t id = member->process.id;
    assert(request->server < model->server_count);
    assert(member->outstanding == 0 || exchange_of_tag(model, id, request->tag) == NO_EXCHANGE);
    record_request(model, member, request);
    member->outstanding++;
    const struct channel *channel = model_channel(model, id, request->server);
    if (channel->state != CHANNEL_OPEN) {
        keep(model, member, request);
        return false;
    }
    return go_out(model, member, channel->connection, request, alone, reply);
}
