/* A number for the state of a trial: model_hash(). See model.h.
 *
 * Times are relative to now, and those of the past are all the same. Exchanges count by the place
 * that they have on their connections, not by the one in memory. Random numbers are part of the
 * state: they decide what follows. */
#include <assert.h>

#include "sim/model/exchange.h"
#include "sim/model/model.h"
#include "sim/ops/record.h"
#include "src/protocol.h"

struct hash {
    uint64_t value;
    int64_t now_ns;
};

static void add(struct hash *hash, uint64_t number)
{
    uint64_t mixed = (hash->value ^ number) * 0x9e3779b97f4a7c15ULL;
    hash->value = (mixed ^ mixed >> 29) * 0xbf58476d1ce4e5b9ULL + 1;
}

static void add_bytes(struct hash *hash, const void *bytes, size_t size)
{
    const uint8_t *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        add(hash, byte[i]);
    }
}

/* How far away; what is over, is over, and INT64_MAX is never. */
static void add_time(struct hash *hash, int64_t at_ns)
{
    add(hash, at_ns == INT64_MAX ? UINT64_MAX
                                 : (uint64_t)(at_ns > hash->now_ns ? at_ns - hash->now_ns : 0));
}

static void add_skew(struct hash *hash, const struct skew *skew)
{
    add(hash, (uint64_t)skew_at(skew, hash->now_ns));
    add(hash, (uint64_t)skew->ppm);
}

static void add_record(struct hash *hash, const struct lease_record *record)
{
    add(hash, record->holder.high);
    add(hash, record->holder.low);
    add(hash, record->acquire_ms);
    add(hash, record->renew_ms);
    add(hash, (uint64_t)record->lease_ms << 32 | record->transitions);
}

static void add_request(struct hash *hash, const struct request *request)
{
    add(hash, (uint64_t)request->op << 40 | (uint64_t)request->key << 32 |
                  (uint64_t)request->server << 24 | (uint64_t)request->tag << 16 |
                  (uint64_t)request->moment << 8 | request->status);
    add(hash, (uint64_t)request->timeout_ms << 32 | request->ttl_ms);
    add(hash, request->id);
    add(hash, request->value.token.high);
    add(hash, request->value.token.low);
    if (op_rows[request->op]->finds == record_is_found) {
        add(hash, request->value.from.now_ms);
        add_record(hash, &request->value.from.record);
    }
}

/* Of a reply that is a ballot, the copy's votes. */
static void add_reply(struct hash *hash, const struct model *model, const struct exchange *exchange)
{
    add(hash, exchange->reply.outcome);
    if (exchange->ballot != NO_BALLOT) {
        const struct ballots *ballots = &model->servers[exchange->request.server].ballots;
        const struct ballot_copy *copy = &ballots->copies[exchange->ballot];
        add_bytes(hash, copy->votes, copy->count * sizeof *copy->votes);
    } else if (op_rows[exchange->request.op]->answers != VALUE_BALLOT &&
               exchange->reply.outcome == STORE_OK) {
        add(hash, exchange->reply.value.token.high);
        add(hash, exchange->reply.value.token.low);
        if (op_rows[exchange->request.op]->answers == VALUE_RECORD) {
            add_record(hash, &exchange->reply.value.record);
        }
    }
}

static void add_exchanges(struct hash *hash, const struct model *model, uint32_t first)
{
    for (uint32_t i = first; i != NO_EXCHANGE; i = model->exchanges.list[i].next) {
        const struct exchange *exchange = &model->exchanges.list[i];
        add_request(hash, &exchange->request);
        add(hash, (uint64_t)exchange->state << 32 | (uint64_t)exchange->held << 24 |
                      (uint64_t)exchange->mark << 16 | (uint64_t)exchange->dropped << 8 |
                      exchange->abandoned);
        if (exchange->state != EXCHANGE_UNSENT) {
            add_time(hash, exchange->until_ns);
        }
        if (exchange->held == HELD_REQUEST || exchange->held == HELD_ANSWER) {
            add_time(hash, hold_ends(&exchange->hold));
        }
        if (exchange->state >= EXCHANGE_SERVED) {
            add_reply(hash, model, exchange);
        }
    }
    add(hash, NO_EXCHANGE);
}

