/* One trial in virtual time: its phases, and the loop that goes from one thing that is due to the
 * next. The phases are those of run_states.c of the processes host. */
#include <assert.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/host/hand.h"
#include "sim/host/plan.h"
#include "sim/host/rng.h"
#include "sim/model/channel.h"
#include "sim/model/links.h"
#include "sim/model/member.h"
#include "sim/model/server.h"
#include "sim/model/sound.h"
#include "sim/model/trial.h"
#include "sim/model/verbs.h"
#include "sim/model/wire.h"
#include "src/protocol.h"

/* More events than this are no trial any more: 4 GiB of them. */
#define EVENTS_MAX (UINT32_C(1) << 26)

/* After so many events the checks, while they are still warm, and the watcher have their turn. */
#define PORTION 512

static void record_phase(struct model *model, enum history_phase phase)
{
    struct history_event *event = model_event(model);
    *event = (struct history_event){.kind = HISTORY_PHASE, .phase = (uint8_t)phase};
    model_recorded(model, event, HISTORY_HARNESS);
}

static void enter(struct model *model, enum history_phase phase, int64_t lasts_ns)
{
    assert(lasts_ns >= 0);
    model->phase = phase;
    model->phase_until_ns = model->now_ns + lasts_ns;
    record_phase(model, phase);
}

static void end(struct model *model)
{
    assert(!model->stop && model->phase != PHASE_END);
    record_phase(model, PHASE_END);
    model->stop = true;
}

/* --- the beginning ---------------------------------------------------------------------------- */

static void reset(struct model *model, uint64_t seed)
{
    queue_reset(&model->queue, 0);
    model->stop = model->failed = model->interrupted = false;
    model->settled = false;
    model->unheard = model->count - 1;
    model->error[0] = '\0';

    uint64_t rng = seed ^ 0x6d6f64656cULL; /* another stream than starts and nemesis have */
    model->machine_rng = seed ^ 0x6d616368696e65ULL;
    model->timers_seed = seed ^ 0x74696d657273ULL;
    model->starts_free_ns = INT64_MIN;
    model->link_rng = rng_next(&rng);
    model->token_rng = rng_next(&rng);
    servers_reset(model, &rng);
    exchanges_reset(model);
    links_reset(model, seed);
}

static bool waits_for_settling(const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        if (scenario->faults[i].trigger.kind == TRIGGER_SETTLED) {
            return true;
        }
    }
    return false;
}

/* Everybody connects a little before the trial's zero. */
static void bear_all(struct model *model)
{
    model->now_ns = -2 * latency_median(&model->network->one_way);
    for (uint32_t id = 0; id < model->count; id++) {
        struct member *member = &model->members[id];
        member->clock = (struct skew){.ns = MODEL_CLOCK_NS};
        member->state = MEMBER_DEAD;
        member->own = (struct exchange_list){NO_EXCHANGE, NO_EXCHANGE};
        member->request_number = 0;
        member->heard = NO_EXCHANGE;
        member->reports = 0;
        if (id >= protocol_first_id(&model->scenario->settings)) {
            member_bear(model, (uint16_t)id, false, model->now_ns);
        }
    }
    model->now_ns = 0;
}

bool trial_attach(struct model *model, uint64_t seed)
{
    struct host_ops ops = model_verbs;
    const struct record record = {
        .self = model, .event = model_record_event, .amend = model_amend_event, .now = model_now};
    ops.self = model;
    return nemesis_begin(&model->nemesis, model->scenario, seed, &ops, model->progress,
                         &model->breakpoints, &record);
}

void trial_begin(struct model *model, uint64_t seed)
{
    const struct scenario *scenario = model->scenario;
    reset(model, seed);
    if (!trial_attach(model, seed)) {
        model_fail(model, "out of memory");
        return;
    }
    bear_all(model);
    enter(model, PHASE_SAFETY, scenario->duration_ns);
    model->cares = waits_for_settling(scenario);
    model->alarm_ns = model->phase_until_ns;
    model_mind_nemesis(model);
    plan_starts(scenario, seed, model->starts_ns);
    for (uint32_t id = 0; id < model->count; id++) {
        if (model->starts_ns[id] < INT64_MAX) {
            model_put(model, model->starts_ns[id], DUE_START, id);
        }
    }
}

/* --- what is not in the queue ----------------------------------------------------------------- */

static void begin_liveness(struct model *model)
{
    assert(model->phase == PHASE_SAFETY);
    if (!model->scenario->heal) {
        end(model);
        return;
    }
    nemesis_heal(&model->nemesis);
    enter(model, PHASE_LIVENESS, model->scenario->expect.settles_within_ns);
    model->settled = false;
    model->cares = true;
    model->changed = true;
}

/* The lock's TTL, the nemesis's timers and the end of the phase, in this order. */
static void heed_alarm(struct model *model)
{
    assert(model->alarm_ns < INT64_MAX);
    model->now_ns = model->alarm_ns > model->now_ns ? model->alarm_ns : model->now_ns;
    for (uint32_t i = 0; i < model->server_count; i++) {
        if (model->servers[i].lock_expires_ns <= model->now_ns) {
            server_lock_gone(model, &model->servers[i], NULL);
        }
    }
    if (model->phase == PHASE_SAFETY) {
        nemesis_advance(&model->nemesis, model->now_ns);
    }
    if (model->phase_until_ns <= model->now_ns) {
        if (model->phase == PHASE_SAFETY) {
            begin_liveness(model);
        } else {
            end(model);
        }
    }
    model->alarm_ns = model->phase_until_ns;
    model_set_alarm(model, servers_next_expiry(model));
    if (model->phase == PHASE_SAFETY) {
        model_mind_nemesis(model);
    }
}

