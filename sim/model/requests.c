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

static void look_at(struct model *model, const struct member *member, int64_t at_ns)
{
    model_put(model, at_ns, DUE_LOOK, member->process.id);
}

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
        look_at(model, member, channel->until_ns);
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
    look_at(model, member, channel->until_ns);
}

/* The next of its requests that awaits this connection. */
static uint32_t next_unsent(const struct model *model, const struct member *member, uint8_t server)
{
    uint32_t index = member->own.first;
    while (index != NO_EXCHANGE && (model->exchanges.list[index].state != EXCHANGE_UNSENT ||
                                    model->exchanges.list[index].request.server != server)) {
        index = model->exchanges.list[index].next;
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
        wire_send_kept(model, index);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

/* The connection has broken, and the member finds out: at once, unless that is hidden. */
static void send_in_vain(struct model *model, const struct member *member, uint32_t index)
{
    const struct request *request = &model->exchanges.list[index].request;
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

/* It has to wait for a connection, or goes out over none. */
static void keep(struct model *model, struct member *member, const struct request *request)
{
    uint16_t id = member->process.id;
    uint32_t index = exchange_new(model, id, request);
    if (index == NO_EXCHANGE) {
        return;
    }
    model->exchanges.list[index].number = member->request_number;
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
    assert(request->server < model->server_count && request->tag < TAGS);
    assert(member->outstanding == 0 || exchange_of_tag(model, id, request->tag) == NO_EXCHANGE);
    record_request(model, member, request);
    member->outstanding++;
    if (model_channel(model, id, request->server)->state != CHANNEL_OPEN) {
        keep(model, member, request);
        return false;
    }
    const struct sent sent = {
        .request = request, .number = member->request_number, .owner = id, .alone = alone};
    return wire_send(model, &sent, reply);
}
