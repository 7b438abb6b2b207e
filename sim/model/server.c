/* Modelled servers: what they hold, and how they serve. See server.h.
 *
 * What is there after a restart: nothing without persistence; everything with AOF, but after a loss
 * of power with aof-everysec only what there was at the last fsync, which a redis-server does when
 * the second of its clock changes; with rdb what there was at the last snapshot. That image is made
 * when it is about to differ from the store: before the first request of the next period. */
#include "sim/model/server.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/rng.h"
#include "sim/model/exchange.h"
#include "src/units.h"

/* "save 3600 1": an hour after the last snapshot, if something has changed. */
#define SNAPSHOT_NS (3600 * NS_PER_S)

/* --- memory ----------------------------------------------------------------------------------- */

static bool has_large_store(const struct model *model)
{
    return model->count > STORE_FEW;
}

bool servers_allocate(struct model *model)
{
    bool done = true;
    model->servers = calloc(model->server_count, sizeof *model->servers);
    for (uint32_t i = 0; model->servers && has_large_store(model) && i < model->server_count; i++) {
        struct modelled_server *server = &model->servers[i];
        server->statuses = calloc(model->count, 1);
        server->image_statuses = calloc(model->count, 1);
        done = done && server->statuses && server->image_statuses;
    }
    return done && model->servers;
}

void servers_free(struct model *model)
{
    for (uint32_t i = 0; model->servers && i < model->server_count; i++) {
        free(model->servers[i].statuses);
        free(model->servers[i].image_statuses);
        ballots_free(&model->servers[i].ballots);
    }
    free(model->servers);
}

size_t servers_size(const struct model *model)
{
    size_t size = 0;
    for (uint32_t i = 0; i < model->server_count; i++) {
        size += sizeof *model->servers + (has_large_store(model) ? 2 * model->count : 0) +
                ballots_size(&model->servers[i].ballots);
    }
    return size;
}

static bool image_matters(const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        if (scenario->faults[i].target.kind == TARGET_REDIS) {
            return scenario->persistence == PERSIST_RDB ||
                   scenario->persistence == PERSIST_AOF_EVERYSEC;
        }
    }
    return false;
}

void servers_reset(struct model *model, uint64_t *rng)
{
    const struct scenario *scenario = model->scenario;
    for (uint32_t i = 0; i < model->server_count; i++) {
        struct modelled_server *server = &model->servers[i];
        uint8_t *statuses = server->statuses;
        uint8_t *image_statuses = server->image_statuses;
        struct ballots ballots = server->ballots;
        int64_t clock_ns = MODEL_CLOCK_NS + (int64_t)rng_below(rng, 1000000);
        *server = (struct modelled_server){
            .clock = {.ns = clock_ns},
            .free_ns = INT64_MIN,
            .lock_expires_ns = INT64_MAX,
            .number = (uint8_t)i,
            .keeps_image = i < scenario->settings.servers && image_matters(scenario),
            .first = NO_EXCHANGE,
            .last = NO_EXCHANGE,
            .right_ns = clock_ns,
            .phase_ns = (int64_t)rng_below(rng, NS_PER_S),
            .period_ns = scenario->persistence == PERSIST_RDB ? SNAPSHOT_NS : NS_PER_S,
            .statuses = statuses,
            .image_statuses = image_statuses,
            .ballots = ballots,
        };
        store_init(&server->store, statuses, (uint16_t)model->count);
        store_init(&server->image, image_statuses, (uint16_t)model->count);
        ballots_reset(&server->ballots, model->count);
    }
}

/* --- what is on the disk ---------------------------------------------------------------------- */

static void copy_store(struct store *to, uint8_t *to_many, const struct store *from,
                       const uint8_t *from_many)
{
    assert(from->ids == to->ids);
    *to = *from;
    if (from->ids > STORE_FEW) {
        memcpy(to_many, from_many, from->ids);
    }
}

void server_keep_image(const struct model *model, struct modelled_server *server)
{
    if (!server->keeps_image) {
        return;
    }
    int64_t window = (model->now_ns + server->phase_ns) / server->period_ns;
    if (window != server->window) {
        copy_store(&server->image, server->image_statuses, &server->store, server->statuses);
        server->window = window;
    }
}

void server_lose_memory(struct model *model, struct modelled_server *server, bool power_loss)
{
    assert(server->state == SERVER_IS_DOWN);
    switch ((enum persistence)model->scenario->persistence) {
    case PERSIST_NONE:
        store_init(&server->store, server->statuses, (uint16_t)model->count);
        break;
    case PERSIST_AOF_EVERYSEC:
        if (!power_loss) {
            break;
        }
        /* fall through */
    case PERSIST_RDB:
        server_keep_image(model, server);
        copy_store(&server->store, server->statuses, &server->image, server->image_statuses);
        break;
    case PERSIST_AOF_ALWAYS:
        break;
    }
    ballots_outdate(&server->ballots);
}

/* --- its clock, its keys, its lock ------------------------------------------------------------ */

