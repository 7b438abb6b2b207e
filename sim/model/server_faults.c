/* What can be done to a modelled server. See server.h. */
#include "sim/model/server.h"

#include <assert.h>

#include "sim/model/channel.h"
#include "src/units.h"

#define BOOT_NS (10 * NS_PER_MS) /* from its start until a redis-server listens */

/* --- stalls, crashes, restarts ---------------------------------------------------------------- */

static void recover_pending(struct model *model, struct modelled_server *server);
static void put_list(struct model *model, struct modelled_server *server);

/* What is done to it outlasts its death: the list is put again, if its memory has lost it. */
static void be_up(struct model *model, struct modelled_server *server)
{
    assert(server->state != SERVER_IS_UP && server->free_ns == INT64_MAX);
    server->state = SERVER_IS_UP;
    server->free_ns = model->now_ns;
    server_note_expiry(model, server);
    recover_pending(model, server);
    if (server->foreign && server->store.at[KEY_LOCK].content != CONTENT_LIST) {
        put_list(model, server);
    }
}

static void be_away(struct model *model, struct modelled_server *server, enum server_state state)
{
    assert(state == SERVER_IS_STALLED || state == SERVER_IS_DOWN);
    server->state = (uint8_t)state;
    server->free_ns = INT64_MAX;
    server_note_expiry(model, server);
}

static bool stall(struct model *model, struct modelled_server *server)
{
    if (server->state != SERVER_IS_UP) {
        return false;
    }
    be_away(model, server, SERVER_IS_STALLED);
    return true;
}

/* Takes the first that waits off the list. */
static uint32_t next_held(struct model *model, struct modelled_server *server)
{
    uint32_t index = server->first;
    if (index != NO_EXCHANGE) {
        assert(exchange_at(model, index)->state == EXCHANGE_ASKED);
        server->first = exchange_at(model, index)->next_held;
    }
    return index;
}

static bool go_on(struct model *model, struct modelled_server *server)
{
    uint32_t index;
    if (server->state != SERVER_IS_STALLED) {
        return false;
    }
    be_up(model, server);
    while ((index = next_held(model, server)) != NO_EXCHANGE) {
        model_put(model, model->now_ns, DUE_ARRIVAL, index);
    }
    return true;
}

static bool crash(struct model *model, struct modelled_server *server, bool power_loss)
{
    uint32_t index;
    if (server->state == SERVER_IS_DOWN) {
        return false;
    }
    be_away(model, server, SERVER_IS_DOWN);
    channels_break(model, server->number);
    while ((index = next_held(model, server)) != NO_EXCHANGE) {
        exchange_end(model, index);
    }
    assert(server->first == NO_EXCHANGE);
    server_lose_memory(model, server, power_loss);
    server->forgetful = false;
    return true;
}