static void add_channel(struct hash *hash, const struct model *model, const struct channel *channel)
{
    add(hash, (uint64_t)channel->state << 8 | channel->failure);
    add_time(hash, channel->until_ns);
    uint32_t i = channel->connection != NO_CONNECTION ? channel->connection : channel->earlier;
    while (i != NO_CONNECTION) {
        const struct connection *connection = &model->exchanges.connections[i];
        add(hash, (uint64_t)connection->stale << 32 | (uint64_t)connection->silent << 8 |
                      connection->lost);
        add_time(hash, connection->there_ns);
        add_time(hash, connection->back_ns);
        add_exchanges(hash, model, connection->list.first);
        i = i == channel->connection ? channel->earlier : connection->next;
    }
}

/* The action counts where the member stands in the middle of it. */
static void add_member(struct hash *hash, const struct model *model, const struct member *member)
{
    struct process process = member->process;
    uint16_t id = member->process.id;
    add(hash, (uint64_t)member->state << 32 | (uint64_t)member->sent << 16 | member->command);
    add_bytes(hash, &model->progress[id].alive, sizeof model->progress[id].alive);
    add(hash, (uint64_t)model->progress[id].started << 1 | model->progress[id].paused);
    if (member->state != MEMBER_DEAD) {
        process_shift(&model->scenario->settings, &process,
                      -skew_own(&member->clock, model->now_ns));
        add_bytes(hash, &process, sizeof process);
    }
    add(hash, member->fresh.high);
    add(hash, member->fresh.low);
    add(hash, member->rng);
    for (int timer = 0; timer < TIMERS; timer++) {
        add_time(hash, member->timer_ns[timer]);
    }
    add_time(hash, member->stalls_until_ns);
    add(hash, (uint64_t)member->stall_ns);
    add_skew(hash, &member->clock);
    add(hash, (uint64_t)member->outstanding << 32 | member->dropped);
    add(hash, member->reports > 0);
    if (member->state > MEMBER_RUNS) {
        const struct action *action = &member->action;
        add(hash, action->wake[TIMER_WORK].order << 40 | action->wake[TIMER_PROTOCOL].order << 32 |
                      (uint64_t)action->sends << 8 | action->stop);
        add(hash, action->drop);
        for (uint8_t i = 0; i < action->sends; i++) {
            add_request(hash, &action->send[i]);
        }
    }
    add_exchanges(hash, model, member->own.first);
    for (uint32_t i = 0; i < model->server_count; i++) {
        add_channel(hash, model, model_channel(model, id, (uint8_t)i));
    }
}

static void add_store(struct hash *hash, const struct store *store, const uint8_t *statuses,
                      int64_t now_ms)
{
    for (size_t key = 0; key < STORE_KEYS; key++) {
        const struct store_value *value = &store->at[key];
        add(hash, value->content);
        add(hash,
            value->until_ms == STORE_FOR_GOOD ? UINT64_MAX : (uint64_t)(value->until_ms - now_ms));
        if (value->content != CONTENT_NOTHING) {
            add(hash, value->token.high);
            add(hash, value->token.low);
        }
        if (value->content == CONTENT_RECORD) {
            add_record(hash, &value->record);
        }
    }
    add_bytes(hash, store->ids <= STORE_FEW ? store->few : statuses, store->ids);
}

static void add_server(struct hash *hash, const struct model *model,
                       const struct modelled_server *server)
{
    int64_t now_ms = skew_own(&server->clock, model->now_ns) / NS_PER_MS;
    add_store(hash, &server->store, server->statuses, now_ms);
    if (server->keeps_image) {
        add_store(hash, &server->image, server->image_statuses, now_ms);
        add(hash, (uint64_t)((model->now_ns + server->phase_ns) % server->period_ns));
        add(hash,
            (uint64_t)((model->now_ns + server->phase_ns) / server->period_ns - server->window));
    }
    add_skew(hash, &server->clock);
    add(hash, (uint64_t)(server->right_ns));
    add_time(hash, server->free_ns);
    add_time(hash, server->lock_expires_ns);
    add_time(hash, server->boots_ns);
    add(hash, (uint64_t)server->state << 32 | (uint64_t)server->refusals << 24 |
                  (uint64_t)server->oom << 16 | (uint64_t)server->foreign << 8 | server->forgetful);
    add(hash, (uint64_t)server->scripts << 32 | server->pending);
}

