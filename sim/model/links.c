/* The links' faults. See links.h. */
#include "sim/model/links.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/host/breakpoint.h"
#include "sim/host/event_record.h"
#include "sim/model/channel.h"

static bool harms_links(const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        if (fault_is_on_links(fault_rows[scenario->faults[i].kind])) {
            return true;
        }
    }
    return false;
}

bool links_allocate(struct model *model, bool by_hand)
{
    if (!by_hand && !harms_links(model->scenario)) {
        return true;
    }
    model->links = calloc(model_channels(model), sizeof *model->links);
    return model->links;
}

size_t links_size(const struct model *model)
{
    return model->links ? model_channels(model) * sizeof *model->links : 0;
}

static struct link_faults *faults_of(const struct model *model, const struct exchange *exchange)
{
    return &model_link(model, exchange->owner, exchange->request.server)->link_faults;
}

/* Each link has random numbers of its own. */
void links_reset(struct model *model, uint64_t seed)
{
    for (uint32_t id = 0; model->links && id < model->count; id++) {
        for (uint32_t server = 0; server < model->server_count; server++) {
            struct route *link = model_link(model, (uint16_t)id, (uint8_t)server);
            *link = (struct route){.knocks = false};
            link_faults_init(&link->link_faults, seed ^ (server * 0x9e3779b97f4a7c15ULL),
                             (uint16_t)id);
        }
    }
}

/* --- how large messages are ------------------------------------------------------------------- */

/* In bytes, of a field and a status of a ballot. */
#define VOTE_BYTES 44

static size_t request_size(const struct request *request)
{
    return op_rows[request->op]->request_bytes;
}

static size_t reply_size(const struct request *request, const struct reply *reply)
{
    if (reply->outcome != STORE_OK) {
        return 5; /* nothing is there */
    }
    bool ballot = op_rows[request->op]->answers == VALUE_BALLOT;
    return op_rows[request->op]->answer_bytes +
           (ballot ? VOTE_BYTES * (size_t)reply->value.ballot.count : 0);
}

/* --- holding up ------------------------------------------------------------------------------- */

static void hold(struct model *model, struct exchange *exchange, enum way way, size_t size,
                 int64_t until_ns)
{
    assert(exchange->held == HELD_NOT && exchange->connection != NO_CONNECTION);
    exchange->held = (uint8_t)(way == WAY_REQUESTS ? HELD_REQUEST : HELD_ANSWER);
    exchange->hold = link_faults_hold(faults_of(model, exchange), way, size, model->now_ns);
    exchange->hold.until_ns = until_ns;
}

/* Whether something that was sent before it on its connection lies here, too. */
static bool is_behind(const struct model *model, uint32_t index)
{
    const struct exchange *exchange = exchange_at(model, index);
    assert(exchange->held != HELD_NOT);
    uint32_t i = model->exchanges.connections[exchange->connection].list.first;
    while (i != index && exchange_at(model, i)->held != exchange->held) {
        i = exchange_at(model, i)->next;
    }
    return i != index;
}

/* Those that wait behind it are seen to. */
static void wake_next(struct model *model, uint32_t index, uint8_t held)
{
    assert(exchange_at(model, index)->held == HELD_NOT);
    uint32_t next = exchange_at(model, index)->next;
    if (next != NO_EXCHANGE && exchange_at(model, next)->held == held) {
        model_put(model, model->now_ns, DUE_RELEASE, next);
    }
}

/* Whether it may go on; if not, it will be seen to when it may. */
static bool goes_on(struct model *model, uint32_t index)
{
    struct exchange *exchange = exchange_at(model, index);
    enum way way = exchange->held == HELD_REQUEST ? WAY_REQUESTS : WAY_REPLIES;
    bool stays = faults_of(model, exchange)->cut & WAY_BIT(way) || is_behind(model, index);
    int64_t ends_ns = hold_ends(&exchange->hold);
    assert(exchange->held == HELD_REQUEST || exchange->held == HELD_ANSWER);
    if (!stays && ends_ns <= model->now_ns) {
        uint8_t held = exchange->held;
        exchange->held = HELD_NOT;
        wake_next(model, index, held);
        return true;
    }
    exchange->next_ns = stays ? INT64_MAX : ends_ns;
    if (!stays) {
        model_put(model, ends_ns, DUE_RELEASE, index);
    }
    exchange_mind_timeout(model, exchange);
    return false;
}

