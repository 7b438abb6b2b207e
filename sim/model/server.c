/* The server's faults in the model. Each means what server_life.c and server_harm.c of the
 * processes host do to a real redis-server.
 *
 *     UP ──stall──▶ STALLED: requests that arrive wait in a list ──go on──▶ UP: they are served
 *     UP ──crash──▶ DOWN: connections break, nobody is listening ──restart──▶ BOOTING ──▶ UP
 *
 * What is there after a restart: nothing without persistence; everything with AOF, but after a loss
 * of power with aof-everysec only what there was at the last fsync, which a redis-server does when
 * the second of its clock changes; with rdb what there was at the last snapshot. That image is made
 * when it is about to differ from the store: before the first request of the next period. */
#include <assert.h>
#include <string.h>

#include "sim/host/rng.h"
#include "sim/model/state.h"
#include "src/units.h"

/* "save 3600 1": an hour after the last snapshot, if something has changed. */
#define SNAPSHOT_NS (3600 * NS_PER_S)

#define BOOT_NS (10 * NS_PER_MS) /* from its start until a redis-server listens */

#define NOBODY_WAITS UINT32_MAX

/* --- what is on the disk ---------------------------------------------------------------------- */

static void copy_store(struct store *to, uint8_t *to_many, const struct store *from,
                       const uint8_t *from_many)
{
    *to = *from;
    if (from->ids > STORE_FEW) {
        memcpy(to_many, from_many, from->ids);
    }
}

/* Whatever was done in an earlier period is on the disk since this one began. */
static void keep_image(struct model *model)
{
    struct modelled_server *server = &model->modelled_server;
    if (!server->keeps_image) {
        return;
    }
    int64_t window = (model->now_ns + server->phase_ns) / server->period_ns;
    if (window != server->window) {
        copy_store(&server->image, server->image_statuses, &model->store, model->statuses);
        server->window = window;
    }
}

static void forget_all(struct model *model)
{
    store_init(&model->store, model->statuses, (uint16_t)model->count);
}

/* The store becomes what will be there after a restart. */
static void lose_memory(struct model *model, bool power_loss)
{
    struct modelled_server *server = &model->modelled_server;
    switch ((enum persistence)model->scenario->persistence) {
    case PERSIST_NONE:
        forget_all(model);
        break;
    case PERSIST_AOF_EVERYSEC:
        if (!power_loss) {
            break;
        }
        /* fall through */
    case PERSIST_RDB:
        keep_image(model);
        copy_store(&model->store, model->statuses, &server->image, server->image_statuses);
        break;
    case PERSIST_AOF_ALWAYS:
        break;
    }
    ballots_outdate(&model->ballots);
}

void modelled_server_reset(struct model *model, uint64_t *rng)
{
    struct modelled_server *server = &model->modelled_server;
    enum persistence persistence = (enum persistence)model->scenario->persistence;
    *server = (struct modelled_server){
        .first = NOBODY_WAITS,
        .last = NOBODY_WAITS,
        .right_ns = model->server_clock.ns,
        .phase_ns = (int64_t)rng_below(rng, NS_PER_S),
        .period_ns = persistence == PERSIST_RDB ? SNAPSHOT_NS : NS_PER_S,
        .image_statuses = server->image_statuses,
    };
    for (uint32_t i = 0; i < model->scenario->fault_count; i++) {
        server->keeps_image |= model->scenario->faults[i].target.kind == TARGET_REDIS &&
                               (persistence == PERSIST_RDB || persistence == PERSIST_AOF_EVERYSEC);
    }
    store_init(&server->image, server->image_statuses, (uint16_t)model->count);
}

/* --- requests --------------------------------------------------------------------------------- */

/* A command that writes is refused even if it would find nothing to do; a script only when it comes
 * to one, which it does if the lock is the asker's. */
static bool writes(const struct model *model, const struct request *request)
{
    const struct store_value *value = &model->store.at[request->key];
    if (!op_has(request->op, OP_SCRIPT)) {
        return op_has(request->op, OP_WRITES);
    }
    return value->content == CONTENT_TOKEN && server_clock_ms(model) <= value->until_ms &&
           token_equal(value->token, request->value.token);
}

bool modelled_server_lets(struct model *model, const struct request *request, struct reply *reply)
{
    keep_image(model);
    bool refuses = model->modelled_server.refusals && writes(model, request);
    if (refuses || (model->modelled_server.oom && op_has(request->op, OP_NEEDS_MEMORY))) {
        *reply = (struct reply){.outcome = STORE_REFUSED};
        return false;
    }
    return true;
}

