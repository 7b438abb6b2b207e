/* The director. See director.h. */
#include "sim/host/director.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "sim/host/active.h"
#include "sim/host/chaos.h"
#include "sim/host/dice.h"
#include "sim/host/late.h"

static const struct fault_spec *spec_of(const struct director *director, uint16_t fault)
{
    return &director->scenario->faults[fault];
}

void director_set_timer(struct director *director, struct timer timer)
{
    if (!timers_set(&director->timers, timer)) {
        director->out_of_memory = true;
    }
}

/* Sets the timer of the group's draw `number`, counted from the one before it. */
static void set_next_draw(struct director *director, uint16_t first, uint32_t number,
                          int64_t since_ns)
{
    int64_t at_ns = since_ns + chaos_gap_ns(director, first, number);
    if (at_ns < director->scenario->faults[first].trigger.until_ns) {
        director_set_timer(
            director, (struct timer){
                          .at_ns = at_ns, .fault = first, .id = HISTORY_HARNESS, .number = number});
    }
}

bool director_begin(struct director *director, const struct scenario *scenario, uint64_t seed,
                    const struct world *world, const struct cluster_member *members,
                    struct watches *watches, const struct record *record)
{
    /* The lists keep their memory: a model's trial is shorter than getting it would take. */
    struct timers timers = director->timers;
    struct actives actives = director->actives;
    memset(director, 0, sizeof *director);
    timers_clear(&timers);
    director->out_of_memory = !actives_begin(&actives, scenario->settings.nodes + 2u);
    director->timers = timers;
    director->actives = actives;
    atomic_store(&watches->count, 0);
    director->scenario = scenario;
    director->world = *world;
    director->members = members;
    director->watches = watches;
    director->record = *record;
    director->seed = seed;
    director->server_state = STATE_UP;
    director->dice = seed ^ 0x646972656374ULL; /* another stream than the hosts' own dice */
    for (uint16_t i = 0; i < scenario->fault_count; i++) {
        const struct trigger *trigger = &scenario->faults[i].trigger;
        switch ((enum trigger_kind)trigger->kind) {
        case TRIGGER_AT:
        case TRIGGER_EVERY:
            director_set_timer(
                director,
                (struct timer){.at_ns = trigger->at_ns, .fault = i, .id = HISTORY_HARNESS});
            break;
        case TRIGGER_WHEN:
            watches_arm(watches, i, trigger);
            break;
        case TRIGGER_RANDOMLY:
            if (trigger->first == i) {
                set_next_draw(director, i, 1, 0);
            }
            break;
        case TRIGGER_SETTLED:
        case TRIGGER_KINDS:
            break;
        }
    }
    return !director->out_of_memory;
}

void director_free(struct director *director)
{
    timers_free(&director->timers);
    actives_free(&director->actives);
}

/* --- whom ----------------------------------------------------------------------------------------
 */

int32_t members_settled_on(const struct cluster_member *members, uint32_t count, int64_t now_ns)
{
    const struct cluster_standing standing = cluster_stands(members, count);
    int32_t leader = cluster_agrees_on(&standing, true);
    bool member = leader != NOBODY && (uint32_t)leader < count;
    return member && cluster_is_settled(&members[leader], now_ns) ? leader : NOBODY;
}

static uint32_t member_count(const struct director *director)
{
    return director->scenario->settings.nodes + 1u;
}

