/* Channels, and what a member has outstanding. See channel.h. */
#include "sim/model/channel.h"

#include <assert.h>

/* Whether its timeout runs. */
static bool is_awaited(const struct exchange *exchange)
{
    return !exchange->abandoned &&
           (exchange->state == EXCHANGE_ASKED || exchange->state == EXCHANGE_SERVED);
}

/* --- what a member has ------------------------------------------------------------------------ */

static const struct connection *connection_of(const struct model *model, uint16_t id,
                                              uint32_t server)
{
    uint32_t index = model_channel(model, id, (uint8_t)server)->connection;
    return index == NO_CONNECTION ? NULL : &model->exchanges.connections[index];
}

static uint32_t tag_in(const struct model *model, uint32_t first, uint8_t tag)
{
    uint32_t index = first;
    while (index != NO_EXCHANGE &&
           (exchange_at(model, index)->request.tag != tag || exchange_at(model, index)->dropped ||
            exchange_at(model, index)->abandoned)) {
        index = exchange_at(model, index)->next;
    }
    return index;
}

uint32_t exchange_of_tag(const struct model *model, uint16_t id, uint8_t tag)
{
    uint32_t index = tag_in(model, model->members[id].own.first, tag);
    for (uint32_t server = 0; index == NO_EXCHANGE && server < model->server_count; server++) {
        const struct connection *connection = connection_of(model, id, server);
        index = connection ? tag_in(model, connection->list.first, tag) : NO_EXCHANGE;
    }
    return index;
}

static uint32_t answered_of_own(const struct model *model, uint16_t id)
{
    uint32_t index = model->members[id].own.first;
    while (index != NO_EXCHANGE && exchange_at(model, index)->state != EXCHANGE_ANSWERED) {
        index = exchange_at(model, index)->next;
    }
    return index;
}

uint32_t exchange_answered(const struct model *model, uint16_t id)
{
    uint32_t found = answered_of_own(model, id);
    for (uint32_t server = 0; server < model->server_count; server++) {
        const struct connection *connection = connection_of(model, id, server);
        uint32_t index = connection ? connection->list.first : NO_EXCHANGE;
        while (index != NO_EXCHANGE && exchange_at(model, index)->abandoned) {
            index = exchange_at(model, index)->next;
        }
        if (index != NO_EXCHANGE && exchange_at(model, index)->state == EXCHANGE_ANSWERED &&
            (found == NO_EXCHANGE ||
             exchange_at(model, index)->next_ns < exchange_at(model, found)->next_ns)) {
            found = index;
        }
    }
    return found;
}

uint32_t exchange_vain(const struct model *model, uint16_t id)
{
    uint32_t index = model->members[id].own.first;
    while (index != NO_EXCHANGE && (exchange_at(model, index)->state != EXCHANGE_VAIN ||
                                    exchange_at(model, index)->until_ns > model->now_ns)) {
        index = exchange_at(model, index)->next;
    }
    return index;
}

bool channel_is_overdue(const struct model *model, uint16_t id, uint8_t server)
{
    const struct connection *connection = connection_of(model, id, server);
    uint32_t index = connection ? connection->list.first : NO_EXCHANGE;
    while (index != NO_EXCHANGE && (!is_awaited(exchange_at(model, index)) ||
                                    exchange_at(model, index)->until_ns > model->now_ns)) {
        index = exchange_at(model, index)->next;
    }
    return index != NO_EXCHANGE;
}

void exchanges_wait_anew(struct model *model, uint16_t id)
{
    assert(!model->progress[id].paused);
    for (uint32_t server = 0; server < model->server_count; server++) {
        const struct connection *connection = connection_of(model, id, server);
        uint32_t index = connection ? connection->list.first : NO_EXCHANGE;
        for (; index != NO_EXCHANGE; index = exchange_at(model, index)->next) {
            struct exchange *exchange = exchange_at(model, index);
            if (is_awaited(exchange)) {
                exchange->until_ns = model->now_ns + exchange_timeout(model, &exchange->request);
                exchange_mind_timeout(model, exchange);
            }
        }
    }
}

/* --- channels --------------------------------------------------------------------------------- */

bool channel_open(struct model *model, uint16_t id, uint8_t server)
{
    struct channel *channel = model_channel(model, id, server);
    assert(channel->connection == NO_CONNECTION);
    channel->connection = connection_new(model, id, server);
    channel->state = CHANNEL_OPEN;
    return channel->connection != NO_CONNECTION;
}