/* It answers that it does not know the script, is sent it whole, and knows it from then on. What it
 * knows is decided when the request goes out. */
bool modelled_server_forgot(struct model *model, struct connection *connection,
                            const struct request *request)
{
    uint32_t script = op_has(request->op, OP_SCRIPT) ? 1u << request->op : 0;
    bool forgot = script & connection->stale && !(script & model->modelled_server.scripts);
    connection->stale &= ~script;
    model->modelled_server.scripts |= script;
    return forgot;
}

void modelled_server_hold(struct model *model, uint32_t index)
{
    struct modelled_server *server = &model->modelled_server;
    struct connection *connection = &model->connections[index];
    if (connection->lost) {
        wire_drop(model, index);
        return;
    }
    assert(server->state == SERVER_IS_STALLED);
    connection->next_free = NOBODY_WAITS;
    if (server->first == NOBODY_WAITS) {
        server->first = index;
    } else {
        model->connections[server->last].next_free = index;
    }
    server->last = index;
    connection->next_ns = INT64_MAX;
    wire_mind_timeout(model, connection);
}

/* Takes the first that waits off the list. */
static uint32_t next_waiting(struct model *model)
{
    uint32_t index = model->modelled_server.first;
    if (index != NOBODY_WAITS) {
        model->modelled_server.first = model->connections[index].next_free;
    }
    return index;
}

bool modelled_server_listens(const struct model *model)
{
    return model->modelled_server.state == SERVER_IS_UP ||
           model->modelled_server.state == SERVER_IS_STALLED;
}

/* --- stalls, crashes, restarts ---------------------------------------------------------------- */

static void pay_debts(struct model *model);
static void put_list(struct model *model);

/* What is done to it outlasts its death: the list is put again, if its memory has lost it. */
static void be_up(struct model *model)
{
    model->modelled_server.state = SERVER_IS_UP;
    model->server_free_ns = model->now_ns;
    server_note_expiry(model);
    pay_debts(model);
    if (model->modelled_server.foreign && model->store.at[KEY_LOCK].content != CONTENT_LIST) {
        put_list(model);
    }
}

static void be_away(struct model *model, enum server_state state)
{
    model->modelled_server.state = (uint8_t)state;
    model->server_free_ns = INT64_MAX;
    server_note_expiry(model);
}

static bool stall(struct model *model)
{
    if (model->modelled_server.state != SERVER_IS_UP) {
        return false;
    }
    be_away(model, SERVER_IS_STALLED);
    return true;
}

static bool go_on(struct model *model)
{
    uint32_t index;
    if (model->modelled_server.state != SERVER_IS_STALLED) {
        return false;
    }
    be_up(model);
    while ((index = next_waiting(model)) != NOBODY_WAITS) {
        wire_arrives(model, index);
    }
    return true;
}

static bool crash(struct model *model, bool power_loss)
{
    uint32_t index;
    if (model->modelled_server.state == SERVER_IS_DOWN) {
        return false;
    }
    be_away(model, SERVER_IS_DOWN);
    wire_break_all(model);
    while ((index = next_waiting(model)) != NOBODY_WAITS) {
        wire_drop(model, index);
    }
    lose_memory(model, power_loss);
    model->modelled_server.forgetful = false;
    return true;
}

static bool restart(struct model *model)
{
    if (model->modelled_server.state != SERVER_IS_DOWN) {
        return false;
    }
    model->modelled_server.state = SERVER_IS_BOOTING;
    queue_put(&model->queue, model->now_ns + BOOT_NS, DUE_BOOT, ++model->modelled_server.life);
    return true;
}

static bool somebody_is_inside(const struct model *model)
{
    for (uint32_t id = 0; id < model->count; id++) {
        if (model->progress[id].alive && model->progress[id].claim.in_section) {
            return true;
        }
    }
    return false;
}

void modelled_server_booted(struct model *model, uint32_t life)
{
    if (model->modelled_server.state != SERVER_IS_BOOTING || life != model->modelled_server.life) {
        return;
    }
    be_up(model);
    if (model->store.at[KEY_LOCK].content == CONTENT_NOTHING && somebody_is_inside(model)) {
        server_lock_gone(model, "did not survive the restart of the Redis");
    }
}