uint8_t links_release(struct model *model, uint32_t index)
{
    uint8_t held = exchange_at(model, index)->held;
    if ((held != HELD_REQUEST && held != HELD_ANSWER) || !goes_on(model, index)) {
        return HELD_NOT;
    }
    return held;
}

/* --- messages --------------------------------------------------------------------------------- */

/* It goes no further, nor does what comes behind it. Who awaits an answer waits in vain; that
 * connection is of no more use. */
static void lose(struct model *model, uint32_t index, enum way way)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(exchange->state == EXCHANGE_ASKED || exchange->state == EXCHANGE_SERVED);
    model->exchanges.connections[exchange->connection].silent |= (uint8_t)WAY_BIT(way);
    if (exchange->abandoned) {
        exchange_end(model, index);
        return;
    }
    exchange->held = HELD_FOR_EVER;
    exchange->next_ns = INT64_MAX;
    exchange_mind_timeout(model, exchange);
}

/* The process finds its connection broken. What was not yet sent on it will not be. */
static void breaks(struct model *model, uint32_t index)
{
    const struct exchange *exchange = exchange_at(model, index);
    const struct connection *connection = &model->exchanges.connections[exchange->connection];
    assert(!exchange->abandoned && !connection->earlier);
    exchange_at(model, index)->held = HELD_FOR_EVER;
    for (uint32_t i = connection->list.first; i != NO_EXCHANGE; i = exchange_at(model, i)->next) {
        if (exchange_at(model, i)->held == HELD_REQUEST) {
            exchange_at(model, i)->held = HELD_FOR_EVER;
        }
    }
    channel_break_off(model, exchange->owner, connection->server);
}

static bool is_silent(const struct model *model, const struct exchange *exchange, enum way way)
{
    return model->exchanges.connections[exchange->connection].silent & WAY_BIT(way);
}

/* That a fault which awaited this command has hit it. */
static void tell_met(struct model *model, const struct exchange *exchange,
                     const struct link_met *met)
{
    if (met->by_command) {
        const struct command_seen seen = breakpoint_command(&exchange->request);
        struct history_event event;
        event_record_met(&event, &seen, model->scenario->faults[met->index].text);
        event.server = exchange->request.server;
        event.process = exchange->owner;
        model_record_event(model, &event);
    }
}

bool links_send(struct model *model, uint32_t index, int64_t at_ns)
{
    struct exchange *exchange = exchange_at(model, index);
    struct link_faults *link_faults = faults_of(model, exchange);
    int64_t until_ns = at_ns;
    struct link_met met = {.fault = LINK_LOSE};
    assert(exchange->state == EXCHANGE_ASKED && exchange->held == HELD_NOT);
    if (!is_silent(model, exchange, WAY_REQUESTS) &&
        !link_faults_drops(link_faults, WAY_REQUESTS)) {
        const struct command_seen seen = breakpoint_command(&exchange->request);
        met = link_faults_meet(link_faults, &seen);
        tell_met(model, exchange, &met);
    }
    exchange->mark = LINK_HEAL;
    if (met.fault == LINK_LATE) {
        until_ns = at_ns + met.late_ns;
    } else if (met.fault == LINK_LOSE) {
        lose(model, index, WAY_REQUESTS);
        return false;
    } else if (met.fault == LINK_RESET && !met.applied) {
        breaks(model, index);
        return false;
    } else {
        exchange->mark = met.fault;
    }
    hold(model, exchange, WAY_REQUESTS, request_size(&exchange->request), until_ns);
    return goes_on(model, index);
}

bool links_let_in(struct model *model, uint32_t index)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(exchange->state == EXCHANGE_SERVED && !exchange->abandoned);
    if (exchange->mark == LINK_RESET) {
        breaks(model, index);
        return false;
    }
    if (exchange->mark == LINK_LOSE_REPLY || is_silent(model, exchange, WAY_REPLIES) ||
        link_faults_drops(faults_of(model, exchange), WAY_REPLIES)) {
        lose(model, index, WAY_REPLIES);
        return false;
    }
    hold(model, exchange, WAY_REPLIES, reply_size(&exchange->request, &exchange->reply), 0);
    return goes_on(model, index);
}

