/* Exchanges: a request on its way to a server, and its answer on the way back; and the connections
 * that carry them, in order. The picture is in parts.h.
 *
 * What is on its way cannot be called back: when a member gives a connection up, its exchanges go
 * on, abandoned, and are served. What the member itself is told of them then stands in its own
 * list.
 *
 * This file knows nothing of the way that messages take (wire.h) nor of what servers do (server.h).
 */
#ifndef HUSTINGS_MODEL_EXCHANGE_H
#define HUSTINGS_MODEL_EXCHANGE_H

#include <assert.h>

#include "sim/model/state.h"

bool exchanges_allocate(struct model *model);
void exchanges_free(struct model *model);
size_t exchanges_size(const struct model *model);

/* At the beginning of a trial: there are none, and every channel is closed. */
void exchanges_reset(struct model *model);

/* Room for one more, in no list. NO_EXCHANGE: memory is out, and the model has failed. For
 * exchange_new() alone, when none is free. */
uint32_t exchange_more(struct model *model);

/* Adds it to its owner's list; takes it out of there again. */
void exchange_keep(struct model *model, uint32_t exchange);
void exchange_unkeep(struct model *model, uint32_t exchange);

/* Takes it out of the list that it is in, and drops its ballot. A connection that this leaves empty
 * is gone if nobody reads it or its server has died. For exchange_end() alone. */
void exchange_leave(struct model *model, uint32_t exchange);

/* Its owner is told at `at_ns` that it ended so; what is on its way goes on, abandoned. */
void exchange_in_vain(struct model *model, uint32_t exchange, enum store_outcome outcome,
                      int64_t at_ns);

/* Whether its message is on its way, and cannot be called back. */
bool exchange_is_under_way(const struct exchange *exchange);

/* A new connection of a member to a server, with nothing on it. NO_CONNECTION: memory is out, and
 * the model has failed. */
uint32_t connection_new(struct model *model, uint16_t id, uint8_t server);

/* Nothing is on it any more, and nobody will use it: it is gone. */
void connection_end(struct model *model, uint32_t connection);

/* --- inline ----------------------------------------------------------------------------------- */

static inline struct exchange *exchange_at(const struct model *model, uint32_t index)
{
    return &model->exchanges.list[index];
}

/* A new one for this request, in no list. NO_EXCHANGE: memory is out, and the model has failed. */
static inline uint32_t exchange_new(struct model *model, uint16_t owner,
                                    const struct request *request)
{
    struct exchanges *exchanges = &model->exchanges;
    uint32_t index = exchanges->spare;
    if (index != NO_EXCHANGE) {
        exchanges->spare = exchanges->list[index].next;
    } else if ((index = exchange_more(model)) == NO_EXCHANGE) {
        return NO_EXCHANGE;
    }
    struct exchange *exchange = &exchanges->list[index];
    exchange->request = *request;
    exchange->ballot = NO_BALLOT;
    exchange->connection = NO_CONNECTION;
    exchange->owner = owner;
    exchange->state = EXCHANGE_UNSENT;
    exchange->held = HELD_NOT;
    exchange->mark = LINK_HEAL;
    exchange->dropped = false;
    exchange->abandoned = false;
    return index;
}

/* Adds it to the end of a connection. */
static inline void exchange_join(struct model *model, uint32_t connection, uint32_t index)
{
    struct exchange *exchange = exchange_at(model, index);
    struct exchange_list *list = &model->exchanges.connections[connection].list;
    assert(exchange->connection == NO_CONNECTION);
    exchange->connection = connection;
    exchange->next = NO_EXCHANGE;
    if (list->first == NO_EXCHANGE) {
        list->first = index;
    } else {
        exchange_at(model, list->last)->next = index;
    }
    list->last = index;
}

/* Whether nothing else is on its connection, and nothing comes of it when it leaves. */
static inline bool exchange_is_alone(const struct model *model, uint32_t index)
{
    const struct exchange *exchange = exchange_at(model, index);
    if (exchange->connection == NO_CONNECTION || exchange->ballot != NO_BALLOT) {
        return false;
    }
    const struct connection *connection = &model->exchanges.connections[exchange->connection];
    return connection->list.first == index && exchange->next == NO_EXCHANGE && !connection->lost &&
           !connection->earlier;
}

/* It is done with: out of its list, and free. Its reply stays as it is until the next one is
 * made. */
static inline void exchange_end(struct model *model, uint32_t index)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(exchange->state != EXCHANGE_FREE);
    if (!exchange_is_alone(model, index)) {
        exchange_leave(model, index);
    } else {
        struct connection *connection = &model->exchanges.connections[exchange->connection];
        connection->list.first = connection->list.last = NO_EXCHANGE;
    }
    exchange->state = EXCHANGE_FREE;
    exchange->held = HELD_NOT;
    exchange->next = model->exchanges.spare;
    model->exchanges.spare = index;
}

/* If the message is sure to come after the timeout, the owner looks at it then. */
static inline void exchange_mind_timeout(struct model *model, const struct exchange *exchange)
{
    if (!exchange->abandoned && exchange->next_ns > exchange->until_ns) {
        bool over = exchange->until_ns <= model->now_ns;
        model_put(model, over ? model->now_ns : exchange->until_ns, DUE_LOOK, exchange->owner);
    }
}

/* How long to wait for an answer. */
static inline int64_t exchange_timeout(const struct model *model, const struct request *request)
{
    return request->timeout_ms > 0 ? NS_PER_MS * request->timeout_ms
                                   : model->scenario->request_timeout_ns;
}

#endif