static void add_link(struct hash *hash, const struct route *link)
{
    const struct link_faults *faults = &link->link_faults;
    add(hash, (uint64_t)faults->cut << 32 | (uint64_t)faults->drops << 24 |
                  (uint64_t)faults->lurks << 16 | (uint64_t)faults->applied << 8 | link->knocks);
    add(hash, faults->left);
    add(hash, (uint64_t)faults->late_ns);
    add(hash, faults->rng);
    for (uint32_t i = 0; i < faults->commands.count; i++) {
        const struct command_fault *one = &faults->commands.list[i];
        add(hash, (uint64_t)one->meets.instance << 32 | one->nth);
        add(hash, (uint64_t)one->left << 1 | one->again);
    }
    for (size_t way = 0; way < WAYS; way++) {
        add(hash, (uint64_t)faults->by_ns[way]);
        add(hash, (uint64_t)faults->jitter_ns[way]);
        add(hash, (uint64_t)faults->bytes_per_s[way]);
        add(hash, (uint64_t)faults->lost_ppm[way]);
        add_time(hash, faults->free_ns[way]);
    }
}

/* What is due, in its order. A look at nothing would be a difference, too: that errs on the safe
 * side. */
static void add_queue(struct hash *hash, const struct model *model)
{
    struct due due[MODEL_CHOICES_MAX];
    uint32_t count = queue_first(&model->queue, due, MODEL_CHOICES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        bool message = due[i].what == DUE_ARRIVAL || due[i].what == DUE_SERVICE ||
                       due[i].what == DUE_ANSWER || due[i].what == DUE_RELEASE;
        const struct exchange *exchange = message ? &model->exchanges.list[due[i].whom] : NULL;
        add(hash, due[i].what);
        add_time(hash, due[i].at_ns);
        add(hash, message ? (uint64_t)exchange->owner << 8 | exchange->request.tag : due[i].whom);
    }
    add(hash, model->queue.end - model->queue.first + model->queue.count);
}

static void add_nemesis(struct hash *hash, const struct model *model)
{
    const struct nemesis *nemesis = &model->nemesis;
    add(hash, nemesis->rng);
    add(hash, nemesis->drawn_rng);
    add(hash, nemesis->settled_count);
    for (uint32_t i = 0; i < nemesis->timers.count; i++) {
        const struct timer *timer = &nemesis->timers.heap[i];
        add_time(hash, timer->at_ns);
        add(hash, (uint64_t)timer->fault << 17 | (uint64_t)timer->id << 1 | timer->ends);
    }
    for (uint32_t i = 0; i < model->breakpoints.count; i++) {
        const struct breakpoint *breakpoint = &model->breakpoints.list[i];
        add(hash, (uint64_t)breakpoint->fault << 33 | (uint64_t)breakpoint->armed << 32 |
                      breakpoint->seen);
    }
}

uint64_t model_hash(const struct model *model)
{
    struct hash hash = {.value = 1, .now_ns = model->now_ns};
    add(&hash, (uint64_t)model->phase << 8 | model->stop);
    add(&hash, model->unheard);
    add(&hash, model->link_rng);
    add(&hash, model->token_rng);
    add(&hash, model->machine_rng);
    add(&hash, model->timers_seed);
    add_time(&hash, model->starts_free_ns);
    add_time(&hash, model->phase_until_ns);
    add_time(&hash, model->alarm_ns);
    for (uint32_t id = 0; id < model->count; id++) {
        add_member(&hash, model, &model->members[id]);
    }
    for (uint32_t i = 0; i < model->server_count; i++) {
        add_server(&hash, model, &model->servers[i]);
    }
    for (size_t i = 0; model->links && i < model_channels(model); i++) {
        add_link(&hash, &model->links[i]);
    }
    add_queue(&hash, model);
    add_nemesis(&hash, model);
    return hash.value;
}