static bool restart(struct model *model, struct modelled_server *server)
{
    if (server->state != SERVER_IS_DOWN) {
        return false;
    }
    assert(server->free_ns == INT64_MAX && server->first == NO_EXCHANGE);
    server->state = SERVER_IS_BOOTING;
    server->boots_ns = model->now_ns + BOOT_NS;
    model_put(model, server->boots_ns, DUE_BOOT, server->number);
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

void server_booted(struct model *model, struct modelled_server *server)
{
    assert(server->state == SERVER_IS_BOOTING || server->boots_ns <= model->now_ns);
    if (server->state != SERVER_IS_BOOTING || model->now_ns < server->boots_ns) {
        return;
    }
    be_up(model, server);
    if (server->store.at[KEY_LOCK].content == CONTENT_NOTHING && somebody_is_inside(model)) {
        server_lock_gone(model, server, "did not survive the restart of the Redis");
    }
}

static bool has_lock(const struct model *model, const struct modelled_server *server)
{
    assert(server->store.ids == model->count);
    return server->store.at[KEY_LOCK].content != CONTENT_NOTHING &&
           server_clock_ms(model, server) <= server->store.at[KEY_LOCK].until_ms;
}

/* --- eviction, scripts, types, memory --------------------------------------------------------- */

static bool evict_lock(struct model *model, struct modelled_server *server)
{
    assert(&model->servers[server->number] == server);
    if (server->state != SERVER_IS_UP || !has_lock(model, server) ||
        server->store.at[KEY_LOCK].until_ms == STORE_FOR_GOOD) {
        return false;
    }
    server_keep_image(model, server);
    server_lock_gone(model, server, "was evicted");
    return true;
}

static bool forget_scripts(struct model *model, struct modelled_server *server)
{
    if (server->state != SERVER_IS_UP) {
        return false;
    }
    server->forgetful = true;
    server->scripts = 0;
    for (uint32_t i = 0; i < model->exchanges.connection_count; i++) {
        struct connection *connection = &model->exchanges.connections[i];
        connection->stale =
            connection->server == server->number ? ops_with(OP_SCRIPT) : connection->stale;
    }
    return true;
}

static void put_list(struct model *model, struct modelled_server *server)
{
    assert(server->state == SERVER_IS_UP);
    server_keep_image(model, server);
    if (has_lock(model, server) && server->store.at[KEY_LOCK].content != CONTENT_LIST) {
        server_lock_gone(model, server, "was overwritten by a list");
    }
    struct keyspace keys = server_keys(model, server, NULL);
    keyspace_put_foreign(&keys, KEY_LOCK, CONTENT_LIST);
    server_note_expiry(model, server);
}

static bool wrong_type(struct model *model, struct modelled_server *server)
{
    bool up = server->state == SERVER_IS_UP;
    if (!up && server->state != SERVER_IS_BOOTING) {
        return false;
    }
    server->foreign = true; /* one that starts has the list as soon as it is up */
    server->pending &= ~(1u << SERVER_WRONG_TYPE);
    if (up) {
        put_list(model, server);
    }
    return true;
}

static bool take_memory(struct modelled_server *server)
{
    if (server->state != SERVER_IS_UP && server->state != SERVER_IS_BOOTING) {
        return false;
    }
    server->oom = true;
    server->pending &= ~(1u << SERVER_OOM);
    return true;
}

/* One that is down can begin nothing, but what ends is over; both outlast its death. */
static bool refuse(struct modelled_server *server, uint8_t refusals)
{
    bool there = server->state == SERVER_IS_UP || server->state == SERVER_IS_BOOTING;
    bool begins = refusals & ~server->refusals;
    if (begins && !there) {
        return false;
    }
    server->refusals = refusals;
    return true;
}

static bool recover(struct model *model, struct modelled_server *server, uint8_t from)
{
    server->pending |= 1u << from;
    if (server->state == SERVER_IS_UP) {
        recover_pending(model, server);
    }
    return true;
}

static void recover_pending(struct model *model, struct modelled_server *server)
{
    assert(server->state == SERVER_IS_UP);
    if (server->pending & 1u << SERVER_WRONG_TYPE) {
        server->foreign = false;
    }
    if (server->pending & 1u << SERVER_WRONG_TYPE &&
        server->store.at[KEY_LOCK].content == CONTENT_LIST) {
        server_keep_image(model, server);
        struct keyspace keys = server_keys(model, server, NULL);
        keyspace_delete(&keys, KEY_LOCK);
    }
    if (server->pending & 1u << SERVER_OOM) {
        server->oom = false;
    }
    server->pending = 0;
}

/* The server's right time is that with which the trial began. */
void server_shift_clock(struct model *model, struct modelled_server *server,
                        const struct clock_order *order)
{
    assert(order->wall);
    skew_set(&server->clock, model->now_ns, server->right_ns, order);
    server_note_expiry(model, server);
}

bool server_expire_lock(struct model *model, struct modelled_server *server)
{
    assert(server->number < model->server_count);
    struct keyspace keys = server_keys(model, server, NULL);
    if (server->state != SERVER_IS_UP || !keyspace_delete(&keys, KEY_LOCK)) {
        return false;
    }
    server_lock_gone(model, server, NULL);
    return true;
}

bool server_order(struct model *model, struct modelled_server *server,
                  const struct server_order *order)
{
    switch ((enum server_fault)order->fault) {
    case SERVER_STALL:
        return stall(model, server);
    case SERVER_GO_ON:
        return go_on(model, server);
    case SERVER_CRASH:
        return crash(model, server, false);
    case SERVER_RESTART:
        return restart(model, server);
    case SERVER_POWER_LOSS:
        return crash(model, server, true);
    case SERVER_EVICT_LOCK:
        return evict_lock(model, server);
    case SERVER_FORGET_SCRIPTS:
        return forget_scripts(model, server);
    case SERVER_WRONG_TYPE:
        return wrong_type(model, server);
    case SERVER_OOM:
        return take_memory(server);
    case SERVER_RECOVER:
        return recover(model, server, order->from);
    case SERVER_REFUSE:
        return refuse(server, order->refusals);
    case SERVER_NOTHING:
        break;
    }
    return false;
}
