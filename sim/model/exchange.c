/* Exchanges and connections. See exchange.h. */
#include "sim/model/exchange.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/text/grown.h"

/* --- memory ----------------------------------------------------------------------------------- */

bool exchanges_allocate(struct model *model)
{
    struct exchanges *exchanges = &model->exchanges;
    size_t count = model_channels(model);
    model->channels = calloc(count, sizeof *model->channels);
    exchanges->list = calloc(count, sizeof *exchanges->list);
    exchanges->connections = calloc(count, sizeof *exchanges->connections);
    exchanges->capacity = exchanges->connection_capacity = count;
    return model->channels && exchanges->list && exchanges->connections;
}

void exchanges_free(struct model *model)
{
    free(model->channels);
    free(model->exchanges.list);
    free(model->exchanges.connections);
}

size_t exchanges_size(const struct model *model)
{
    const struct exchanges *exchanges = &model->exchanges;
    return model_channels(model) * sizeof *model->channels +
           exchanges->capacity * sizeof *exchanges->list +
           exchanges->connection_capacity * sizeof *exchanges->connections;
}

void exchanges_reset(struct model *model)
{
    struct exchanges *exchanges = &model->exchanges;
    exchanges->count = exchanges->connection_count = 0;
    exchanges->spare = NO_EXCHANGE;
    exchanges->spare_connection = NO_CONNECTION;
    for (size_t i = 0; i < model_channels(model); i++) {
        model->channels[i] =
            (struct channel){.connection = NO_CONNECTION, .earlier = NO_CONNECTION};
    }
}

static bool reserve(struct exchanges *exchanges)
{
    struct exchange *list =
        grown(exchanges->list, exchanges->count, &exchanges->capacity, sizeof *list);
    exchanges->list = list ? list : exchanges->list;
    return list != NULL;
}

static bool reserve_connection(struct exchanges *exchanges)
{
    struct connection *list = grown(exchanges->connections, exchanges->connection_count,
                                    &exchanges->connection_capacity, sizeof *list);
    exchanges->connections = list ? list : exchanges->connections;
    return list != NULL;
}

/* --- lists ------------------------------------------------------------------------------------ */

static void append(struct model *model, struct exchange_list *list, uint32_t index)
{
    assert(index != NO_EXCHANGE);
    exchange_at(model, index)->next = NO_EXCHANGE;
    if (list->first == NO_EXCHANGE) {
        list->first = index;
    } else {
        exchange_at(model, list->last)->next = index;
    }
    list->last = index;
}

static void take_out(struct model *model, struct exchange_list *list, uint32_t index)
{
    assert(list->first != NO_EXCHANGE);
    uint32_t before = NO_EXCHANGE;
    uint32_t next = exchange_at(model, index)->next;
    if (list->first == index) {
        list->first = next;
    } else {
        before = list->first;
        while (exchange_at(model, before)->next != index) {
            before = exchange_at(model, before)->next;
            assert(before != NO_EXCHANGE && "an exchange is in the list that it says");
        }
        exchange_at(model, before)->next = next;
    }
    list->last = next == NO_EXCHANGE ? before : list->last;
}

/* --- connections ------------------------------------------------------------------------------ */

static void free_connection(struct model *model, uint32_t index)
{
    struct connection *connection = &model->exchanges.connections[index];
    assert(connection->in_use && connection->list.first == NO_EXCHANGE);
    connection->in_use = false;
    connection->next = model->exchanges.spare_connection;
    model->exchanges.spare_connection = index;
}

/* It was one of the channel's earlier ones. */
static void forget_earlier(struct model *model, struct channel *channel, uint32_t index)
{
    uint32_t *place = &channel->earlier;
    while (*place != index) {
        assert(*place != NO_CONNECTION && "a connection is its channel's");
        place = &model->exchanges.connections[*place].next;
    }
    *place = model->exchanges.connections[index].next;
}

void connection_end(struct model *model, uint32_t index)
{
    struct connection *connection = &model->exchanges.connections[index];
    struct channel *channel = model_channel(model, connection->owner, connection->server);
    if (connection->earlier) {
        forget_earlier(model, channel, index);
    } else {
        assert(channel->connection == index && channel->state != CHANNEL_OPEN);
        channel->connection = NO_CONNECTION;
    }
    free_connection(model, index);
}

