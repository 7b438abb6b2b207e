/* The director. See director.h. */
#include "sim/host/director.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "sim/host/dice.h"

static void set_timer(struct director *director, struct director_timer timer)
{
    if (director->timer_count == DIRECTOR_TIMERS_MAX) {
        director->lost++;
        return;
    }
    timer.seq = director->timer_seq++;
    director->timers[director->timer_count++] = timer;
}

void director_begin(struct director *director, const struct scenario *scenario, uint64_t seed,
                    const struct world *world, const struct progress_process *members,
                    struct watches *watches, void (*record)(void *, struct history_event *),
                    void *record_self)
{
    /* Only what is in use is set: a model's trial is shorter than wiping the lists would take. */
    memset(director, 0, offsetof(struct director, timers));
    director->last[0] = '\0';
    director->last_ns = 0;
    atomic_store(&watches->count, 0);
    director->scenario = scenario;
    director->world = *world;
    director->members = members;
    director->watches = watches;
    director->record = record;
    director->record_self = record_self;
    director->dice = seed ^ 0x646972656374ULL; /* another stream than the hosts' own dice */
    for (uint16_t i = 0; i < scenario->fault_count; i++) {
        const struct trigger *trigger = &scenario->faults[i].trigger;
        switch ((enum trigger_kind)trigger->kind) {
        case TRIGGER_AT:
        case TRIGGER_EVERY:
            set_timer(director, (struct director_timer){
                                    .at_ns = trigger->at_ns, .fault = i, .id = HISTORY_HARNESS});
            break;
        case TRIGGER_WHEN:
            if (watches_arm(watches, i, trigger) < 0) {
                director->lost++;
            }
            break;
        case TRIGGER_RANDOMLY:
        case TRIGGER_SETTLED:
        case TRIGGER_KINDS:
            break;
        }
    }
}

/* --- whom ----------------------------------------------------------------------------------------
 */

static bool is_up(const struct progress_process *member)
{
    return member->alive && member->started && !member->paused;
}

int32_t members_settled_on(const struct progress_process *members, uint32_t count)
{
    int32_t leader = NOBODY;
    for (uint32_t i = 0; i < count; i++) {
        if (!is_up(&members[i])) {
            continue;
        }
        int32_t follows = members[i].claim.follows;
        if (follows == NOBODY || (leader != NOBODY && follows != leader)) {
            return NOBODY;
        }
        leader = follows;
    }
    if (leader == NOBODY || (uint32_t)leader >= count || !is_up(&members[leader]) ||
        !members[leader].claim.leads) {
        return NOBODY;
    }
    return leader;
}

static uint32_t member_count(const struct director *director)
{
    return director->scenario->settings.nodes + 1u;
}

/* Of several who act as leader, the one of the newest term. */
static int32_t current_leader(const struct director *director)
{
    int32_t leader = NOBODY;
    for (uint32_t i = 0; i < member_count(director); i++) {
        const struct progress_process *member = &director->members[i];
        if (member->alive && member->claim.leads &&
            (leader == NOBODY || member->claim.term > director->members[leader].claim.term)) {
            leader = (int32_t)i;
        }
    }
    return leader;
}

static int32_t any_node(struct director *director)
{
    uint32_t live = 0;
    for (uint32_t i = 1; i < member_count(director); i++) {
        live += director->members[i].alive;
    }
    if (live == 0) {
        return NOBODY;
    }
    uint64_t chosen = dice_below(&director->dice, live);
    for (uint32_t i = 1; i < member_count(director); i++) {
        if (director->members[i].alive && chosen-- == 0) {
            return (int32_t)i;
        }
    }
    return NOBODY;
}

/* --- applying ------------------------------------------------------------------------------------
 */

static const struct fault_spec *spec_of(const struct director *director, uint16_t fault)
{
    return &director->scenario->faults[fault];
}

static void write_event(struct director *director, uint8_t kind, uint16_t fault, uint16_t id,
                        const char *why)
{
    const struct fault_spec *spec = spec_of(director, fault);
    struct history_event event = {.kind = kind, .process = id, .why = why};
    event.fault =
        (struct history_fault){.index = fault, .kind = spec->kind, .param = spec->params[0]};
    director->record(director->record_self, &event);
}

