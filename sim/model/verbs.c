/* The verbs that faults are made of, in the model. Each means what the verb of the same name in
 * sim/processes/host_ops.c does to a real process.
 *
 * They are called while another process, or the same one, is in the middle of a step; so none of
 * them runs a step itself: they change what there is, and have the process look now. */
#include <assert.h>

#include "sim/model/state.h"

#define SIGNAL_KILL 9

static void look_now(struct model *model, uint16_t id)
{
    model_put(model, model->now_ns, DUE_LOOK, id);
}

static bool flip(void *self, uint16_t id, enum status to)
{
    struct model *model = self;
    if (!model->progress[id].alive || !model->progress[id].started) {
        return false;
    }
    model->members[id].flip = (uint8_t)(1 + to);
    look_now(model, id);
    return true;
}

static bool crash(void *self, uint16_t id)
{
    struct model *model = self;
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
    if (model->progress[id].alive) {
        return false;
    }
    member_bear(model, id, true, model->now_ns + wire_round_trip(model));
    return true;
}

static bool pause_member(void *self, uint16_t id)
{
    struct model *model = self;
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
    struct member *member = &model->members[id];
    struct cluster_member *progress = &model->progress[id];
    if (!progress->alive || !progress->paused) {
        return false;
    }
    progress->paused = false;
    model_changed(model);
    model_record(model, HISTORY_RESUMED, id);
    if (member->state == MEMBER_ASKS && member->connection != NO_CONNECTION) {
        member->until_ns = model->now_ns + model->scenario->request_timeout_ns;
        wire_mind_timeout(model, &model->connections[member->connection]);
    }
    look_now(model, id);
    return true;
}

static bool stall(void *self, uint16_t id, int64_t for_ns)
{
    struct model *model = self;
    struct member *member = &model->members[id];
    if (!model->progress[id].alive) {
        return false;
    }
    member->stall_ns = for_ns > member->stall_ns || for_ns == 0 ? for_ns : member->stall_ns;
    if (for_ns == 0 && member->state == MEMBER_STALLS) {
        member->until_ns = model->now_ns;
        look_now(model, id);
    }
    return true;
}

static bool expire_lock(void *self, uint8_t server)
{
    struct model *model = self;
    assert(server == 0);
    struct keyspace keys = server_keys(model, NULL);
    if (model->modelled_server.state != SERVER_IS_UP || !keyspace_delete(&keys, KEY_LOCK)) {
        return false;
    }
    server_lock_gone(model, NULL);
    return true;
}

/* The server's right time is that with which the trial began. */
static bool shift_clock(void *self, struct fault_place at, const struct clock_order *order)
{
    struct model *model = self;
    if (at.id == HISTORY_HARNESS) {
        assert(at.server == 0);
        skew_set(&model->server_clock, model->now_ns, model->modelled_server.right_ns, order);
        server_note_expiry(model);
        return true;
    }
    struct member *member = &model->members[at.id];
    skew_set(&member->clock, model->now_ns, 0, order);
    if (member->state == MEMBER_WAITS) {
        member->until_ns = skew_true(&member->clock, member->wake_ns);
        int64_t at_ns = member->until_ns;
        queue_put(&model->queue, at_ns > model->now_ns ? at_ns : model->now_ns, DUE_LOOK, at.id);
    }
    return true;
}

const struct host_ops model_verbs = {
    .flip = flip,
    .crash = crash,
    .restart = restart,
    .pause = pause_member,
    .resume = resume,
    .stall = stall,
    .expire_lock = expire_lock,
    .server = modelled_server_verb,
    .clock = shift_clock,
    .link = links_verb,
};