uint32_t connection_new(struct model *model, uint16_t id, uint8_t server)
{
    assert(server < model->server_count);
    struct exchanges *exchanges = &model->exchanges;
    uint32_t index = exchanges->spare_connection;
    if (index != NO_CONNECTION) {
        exchanges->spare_connection = exchanges->connections[index].next;
    } else if (reserve_connection(exchanges)) {
        index = exchanges->connection_count++;
    } else {
        model_fail(model, "out of memory");
        return NO_CONNECTION;
    }
    exchanges->connections[index] = (struct connection){.list = {NO_EXCHANGE, NO_EXCHANGE},
                                                        .next = NO_CONNECTION,
                                                        .there_ns = INT64_MIN,
                                                        .back_ns = INT64_MIN,
                                                        .owner = id,
                                                        .server = server,
                                                        .in_use = true};
    return index;
}

/* --- exchanges -------------------------------------------------------------------------------- */

uint32_t exchange_more(struct model *model)
{
    if (!reserve(&model->exchanges)) {
        model_fail(model, "out of memory");
        return NO_EXCHANGE;
    }
    return model->exchanges.count++;
}

void exchange_keep(struct model *model, uint32_t index)
{
    assert(exchange_at(model, index)->connection == NO_CONNECTION);
    append(model, &model->members[exchange_at(model, index)->owner].own, index);
}

void exchange_unkeep(struct model *model, uint32_t index)
{
    assert(exchange_at(model, index)->connection == NO_CONNECTION);
    take_out(model, &model->members[exchange_at(model, index)->owner].own, index);
}

/* Out of the list that it is in. */
static void leave(struct model *model, uint32_t index)
{
    struct exchange *exchange = exchange_at(model, index);
    uint32_t connection = exchange->connection;
    if (connection == NO_CONNECTION) {
        take_out(model, &model->members[exchange->owner].own, index);
        return;
    }
    struct exchange_list *list = &model->exchanges.connections[connection].list;
    exchange->connection = NO_CONNECTION;
    take_out(model, list, index);
    const struct connection *left = &model->exchanges.connections[connection];
    if (list->first == NO_EXCHANGE && (left->lost || left->earlier)) {
        connection_end(model, connection);
    }
}

static void drop_ballot(struct model *model, struct exchange *exchange)
{
    if (exchange->ballot != NO_BALLOT) {
        ballots_drop(&model->servers[exchange->request.server].ballots, exchange->ballot);
        exchange->ballot = NO_BALLOT;
    }
}

void exchange_leave(struct model *model, uint32_t index)
{
    leave(model, index);
    drop_ballot(model, exchange_at(model, index));
}

bool exchange_is_under_way(const struct exchange *exchange)
{
    return (exchange->state == EXCHANGE_ASKED || exchange->state == EXCHANGE_SERVED) &&
           exchange->held <= HELD_REQUEST;
}

void exchange_in_vain(struct model *model, uint32_t index, enum store_outcome outcome,
                      int64_t at_ns)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(!exchange->abandoned && exchange->state != EXCHANGE_VAIN);
    if (exchange_is_under_way(exchange)) {
        struct request request = exchange->request; /* the list may move */
        uint32_t told = exchange_new(model, exchange->owner, &request);
        if (told == NO_EXCHANGE) {
            return;
        }
        exchange_at(model, index)->abandoned = true;
        exchange_at(model, told)->number = exchange_at(model, index)->number;
        exchange_at(model, told)->dropped = exchange_at(model, index)->dropped;
        index = told;
        exchange_keep(model, index);
    } else if (exchange->connection != NO_CONNECTION) {
        exchange_leave(model, index);
        exchange->held = HELD_NOT;
        exchange_keep(model, index);
    }
    exchange = exchange_at(model, index);
    exchange->state = EXCHANGE_VAIN;
    exchange->reply = (struct reply){.outcome = (uint8_t)outcome};
    exchange->until_ns = at_ns;
    if (at_ns < INT64_MAX) {
        model_put(model, at_ns, DUE_LOOK, exchange->owner);
    }
}