static void notice_settling(struct model *model)
{
    assert(model->changed);
    model->changed = false;
    if (!model->cares) {
        return;
    }
    bool settled =
        members_settled_on(&model->scenario->settings, model->progress, model->now_ns) != NOBODY;
    if (settled && model->phase == PHASE_LIVENESS) {
        end(model);
    } else if (settled && !model->settled) {
        nemesis_settled(&model->nemesis, model->now_ns);
        model_mind_nemesis(model);
    }
    model->settled = settled;
}

/* --- what is in it ---------------------------------------------------------------------------- */

/* Those who await everybody start. */
static void all_reported(struct model *model)
{
    assert(model->unheard == 0);
    for (uint32_t id = 0; id < model->count; id++) {
        if (model->phase != PHASE_END && model->scenario->starts[id].kind == START_ALL_REPORTED &&
            !model->progress[id].started) {
            model_put(model, model->now_ns, DUE_START, id);
        }
    }
}

static void start(struct model *model, uint16_t id)
{
    if (model->phase != PHASE_END) {
        model->progress[id].started = true;
        model_changed(model);
        member_look(model, id);
    }
}

/* Those who are to start at the same time are started one after the other. */
static void start_in_turn(struct model *model, uint16_t id)
{
    assert(id < model->count);
    bool at_once = model->starts_free_ns <= model->now_ns;
    int64_t at_ns = at_once ? model->now_ns : model->starts_free_ns;
    model->starts_free_ns = at_ns + latency_draw(&model->network->start, &model->machine_rng);
    if (at_once) {
        start(model, id);
    } else {
        model_put(model, at_ns, DUE_RING, id);
    }
}

static inline void handle(struct model *model, struct due due)
{
    switch ((enum due_kind)due.what) {
    case DUE_START:
        start_in_turn(model, (uint16_t)due.whom);
        return;
    case DUE_RING:
        start(model, (uint16_t)due.whom);
        return;
    case DUE_LOOK:
        member_look(model, (uint16_t)due.whom);
        return;
    case DUE_ARRIVAL:
        wire_arrives(model, due.whom);
        return;
    case DUE_SERVICE:
        wire_serves(model, due.whom);
        return;
    case DUE_ANSWER:
        if (wire_answers(model, due.whom)) {
            member_answered(model, due.whom);
        }
        return;
    case DUE_BOOT:
        server_booted(model, &model->servers[due.whom]);
        return;
    case DUE_RELEASE:
        if (wire_goes_on(model, due.whom)) {
            member_answered(model, due.whom);
        }
        return;
    case DUE_REPORTED:
        all_reported(model);
        return;
    }
}

static void mind_the_outside(struct model *model)
{
    model_assert_sound(model);
    model_sync(model);
    if (model->checks) {
        check_run_events(model->checks);
    }
    if (model->look && !model->look(model->look_self)) {
        model->interrupted = true;
        model->stop = true;
    }
    if (model->event_count > EVENTS_MAX) {
        model_fail(model, "the trial is too long for one history; shorten it");
    }
    if (model->queue.lost) {
        model_fail(model, "out of memory");
    }
}

/* What happens before then happens without a detour through the queue. */
static int64_t quiet_until(const struct model *model)
{
    if (model->detours) {
        return INT64_MIN;
    }
    int64_t next_ns = queue_next(&model->queue);
    return next_ns < model->alarm_ns ? next_ns : model->alarm_ns;
}

static void loop(struct model *model)
{
    uint32_t portion = PORTION;
    while (!model->stop) {
        if (model->alarm_ns <= queue_next(&model->queue)) {
            heed_alarm(model);
        } else {
            struct due due = queue_take(&model->queue);
            model->quiet_ns = quiet_until(model);
            model->now_ns = due.at_ns;
            handle(model, due);
        }
        if (model->changed) {
            notice_settling(model);
        }
        if (model->event_count >= portion) {
            mind_the_outside(model);
            portion = model->event_count + PORTION;
        }
    }
}

void trial_end(struct model *model)
{
    assert(model->stop);
    model_assert_sound(model);
    if (model->queue.lost || model->nemesis.out_of_memory) {
        model_fail(model, "out of memory");
    }
}

void trial_run(struct model *model, uint64_t seed)
{
    trial_begin(model, seed);
    loop(model);
    trial_end(model);
}

/* --- in steps --------------------------------------------------------------------------------- */

void trial_take_due(struct model *model, uint32_t seq)
{
    struct due due = queue_remove(&model->queue, seq);
    assert(!model->stop);
    model->quiet_ns = INT64_MIN;
    model->now_ns = due.at_ns > model->now_ns ? due.at_ns : model->now_ns;
    handle(model, due);
    if (model->changed) {
        notice_settling(model);
    }
}

void trial_take_alarm(struct model *model)
{
    assert(!model->stop);
    model->quiet_ns = INT64_MIN;
    heed_alarm(model);
    if (model->changed) {
        notice_settling(model);
    }
}

const char *trial_order(struct model *model, struct hand_order order, int64_t at_ns)
{
    int64_t due_ns = queue_next(&model->queue);
    due_ns = model->alarm_ns < due_ns ? model->alarm_ns : due_ns;
    assert(!model->stop);
    at_ns = at_ns > model->now_ns ? at_ns : model->now_ns + 1;
    at_ns = at_ns < due_ns ? at_ns : due_ns;
    model->now_ns = at_ns > model->now_ns ? at_ns : model->now_ns;
    model->quiet_ns = INT64_MIN;
    const char *why_not = hand_do(&model->nemesis, order, model->now_ns);
    if (model->phase == PHASE_SAFETY) {
        model_mind_nemesis(model);
    }
    if (model->changed) {
        notice_settling(model);
    }
    return why_not;
}