/* --- what a cut hides ------------------------------------------------------------------------- */

/* Word of a broken connection arrives. */
static void tell(struct model *model, uint16_t id, uint8_t server)
{
    struct channel *channel = model_channel(model, id, server);
    if (channel->state == CHANNEL_BROKEN && channel->until_ns > model->now_ns) {
        channel->until_ns = model->now_ns;
    }
    exchanges_hear_of_end(model, id, server);
}

/* --- connecting ------------------------------------------------------------------------------- */

bool links_keep_out(struct model *model, uint16_t id, uint8_t server)
{
    if (!model->links || !model_link(model, id, server)->link_faults.cut) {
        return false;
    }
    model_link(model, id, server)->knocks = true;
    return true;
}

/* Connecting hung, and goes on; unless its member was dead, or its timeout over, by then. */
static void let_connect(struct model *model, uint16_t id, uint8_t server)
{
    struct channel *channel = model_channel(model, id, server);
    model_link(model, id, server)->knocks = false;
    if (channel->state != CHANNEL_CONNECTS || channel->until_ns <= model->now_ns) {
        return;
    }
    channel->failure = STORE_OK;
    channel->until_ns = model->now_ns + model_round_trip(model);
    model_put(model, channel->until_ns, DUE_LOOK, id);
}

/* --- orders ----------------------------------------------------------------------------------- */

/* What is under way on one connection follows an order. */
static bool connection_follows(struct model *model, uint32_t index, const struct link_order *order,
                               const struct link_faults *before)
{
    bool changed = false;
    uint32_t next;
    for (uint32_t i = model->exchanges.connections[index].list.first; i != NO_EXCHANGE; i = next) {
        struct exchange *exchange = exchange_at(model, i);
        next = exchange->next;
        if (exchange->held == HELD_REQUEST || exchange->held == HELD_ANSWER) {
            enum way way = exchange->held == HELD_REQUEST ? WAY_REQUESTS : WAY_REPLIES;
            changed = hold_follow(&exchange->hold, way, order, before, model->now_ns) || changed;
            if (link_faults_drops(faults_of(model, exchange), way)) {
                lose(model, i, way);
                changed = true;
                continue;
            }
            model_put(model, model->now_ns, DUE_RELEASE, i);
        }
        if (exchange->mark != LINK_HEAL && heals(order, (enum link_fault)exchange->mark)) {
            changed = changed || exchange->held != HELD_FOR_EVER;
            exchange->mark = LINK_HEAL;
        }
    }
    return changed;
}

/* What is under way follows an order. One that lies in wait is about what comes next. */
static bool messages_follow(struct model *model, uint16_t id, uint8_t server,
                            const struct link_order *order, const struct link_faults *before)
{
    const struct channel *channel = model_channel(model, id, server);
    bool waits = order->fault == LINK_LATE || order->fault == LINK_LOSE ||
                 order->fault == LINK_LOSE_REPLY || order->fault == LINK_RESET ||
                 order->fault == LINK_REFUSE;
    bool changed = false;
    uint32_t next;
    if (waits) {
        return false;
    }
    for (uint32_t i = channel->earlier; i != NO_CONNECTION; i = next) {
        next = model->exchanges.connections[i].next;
        changed = connection_follows(model, i, order, before) || changed;
    }
    if (channel->connection != NO_CONNECTION) {
        changed = connection_follows(model, channel->connection, order, before) || changed;
    }
    return changed;
}

bool links_order(struct model *model, uint16_t id, uint8_t server, const struct link_order *order)
{
    assert(model->links && id < model->count && server < model->server_count);
    struct route *link = model_link(model, id, server);
    struct link_faults before = link->link_faults;
    bool changed = link_faults_order(&link->link_faults, order, model->now_ns);
    changed = messages_follow(model, id, server, order, &before) || changed;
    if (before.cut & ~link->link_faults.cut & LINK_REPLIES) {
        tell(model, id, server);
    }
    if (link->knocks && !link->link_faults.cut) {
        let_connect(model, id, server);
    }
    return changed;
}