/* What is on its way stays there, and is served: nobody can call a packet back. */
void channel_close(struct model *model, uint16_t id, uint8_t server)
{
    struct channel *channel = model_channel(model, id, server);
    uint32_t index = channel->connection;
    channel->state = CHANNEL_CLOSED;
    if (index == NO_CONNECTION) {
        return;
    }
    struct connection *connection = &model->exchanges.connections[index];
    if (connection->list.first == NO_EXCHANGE) {
        connection_end(model, index);
        return;
    }
    channel->connection = NO_CONNECTION;
    connection->earlier = true;
    connection->next = channel->earlier;
    channel->earlier = index;
    for (uint32_t next, i = connection->list.first; i != NO_EXCHANGE; i = next) {
        next = exchange_at(model, i)->next;
        if (exchange_is_under_way(exchange_at(model, i))) {
            exchange_at(model, i)->abandoned = true;
        } else {
            exchange_end(model, i);
        }
    }
}

void channel_break_off(struct model *model, uint16_t id, uint8_t server)
{
    assert(server < model->server_count);
    uint32_t index = model_channel(model, id, server)->connection;
    uint32_t i =
        index == NO_CONNECTION ? NO_EXCHANGE : model->exchanges.connections[index].list.first;
    for (uint32_t next; i != NO_EXCHANGE; i = next) {
        next = exchange_at(model, i)->next;
        if (is_awaited(exchange_at(model, i))) {
            exchange_in_vain(model, i, STORE_UNKNOWN, model->now_ns);
        } else if (exchange_at(model, i)->state == EXCHANGE_ANSWERED) {
            exchange_leave(model, i);
            exchange_keep(model, i);
        }
    }
    channel_close(model, id, server);
}

void exchanges_hear_of_end(struct model *model, uint16_t id, uint8_t server)
{
    assert(model->members[id].state != MEMBER_DEAD || model->members[id].own.first == NO_EXCHANGE);
    bool told = false;
    for (uint32_t i = model->members[id].own.first; i != NO_EXCHANGE;
         i = exchange_at(model, i)->next) {
        struct exchange *exchange = exchange_at(model, i);
        if (exchange->request.server == server && exchange->state == EXCHANGE_VAIN &&
            exchange->until_ns > model->now_ns) {
            exchange->until_ns = model->now_ns;
            told = true;
        }
    }
    if (told) {
        model_put(model, model->now_ns, DUE_LOOK, id);
    }
}

void channels_forget(struct model *model, uint16_t id)
{
    struct exchange_list *own = &model->members[id].own;
    assert(own->first == NO_EXCHANGE || own->last != NO_EXCHANGE);
    for (uint32_t server = 0; server < model->server_count; server++) {
        channel_close(model, id, (uint8_t)server);
    }
    while (own->first != NO_EXCHANGE) {
        exchange_end(model, own->first);
    }
}

bool channel_hides_end(const struct model *model, uint16_t id, uint8_t server)
{
    const struct route *link = model->links ? model_link(model, id, server) : NULL;
    return link && link->link_faults.cut & LINK_REPLIES;
}

/* Word of the end overtakes no answer. Where it does not come, timeouts tell. */
static int64_t word_comes(struct model *model, const struct connection *connection, bool hidden)
{
    int64_t at_ns = hidden ? INT64_MAX : model->now_ns + model_one_way(model);
    return at_ns > connection->back_ns ? at_ns : connection->back_ns;
}

static void break_one(struct model *model, uint16_t id, uint8_t server)
{
    struct channel *channel = model_channel(model, id, server);
    struct connection *connection = &model->exchanges.connections[channel->connection];
    bool hidden = channel_hides_end(model, id, server);
    bool told = false;
    assert(channel->state == CHANNEL_OPEN && !connection->lost);
    connection->lost = true;
    channel->state = CHANNEL_BROKEN;
    channel->until_ns = connection->back_ns;
    if (connection->list.first == NO_EXCHANGE) {
        connection_end(model, channel->connection);
        return;
    }
    for (uint32_t next, i = connection->list.first; i != NO_EXCHANGE; i = next) {
        const struct exchange *exchange = exchange_at(model, i);
        next = exchange->next;
        if (exchange->state == EXCHANGE_ASKED || exchange->held == HELD_FOR_EVER) {
            channel->until_ns = told ? channel->until_ns : word_comes(model, connection, hidden);
            told = true;
            exchange_in_vain(model, i, STORE_UNKNOWN,
                             hidden ? exchange->until_ns : channel->until_ns);
        }
    }
}

void channels_break(struct model *model, uint8_t server)
{
    assert(model->servers[server].free_ns == INT64_MAX);
    for (uint32_t id = 0; id < model->count; id++) {
        if (model_channel(model, (uint16_t)id, server)->state == CHANNEL_OPEN) {
            break_one(model, (uint16_t)id, server);
        }
    }
    for (uint32_t i = 0; i < model->exchanges.connection_count; i++) {
        if (model->exchanges.connections[i].server == server) {
            model->exchanges.connections[i].lost = true; /* the abandoned ones' requests, too */
        }
    }
}
