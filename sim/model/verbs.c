/* The verbs. See verbs.h. */
#include "sim/model/verbs.h"

#include <assert.h>

#include "sim/host/command.h"
#include "sim/model/channel.h"
#include "sim/model/links.h"
#include "sim/model/member.h"
#include "sim/model/server.h"

#define SIGNAL_KILL 9

static void look_now(struct model *model, uint16_t id)
{
    model_put(model, model->now_ns, DUE_LOOK, id);
}

static bool command(void *self, uint16_t id, enum command command, int32_t value)
{
    struct model *model = self;
    assert(id < model->count);
    const struct cluster_member *progress = &model->progress[id];
    bool in_vain = command == COMMAND_RESIGN && !progress->claim.leads;
    if (!progress->alive || !progress->started || in_vain) {
        return false;
    }
    model->members[id].command = command_packed(command, value);
    look_now(model, id);
    return true;
}

static bool crash(void *self, uint16_t id)
{
    struct model *model = self;
    assert(id < model->count);
    if (!model->progress[id].alive) {
        return false;
    }
    member_die(model, id,
               &(struct history_died){.by_fault = 1, .exit_status = -1, .signal = SIGNAL_KILL});
    return true;
}

static bool restart(void *self, uint16_t id)
{
    struct model *model = self;
    assert(id < model->count);
    if (model->progress[id].alive) {
        return false;
    }
    member_bear(model, id, true, model->now_ns + model_round_trip(model));
    return true;
}

static bool pause_member(void *self, uint16_t id)
{
    struct model *model = self;
    assert(id < model->count);
    struct cluster_member *progress = &model->progress[id];
    if (!progress->alive || progress->paused) {
        return false;
    }
    progress->paused = true;
    model_changed(model);
    model_record(model, HISTORY_PAUSED, id);
    return true;
}

/* A read that was interrupted begins anew, with all its timeout. */
static bool resume(void *self, uint16_t id)
{
    struct model *model = self;
    assert(id < model->count);
    struct cluster_member *progress = &model->progress[id];
    if (!progress->alive || !progress->paused) {
        return false;
    }
    progress->paused = false;
    model_changed(model);
    model_record(model, HISTORY_RESUMED, id);
    exchanges_wait_anew(model, id);
    look_now(model, id);
    return true;
}

static bool stall(void *self, uint16_t id, int64_t for_ns)
{
    struct model *model = self;
    assert(id < model->count);
    struct member *member = &model->members[id];
    if (!model->progress[id].alive) {
        return false;
    }
    member->stall_ns = for_ns > member->stall_ns || for_ns == 0 ? for_ns : member->stall_ns;
    if (for_ns == 0 && member->state == MEMBER_STALLS) {
        member->stalls_until_ns = model->now_ns;
        look_now(model, id);
    }
    return true;
}

static struct modelled_server *server_at(struct model *model, uint8_t server)
{
    assert(server < model->server_count);
    return &model->servers[server];
}

static bool expire_lock(void *self, uint8_t server)
{
    return server_expire_lock(self, server_at(self, server));
}

static bool shift_clock(void *self, struct fault_place at, const struct clock_order *order)
{
    if (at.id == HISTORY_HARNESS) {
        server_shift_clock(self, server_at(self, at.server), order);
    } else {
        member_shift_clock(self, at.id, order);
    }
    return true;
}

static bool order_server(void *self, uint8_t server, const struct server_order *order)
{
    return server_order(self, server_at(self, server), order);
}

static bool order_link(void *self, uint16_t id, uint8_t server, const struct link_order *order)
{
    return links_order(self, id, server, order);
}

const struct host_ops model_verbs = {
    .command = command,
    .crash = crash,
    .restart = restart,
    .pause = pause_member,
    .resume = resume,
    .stall = stall,
    .expire_lock = expire_lock,
    .server = order_server,
    .clock = shift_clock,
    .link = order_link,
};