static void remember(struct director *director, uint16_t fault, uint16_t id, int64_t now_ns)
{
    const struct fault_spec *spec = spec_of(director, fault);
    director->last_ns = now_ns;
    if (id == HISTORY_HARNESS || spec->target.kind == TARGET_IDS) {
        snprintf(director->last, sizeof director->last, "%s", spec->text);
    } else if (id == MASTER_ID) {
        snprintf(director->last, sizeof director->last, "%s (the master)", spec->text);
    } else {
        snprintf(director->last, sizeof director->last, "%s (node %u)", spec->text, id);
    }
}

static void unwound(struct director *director, uint16_t fault, uint16_t id)
{
    for (uint32_t i = 0; i < director->wound_count; i++) {
        if (director->wounds[i].fault == fault && director->wounds[i].id == id) {
            director->wounds[i] = director->wounds[--director->wound_count];
            return;
        }
    }
}

static void apply_to(struct director *director, uint16_t fault, uint16_t id, int64_t now_ns)
{
    const struct fault_spec *spec = spec_of(director, fault);
    const struct fault_row *row = fault_rows[spec->kind];

    remember(director, fault, id, now_ns);
    write_event(director, HISTORY_FAULT, fault, id, spec->text);
    if (!row->apply(&director->world, id, spec)) {
        write_event(director, HISTORY_HEALED, fault, id, "it made no sense now: nothing was done");
        return;
    }
    if (!row->heal) {
        return;
    }
    if (director->wound_count == DIRECTOR_TIMERS_MAX) {
        director->lost++;
        return;
    }
    director->wounds[director->wound_count++] = (struct director_wound){.fault = fault, .id = id};
    if (fault_lasts_ns(spec) > 0) {
        set_timer(director, (struct director_timer){.at_ns = now_ns + fault_lasts_ns(spec),
                                                    .fault = fault,
                                                    .id = id,
                                                    .heal = true});
    }
}

static void heal_one(struct director *director, uint16_t fault, uint16_t id)
{
    const struct fault_spec *spec = spec_of(director, fault);
    unwound(director, fault, id);
    if (fault_rows[spec->kind]->heal(&director->world, id, spec)) {
        write_event(director, HISTORY_HEALED, fault, id, "healed");
    }
}

/* The lock is held for a fraction of a millisecond: whoever holds it is met by lying in wait. */
static void lie_in_wait(struct director *director, uint16_t fault)
{
    struct trigger trigger = {.kind = TRIGGER_WHEN,
                              .moment = MOMENT_ACQUIRES_LOCK,
                              .who = {.kind = TARGET_ANY},
                              .nth = 1};
    if (watches_arm(director->watches, fault, &trigger) < 0) {
        director->lost++;
    }
}

static void apply_to_one(struct director *director, uint16_t fault, int32_t id, int64_t now_ns)
{
    if (id == NOBODY) {
        write_event(director, HISTORY_FAULT, fault, HISTORY_HARNESS,
                    "there is nobody to do it to: nothing was done");
        return;
    }
    apply_to(director, fault, (uint16_t)id, now_ns);
}

