/* What holds of the state of every trial. See sound.h. */
#include "sim/model/sound.h"

#include <assert.h>

#include "sim/model/server.h"

/* What a member has, counted. */
struct counted {
    uint32_t outstanding, dropped;
};

static const struct exchange *at(const struct model *model, uint32_t index)
{
    assert(index < model->exchanges.count);
    return &model->exchanges.list[index];
}

static void count(struct counted *counted, const struct exchange *exchange)
{
    if (!exchange->abandoned) {
        counted->outstanding++;
        counted->dropped += exchange->dropped;
    }
}

/* --- members and what is between them and the servers ----------------------------------------- */

static void check_own(const struct model *model, uint16_t id, struct counted *counted)
{
    const struct exchange_list *own = &model->members[id].own;
    uint32_t last = NO_EXCHANGE;
    for (uint32_t i = own->first; i != NO_EXCHANGE; i = at(model, i)->next) {
        const struct exchange *exchange = at(model, i);
        assert(exchange->owner == id && exchange->connection == NO_CONNECTION);
        assert(exchange->state == EXCHANGE_UNSENT || exchange->state == EXCHANGE_ANSWERED ||
               exchange->state == EXCHANGE_VAIN);
        assert(!exchange->abandoned && exchange->held == HELD_NOT);
        count(counted, exchange);
        last = i;
    }
    assert(own->first == NO_EXCHANGE || own->last == last);
}

static void check_connection(const struct model *model, uint32_t index, struct counted *counted)
{
    const struct connection *connection = &model->exchanges.connections[index];
    uint32_t last = NO_EXCHANGE;
    assert(connection->in_use);
    for (uint32_t i = connection->list.first; i != NO_EXCHANGE; i = at(model, i)->next) {
        const struct exchange *exchange = at(model, i);
        assert(exchange->connection == index && exchange->owner == connection->owner);
        assert(exchange->request.server == connection->server);
        assert(exchange->state >= EXCHANGE_ASKED && exchange->state <= EXCHANGE_ANSWERED);
        assert(!connection->earlier || exchange->abandoned);
        assert(exchange->state != EXCHANGE_ANSWERED || exchange->held == HELD_NOT);
        count(counted, exchange);
        last = i;
    }
    assert(connection->list.last == last || connection->list.first == NO_EXCHANGE);
}

static void check_channel(const struct model *model, uint16_t id, uint8_t server,
                          struct counted *counted)
{
    const struct channel *channel = model_channel(model, id, server);
    const struct connection *connections = model->exchanges.connections;
    for (uint32_t i = channel->earlier; i != NO_CONNECTION; i = connections[i].next) {
        assert(connections[i].earlier && connections[i].list.first != NO_EXCHANGE);
        assert(connections[i].owner == id && connections[i].server == server);
        check_connection(model, i, counted);
    }
    if (channel->connection == NO_CONNECTION) {
        assert(channel->state != CHANNEL_OPEN);
        return;
    }
    const struct connection *connection = &connections[channel->connection];
    assert(channel->state == CHANNEL_OPEN || channel->state == CHANNEL_BROKEN);
    assert(connection->lost == (channel->state == CHANNEL_BROKEN) && !connection->earlier);
    assert(connection->owner == id && connection->server == server);
    check_connection(model, channel->connection, counted);
}

static void check_member(const struct model *model, uint16_t id)
{
    const struct member *member = &model->members[id];
    const struct cluster_member *progress = &model->progress[id];
    struct counted counted = {0};
    check_own(model, id, &counted);
    for (uint32_t server = 0; server < model->server_count; server++) {
        check_channel(model, id, (uint8_t)server, &counted);
    }
    assert(member->process.id == id);
    assert(progress->alive == (member->state != MEMBER_DEAD));
    assert(progress->alive || !progress->paused);
    assert(member->outstanding == counted.outstanding && member->dropped == counted.dropped);
    assert(member->state >= MEMBER_RUNS || counted.outstanding == 0);
    assert(member->state != MEMBER_DEAD || member->heard == NO_EXCHANGE);
    assert(member->sent <= SENDS_MAX);
    if (member->heard != NO_EXCHANGE) {
        assert(at(model, member->heard)->owner == id);
        assert(at(model, member->heard)->state >= EXCHANGE_ANSWERED);
    }
}

/* --- servers ---------------------------------------------------------------------------------- */

static void check_server(const struct model *model, const struct modelled_server *server)
{
    bool up = server->state == SERVER_IS_UP;
    assert(server->number < model->server_count && &model->servers[server->number] == server);
    assert(up == (server->free_ns != INT64_MAX));
    assert(up || server->lock_expires_ns == INT64_MAX);
    assert(server->first == NO_EXCHANGE || server->state == SERVER_IS_STALLED);
    assert(!up || server->pending == 0);
    assert(server->store.ids == model->count);
    for (uint32_t i = server->first; i != NO_EXCHANGE; i = at(model, i)->next_held) {
        assert(at(model, i)->state == EXCHANGE_ASKED);
        assert(at(model, i)->request.server == server->number);
    }
}

/* Every copy of a ballot has as many users as there are answers that point to it. */
static void check_ballots(const struct model *model)
{
    uint64_t users = 0;
    uint64_t answers = 0;
    for (uint32_t i = 0; i < model->server_count; i++) {
        const struct ballots *ballots = &model->servers[i].ballots;
        assert(ballots->newest == NO_BALLOT || ballots->newest < ballots->count);
        for (uint32_t copy = 0; copy < ballots->count; copy++) {
            users += ballots->copies[copy].users;
        }
    }
    for (uint32_t i = 0; i < model->exchanges.count; i++) {
        const struct exchange *exchange = &model->exchanges.list[i];
        answers += exchange->state != EXCHANGE_FREE && exchange->ballot != NO_BALLOT;
    }
    assert(users == answers);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void check_spare(const struct model *model)
{
    uint32_t spare = 0;
    uint32_t unused = 0;
    for (uint32_t i = model->exchanges.spare; i != NO_EXCHANGE; i = at(model, i)->next) {
        assert(at(model, i)->state == EXCHANGE_FREE);
        spare++;
    }
    for (uint32_t i = 0; i < model->exchanges.count; i++) {
        unused += at(model, i)->state == EXCHANGE_FREE;
    }
    assert(spare == unused);
}

void model_assert_sound(const struct model *model)
{
    assert(model->event_count >= model->first_event);
    assert(model->unheard < model->count);
    for (uint32_t id = 0; id < model->count; id++) {
        check_member(model, (uint16_t)id);
    }
    for (uint32_t i = 0; i < model->server_count; i++) {
        check_server(model, &model->servers[i]);
        assert(model->stop || model->alarm_ns <= model->servers[i].lock_expires_ns);
    }
    assert(model->stop || model->alarm_ns <= model->phase_until_ns);
    check_ballots(model);
    check_spare(model);
}