int64_t servers_next_expiry(const struct model *model)
{
    int64_t next_ns = model->servers[0].lock_expires_ns;
    for (uint32_t i = 1; i < model->server_count; i++) {
        int64_t expires_ns = model->servers[i].lock_expires_ns;
        next_ns = expires_ns < next_ns ? expires_ns : next_ns;
    }
    return next_ns;
}

/* A server that is not up lets no key run out; it makes up for that when it is. */
void server_note_expiry(struct model *model, struct modelled_server *server)
{
    assert(server->store.ids == model->count);
    int64_t until_ms = server->store.at[KEY_LOCK].until_ms;
    server->lock_expires_ns = INT64_MAX;
    if (until_ms != STORE_FOR_GOOD && server->state == SERVER_IS_UP) {
        int64_t expires_ns = skew_true(&server->clock, (until_ms + 1) * NS_PER_MS);
        server->lock_expires_ns = expires_ns > model->now_ns ? expires_ns : model->now_ns;
    }
    model_set_alarm(model, server->lock_expires_ns);
}

void server_lock_gone(struct model *model, struct modelled_server *server, const char *why)
{
    struct history_event *event = model_event(model);
    *event = (struct history_event){
        .kind = HISTORY_EXPIRED, .server = server->number, .why = why, .key = KEY_LOCK};
    model_recorded(model, event, HISTORY_HARNESS);
    struct keyspace keys = server_keys(model, server, NULL);
    keyspace_delete(&keys, KEY_LOCK);
    server_note_expiry(model, server);
}

/* --- requests --------------------------------------------------------------------------------- */

/* A command that writes is refused even if it would find nothing to do; a script only when it comes
 * to one. */
static bool writes(const struct model *model, struct modelled_server *server,
                   const struct request *request)
{
    const struct op_row *row = op_rows[request->op];
    struct keyspace keys = server_keys(model, server, NULL);
    bool is_over = keys.now_ms > server->store.at[request->key].until_ms;
    return row->traits & OP_WRITES && (!row->finds || (!is_over && row->finds(&keys, request)));
}

/* Keeps what is on the disk, before it changes. False: it refuses the request. */
static bool lets(const struct model *model, struct modelled_server *server,
                 const struct request *request)
{
    server_keep_image(model, server);
    bool may_refuse = server->refusals || (server->oom && op_has(request->op, OP_NEEDS_MEMORY));
    return !may_refuse || !writes(model, server, request);
}

/* From the copy that was made for the last one if nothing has changed since. */
static uint32_t serve_ballot(struct model *model, struct modelled_server *server,
                             const struct request *request, struct reply *reply)
{
    struct ballots *ballots = &server->ballots;
    if (ballots->newest != NO_BALLOT) {
        struct ballot_copy *copy = &ballots->copies[ballots->newest];
        copy->users++;
        *reply = (struct reply){.outcome = STORE_OK};
        reply->value.ballot.count = copy->count;
        return ballots->newest;
    }
    uint32_t ballot = ballots_take(ballots);
    if (ballot == NO_BALLOT) {
        model_fail(model, "out of memory");
        return NO_BALLOT;
    }
    struct ballot_copy *copy = &ballots->copies[ballot];
    struct keyspace keys = server_keys(model, server, copy->votes);
    op_apply(&keys, request, reply);
    if (reply->outcome == STORE_OK) {
        copy->count = reply->value.ballot.count;
        ballots->newest = ballot;
    }
    return ballot;
}

uint32_t server_serve_otherwise(struct model *model, struct modelled_server *server,
                                const struct request *request, struct reply *reply)
{
    assert(server->state == SERVER_IS_UP && request->server == server->number);
    if (!lets(model, server, request)) {
        *reply = (struct reply){.outcome = STORE_REFUSED};
        return NO_BALLOT;
    }
    if (op_rows[request->op]->answers == VALUE_BALLOT) {
        return serve_ballot(model, server, request, reply);
    }
    server_apply(model, server, request, reply);
    return NO_BALLOT;
}

/* It answers that it does not know the script, is sent it whole, and knows it from then on. What it
 * knows is decided when the request goes out. */
bool server_forgot(struct modelled_server *server, uint32_t *stale, const struct request *request)
{
    uint32_t script = op_has(request->op, OP_SCRIPT) ? 1u << request->op : 0;
    bool forgot = script & *stale && !(script & server->scripts);
    assert(server->forgetful);
    *stale &= ~script;
    server->scripts |= script;
    return forgot;
}

void server_hold(struct model *model, struct modelled_server *server, uint32_t index)
{
    struct exchange *exchange = exchange_at(model, index);
    assert(server->state == SERVER_IS_STALLED && exchange->state == EXCHANGE_ASKED);
    exchange->next_held = NO_EXCHANGE;
    if (server->first == NO_EXCHANGE) {
        server->first = index;
    } else {
        exchange_at(model, server->last)->next_held = index;
    }
    server->last = index;
    exchange->next_ns = INT64_MAX;
    exchange_mind_timeout(model, exchange);
}