/* Applies a fault. `at` is the process that stands at the fault's trigger, or HISTORY_HARNESS. */
static void apply(struct director *director, uint16_t fault, uint16_t at, int64_t now_ns)
{
    const struct target *target = &spec_of(director, fault)->target;
    bool in_section = at != HISTORY_HARNESS && director->members[at].claim.in_section;
    int32_t but = at != HISTORY_HARNESS ? (int32_t)at : current_leader(director);

    switch ((enum target_kind)target->kind) {
    case TARGET_IDS:
        for (uint16_t i = 0; i < target->count; i++) {
            apply_to(director, fault, target->ids[i], now_ns);
        }
        return;
    case TARGET_LEADER:
        apply_to_one(director, fault, current_leader(director), now_ns);
        return;
    case TARGET_ANY:
        apply_to_one(director, fault, any_node(director), now_ns);
        return;
    case TARGET_LOCK_HOLDER:
        if (in_section) {
            apply_to(director, fault, at, now_ns);
        } else {
            lie_in_wait(director, fault);
        }
        return;
    case TARGET_LOCK:
        if (in_section || !fault_rows[spec_of(director, fault)->kind]->awaits_holder) {
            apply_to(director, fault, HISTORY_HARNESS, now_ns);
        } else {
            lie_in_wait(director, fault);
        }
        return;
    case TARGET_REDIS:
        apply_to(director, fault, HISTORY_HARNESS, now_ns);
        return;
    case TARGET_OTHERS:
        for (uint32_t i = 1; i < member_count(director); i++) {
            if ((int32_t)i != but && director->members[i].alive) {
                apply_to(director, fault, (uint16_t)i, now_ns);
            }
        }
        return;
    case TARGET_KINDS:
        break;
    }
    assert(false && "a target without a case");
}

/* --- when ----------------------------------------------------------------------------------------
 */

static const struct director_timer *first_timer(const struct director *director)
{
    const struct director_timer *first = NULL;
    for (uint32_t i = 0; i < director->timer_count; i++) {
        const struct director_timer *timer = &director->timers[i];
        if (!first || timer->at_ns < first->at_ns ||
            (timer->at_ns == first->at_ns && timer->seq < first->seq)) {
            first = timer;
        }
    }
    return first;
}

int64_t director_due(const struct director *director)
{
    const struct director_timer *first = first_timer(director);
    return first ? first->at_ns : INT64_MAX;
}

static void repeat(struct director *director, const struct director_timer *timer)
{
    const struct trigger *trigger = &spec_of(director, timer->fault)->trigger;
    int64_t next = timer->at_ns + trigger->at_ns;
    if (trigger->kind == TRIGGER_EVERY && next < trigger->until_ns) {
        set_timer(director, (struct director_timer){
                                .at_ns = next, .fault = timer->fault, .id = HISTORY_HARNESS});
    }
}

void director_advance(struct director *director, int64_t now_ns)
{
    const struct director_timer *first;
    while ((first = first_timer(director)) && first->at_ns <= now_ns) {
        struct director_timer timer = *first;
        director->timers[first - director->timers] = director->timers[--director->timer_count];
        if (timer.heal) {
            heal_one(director, timer.fault, timer.id);
        } else {
            apply(director, timer.fault, timer.id, now_ns);
            repeat(director, &timer);
        }
    }
}

void director_hit(struct director *director, int watch, uint16_t id, int64_t now_ns)
{
    uint16_t fault = director->watches->list[watch].fault;
    const struct trigger *trigger = &spec_of(director, fault)->trigger;
    bool own = trigger->kind == TRIGGER_WHEN; /* else we lay in wait for a lock holder */
    if (own && trigger->after_ns > 0) {
        set_timer(director, (struct director_timer){
                                .at_ns = now_ns + trigger->after_ns, .fault = fault, .id = id});
        return;
    }
    apply(director, fault, id, now_ns);
}

void director_settled(struct director *director, int64_t now_ns)
{
    director->settled_count++;
    for (uint16_t i = 0; i < director->scenario->fault_count; i++) {
        const struct trigger *trigger = &spec_of(director, i)->trigger;
        if (trigger->kind == TRIGGER_SETTLED && trigger->nth == director->settled_count) {
            set_timer(director, (struct director_timer){.at_ns = now_ns + trigger->after_ns,
                                                        .fault = i,
                                                        .id = HISTORY_HARNESS});
        }
    }
}

void director_heal(struct director *director, int64_t now_ns)
{
    (void)now_ns;
    director->timer_count = 0;
    for (uint32_t i = 0; i < atomic_load(&director->watches->count); i++) {
        atomic_store(&director->watches->list[i].armed, 0);
    }
    while (director->wound_count > 0) {
        struct director_wound wound = director->wounds[director->wound_count - 1];
        heal_one(director, wound.fault, wound.id);
    }
    for (uint16_t id = 0; director->world.stall && id < member_count(director); id++) {
        director->world.stall(director->world.self, id, 0);
    }
}