int32_t director_leader(const struct director *director)
{
    int32_t leader = NOBODY;
    for (uint32_t i = 0; i < member_count(director); i++) {
        const struct cluster_member *member = &director->members[i];
        if (cluster_acts_as_leader(member, director->now_ns) &&
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

/* --- whom it hits --------------------------------------------------------------------------------
 */

/* The lock is held for a fraction of a millisecond: whoever holds it is met by lying in wait. A
 * fault that does so already (`every`) does it once more at the same watch; a watch that did so
 * before is taken again. So two for each fault are enough. */
static void lie_in_wait(struct director *director, uint16_t fault)
{
    struct watches *watches = director->watches;
    struct trigger trigger = {.kind = TRIGGER_WHEN,
                              .moment = MOMENT_ACQUIRES_LOCK,
                              .who = {.kind = TARGET_ANY},
                              .nth = 1};
    struct watch *spare = NULL;
    for (uint32_t i = 0; i < atomic_load(&watches->count); i++) {
        struct watch *watch = &watches->list[i];
        if (watch->in_wait && watch->times > 0 && watch->fault == fault) {
            watch->times++;
            return;
        }
        spare = !spare && watch->in_wait && watch->times == 0 ? watch : spare;
    }
    if (!spare) {
        watches_arm_in_wait(watches, fault, &trigger);
        return;
    }
    spare->fault = fault;
    spare->times = 1;
    atomic_store(&spare->seen, 0);
    atomic_store_explicit(&spare->armed, 1, memory_order_release);
}

/* `nobody` says why there is no such process. */
static void apply_to_one(struct director *director, uint16_t fault, int32_t id, const char *nobody)
{
    if (id == NOBODY) {
        active_skip(director, fault, nobody);
        return;
    }
    active_apply(director, fault, (uint16_t)id);
}

/* Whether the process that stands at the fault's trigger has the lock: it says so, or the server
 * has just given it the lock, and it does not know yet. */
static bool has_lock(const struct director *director, uint16_t fault, uint16_t at)
{
    const struct trigger *trigger = &spec_of(director, fault)->trigger;
    if (at == HISTORY_HARNESS) {
        return false;
    }
    return director->members[at].claim.in_section ||
           (trigger->kind == TRIGGER_WHEN && trigger->applied &&
            trigger->moment == MOMENT_ASKS_LOCK);
}

/* Applies a fault. `at` is the process that stands at the fault's trigger, or HISTORY_HARNESS. */
static void apply(struct director *director, uint16_t fault, uint16_t at)
{
    const struct target *target = &spec_of(director, fault)->target;
    bool in_section = has_lock(director, fault, at), any = false;
    int32_t but = at != HISTORY_HARNESS ? (int32_t)at : director_leader(director);

    switch ((enum target_kind)target->kind) {
    case TARGET_IDS:
        for (uint16_t i = 0; i < target->count; i++) {
            active_apply(director, fault, target->ids[i]);
        }
        return;
    case TARGET_LEADER:
        apply_to_one(director, fault, director_leader(director), "nobody led");
        return;
    case TARGET_ANY:
        apply_to_one(director, fault, any_node(director), "no node was alive");
        return;
    case TARGET_LOCK_HOLDER:
        if (in_section) {
            active_apply(director, fault, at);
        } else {
            lie_in_wait(director, fault);
        }
        return;
    case TARGET_LOCK:
        if (in_section || !fault_rows[spec_of(director, fault)->kind]->awaits_holder) {
            active_apply(director, fault, HISTORY_HARNESS);
        } else {
            lie_in_wait(director, fault);
        }
        return;
    case TARGET_REDIS:
        active_apply(director, fault, HISTORY_HARNESS);
        return;
    case TARGET_OTHERS:
        for (uint32_t i = 1; i < member_count(director); i++) {
            if ((int32_t)i != but && director->members[i].alive) {
                active_apply(director, fault, (uint16_t)i);
                any = true;
            }
        }
        if (!any) {
            active_skip(director, fault, "no other node was alive");
        }
        return;
    case TARGET_KINDS:
        break;
    }
    assert(false && "a target without a case");
}

/* --- when ----------------------------------------------------------------------------------------
 */

int64_t director_due(const struct director *director)
{
    const struct timer *first = timers_first(&director->timers);
    return first ? first->at_ns : INT64_MAX;
}

static void repeat(struct director *director, const struct timer *timer)
{
    const struct trigger *trigger = &spec_of(director, timer->fault)->trigger;
    int64_t next = timer->at_ns + trigger->at_ns;
    if (trigger->kind == TRIGGER_EVERY && next < trigger->until_ns) {
        director_set_timer(
            director, (struct timer){.at_ns = next, .fault = timer->fault, .id = HISTORY_HARNESS});
    }
}

/* Returns which fault was drawn; -1: none was possible. */
static int32_t draw(struct director *director, const struct timer *timer)
{
    director->down = chaos_count_down(director);
    director->down_known = true;
    struct chaos_choice choice = chaos_choose(director, timer->fault, timer->number);
    if (choice.id != NOBODY) {
        active_apply(director, (uint16_t)choice.fault, (uint16_t)choice.id);
    } else if (choice.fault >= 0) {
        apply(director, (uint16_t)choice.fault, HISTORY_HARNESS);
    }
    director->down_known = false;
    set_next_draw(director, timer->fault, timer->number + 1, timer->at_ns);
    return choice.fault;
}

void director_advance(struct director *director, int64_t now_ns)
{
    const struct timer *first;
    director->now_ns = now_ns;
    while ((first = timers_first(&director->timers)) && first->at_ns <= now_ns) {
        struct timer timer = timers_take(&director->timers);
        if (timer.ends) {
            active_end(director, &timer);
            continue;
        }
        int32_t fault = timer.fault;
        if (spec_of(director, timer.fault)->trigger.kind == TRIGGER_RANDOMLY) {
            fault = draw(director, &timer);
        } else {
            apply(director, timer.fault, timer.id);
            repeat(director, &timer);
        }
        late_beginning(director, fault, timer.at_ns);
    }
}

/* As often as the fault had come while it lay in wait there, as long as there is a holder. */
static void meet_holder(struct director *director, struct watch *watch, uint16_t id)
{
    uint32_t times = watch->times;
    watch->times = 0;
    while (times-- > 0) {
        apply(director, watch->fault, id);
    }
}

void director_hit(struct director *director, int watch, uint16_t id, int64_t now_ns)
{
    struct watch *hit = &director->watches->list[watch];
    const struct trigger *trigger = &spec_of(director, hit->fault)->trigger;
    director->now_ns = now_ns;
    if (hit->in_wait) {
        meet_holder(director, hit, id);
    } else if (trigger->after_ns > 0) {
        director_set_timer(
            director,
            (struct timer){.at_ns = now_ns + trigger->after_ns, .fault = hit->fault, .id = id});
    } else {
        apply(director, hit->fault, id);
    }
}

void director_settled(struct director *director, int64_t now_ns)
{
    director->settled_count++;
    for (uint16_t i = 0; i < director->scenario->fault_count; i++) {
        const struct trigger *trigger = &spec_of(director, i)->trigger;
        if (trigger->kind == TRIGGER_SETTLED && trigger->nth == director->settled_count) {
            director_set_timer(director, (struct timer){.at_ns = now_ns + trigger->after_ns,
                                                        .fault = i,
                                                        .id = HISTORY_HARNESS});
        }
    }
}

void director_heal(struct director *director)
{
    timers_clear(&director->timers);
    for (uint32_t i = 0; i < atomic_load(&director->watches->count); i++) {
        atomic_store(&director->watches->list[i].armed, 0);
    }
    active_end_all(director);
}