static bool has_lock(const struct model *model)
{
    return model->store.at[KEY_LOCK].content != CONTENT_NOTHING &&
           server_clock_ms(model) <= model->store.at[KEY_LOCK].until_ms;
}

/* --- eviction, scripts, types, memory --------------------------------------------------------- */

static bool evict_lock(struct model *model)
{
    if (model->modelled_server.state != SERVER_IS_UP || !has_lock(model) ||
        model->store.at[KEY_LOCK].until_ms == STORE_FOR_GOOD) {
        return false;
    }
    keep_image(model);
    server_lock_gone(model, "was evicted");
    return true;
}

static bool forget_scripts(struct model *model)
{
    if (model->modelled_server.state != SERVER_IS_UP) {
        return false;
    }
    model->modelled_server.forgetful = true;
    model->modelled_server.scripts = 0;
    for (uint32_t i = 0; i < model->connection_count; i++) {
        model->connections[i].stale = ops_with(OP_SCRIPT);
    }
    return true;
}

static void put_list(struct model *model)
{
    keep_image(model);
    if (has_lock(model) && model->store.at[KEY_LOCK].content != CONTENT_LIST) {
        server_lock_gone(model, "was overwritten by a list");
    }
    struct keyspace keys = server_keys(model, NULL);
    keyspace_put_foreign(&keys, KEY_LOCK, CONTENT_LIST);
    server_note_expiry(model);
}

static bool wrong_type(struct model *model)
{
    bool up = model->modelled_server.state == SERVER_IS_UP;
    if (!up && model->modelled_server.state != SERVER_IS_BOOTING) {
        return false;
    }
    model->modelled_server.foreign = true; /* one that starts has the list as soon as it is up */
    model->modelled_server.pending &= ~(1u << SERVER_WRONG_TYPE);
    if (up) {
        put_list(model);
    }
    return true;
}

static bool take_memory(struct model *model)
{
    struct modelled_server *server = &model->modelled_server;
    if (server->state != SERVER_IS_UP && server->state != SERVER_IS_BOOTING) {
        return false;
    }
    server->oom = true;
    server->pending &= ~(1u << SERVER_OOM);
    return true;
}

/* One that is down can begin nothing, but what ends is over; both outlast its death. */
static bool refuse(struct model *model, uint8_t refusals)
{
    bool there = model->modelled_server.state == SERVER_IS_UP ||
                 model->modelled_server.state == SERVER_IS_BOOTING;
    bool begins = refusals & ~model->modelled_server.refusals;
    if (begins && !there) {
        return false;
    }
    model->modelled_server.refusals = refusals;
    return true;
}

static bool recover(struct model *model, uint8_t from)
{
    model->modelled_server.pending |= 1u << from;
    if (model->modelled_server.state == SERVER_IS_UP) {
        pay_debts(model);
    }
    return true;
}

static void pay_debts(struct model *model)
{
    struct modelled_server *server = &model->modelled_server;
    if (server->pending & 1u << SERVER_WRONG_TYPE) {
        server->foreign = false;
    }
    if (server->pending & 1u << SERVER_WRONG_TYPE &&
        model->store.at[KEY_LOCK].content == CONTENT_LIST) {
        keep_image(model);
        struct keyspace keys = server_keys(model, NULL);
        keyspace_delete(&keys, KEY_LOCK);
    }
    if (server->pending & 1u << SERVER_OOM) {
        server->oom = false;
    }
    server->pending = 0;
}

bool modelled_server_verb(void *self, uint8_t server, const struct server_order *order)
{
    struct model *model = self;
    assert(server == 0);
    switch ((enum server_fault)order->fault) {
    case SERVER_STALL:
        return stall(model);
    case SERVER_GO_ON:
        return go_on(model);
    case SERVER_CRASH:
        return crash(model, false);
    case SERVER_RESTART:
        return restart(model);
    case SERVER_POWER_LOSS:
        return crash(model, true);
    case SERVER_EVICT_LOCK:
        return evict_lock(model);
    case SERVER_FORGET_SCRIPTS:
        return forget_scripts(model);
    case SERVER_WRONG_TYPE:
        return wrong_type(model);
    case SERVER_OOM:
        return take_memory(model);
    case SERVER_RECOVER:
        return recover(model, order->from);
    case SERVER_REFUSE:
        return refuse(model, order->refusals);
    }
    return false;
}
