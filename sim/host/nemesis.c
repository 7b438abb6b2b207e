/* The nemesis. See nemesis.h. */
#include "sim/host/nemesis.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/active.h"
#include "sim/host/aim.h"
#include "sim/host/chaos.h"
#include "sim/host/late.h"
#include "sim/host/nth.h"
#include "sim/host/possible.h"
#include "sim/host/rng.h"
#include "src/protocol.h"

/* Sets the timer of the group's draw `number`, counted from the one before it. */
static void set_next_draw(struct nemesis *nemesis, uint16_t first, uint32_t number,
                          int64_t since_ns)
{
    int64_t at_ns = since_ns + chaos_gap_ns(nemesis, first, number);
    assert(at_ns >= since_ns);
    if (at_ns < nemesis->scenario->faults[first].trigger.until_ns) {
        nemesis_set_timer(
            nemesis, (struct timer){
                         .at_ns = at_ns, .fault = first, .id = HISTORY_HARNESS, .number = number});
    }
}

/* Has a moment awaited, at the time that was drawn. */
static void await_moment(struct nemesis *nemesis, uint16_t fault)
{
    struct trigger trigger = nemesis->scenario->faults[fault].trigger;
    trigger.nth = nth_time(nemesis->scenario, fault, nemesis->seed);
    trigger.nth_to = 0;
    breakpoints_arm(nemesis->breakpoints, fault, &trigger);
}

bool nemesis_begin(struct nemesis *nemesis, const struct scenario *scenario, uint64_t seed,
                   const struct host_ops *ops, const struct cluster_member *members,
                   struct breakpoints *breakpoints, const struct record *record)
{
    assert(scenario->fault_count <= SCENARIO_FAULTS_MAX);
    /* The lists keep their memory: a model's trial is shorter than getting it would take. */
    struct timers timers = nemesis->timers;
    struct actives actives = nemesis->actives;
    struct by_hand hand = nemesis->hand; /* events point to it */
    memset(nemesis, 0, sizeof *nemesis);
    nemesis->hand = hand;
    timers_clear(&timers);
    uint32_t place_count = (scenario->settings.nodes + 2u) * scenario->settings.servers;
    nemesis->out_of_memory = !actives_begin(&actives, place_count);
    nemesis->timers = timers;
    nemesis->actives = actives;
    atomic_store(&breakpoints->count, 0);
    nemesis->scenario = scenario;
    nemesis->ops = *ops;
    nemesis->members = members;
    nemesis->breakpoints = breakpoints;
    nemesis->record = *record;
    nemesis->seed = seed;
    memset(nemesis->server_states, STATE_UP, sizeof nemesis->server_states);
    nemesis->rng = seed ^ 0x646972656374ULL; /* another stream than the hosts' own random numbers */
    nemesis->drawn_rng = ~nemesis->rng;
    for (uint16_t i = 0; i < scenario->fault_count; i++) {
        const struct trigger *trigger = &scenario->faults[i].trigger;
        switch ((enum trigger_kind)trigger->kind) {
        case TRIGGER_AT:
        case TRIGGER_EVERY:
            nemesis_set_timer(
                nemesis,
                (struct timer){.at_ns = trigger->at_ns, .fault = i, .id = HISTORY_HARNESS});
            break;
        case TRIGGER_WHEN:
            await_moment(nemesis, i);
            break;
        case TRIGGER_RANDOMLY:
            assert(trigger->first <= i && i < trigger->first + trigger->one_of);
            if (trigger->first == i) {
                set_next_draw(nemesis, i, 1, 0);
            }
            break;
        case TRIGGER_SETTLED:
        case TRIGGER_KINDS:
            break;
        }
    }
    assert(atomic_load(&breakpoints->count) <= scenario->fault_count);
    return !nemesis->out_of_memory;
}

void nemesis_free(struct nemesis *nemesis)
{
    for (uint32_t i = 0; i < nemesis->hand.count; i++) {
        free(nemesis->hand.faults[i].spec);
    }
    free(nemesis->hand.faults);
    timers_free(&nemesis->timers);
    actives_free(&nemesis->actives);
}

int32_t members_settled_on(const struct settings *settings, const struct cluster_member *members,
                           int64_t now_ns)
{
    uint32_t count = settings->nodes + 1u;
    struct cluster_standing standing = cluster_stands(members, count);
    standing.may_be_silent = protocol_is_foreign(settings);
    int32_t leader = cluster_agrees_on(&standing, true);
    bool member = leader != NOBODY && (uint32_t)leader < count;
    return member && cluster_is_settled(&members[leader], now_ns) ? leader : NOBODY;
}

/* --- when ----------------------------------------------------------------------------------------
 */

int64_t nemesis_due(const struct nemesis *nemesis)
{
    const struct timer *first = timers_first(&nemesis->timers);
    return first ? first->at_ns : INT64_MAX;
}

static void repeat(struct nemesis *nemesis, const struct timer *timer)
{
    const struct trigger *trigger = &nemesis_spec(nemesis, timer->fault)->trigger;
    int64_t next = timer->at_ns + trigger->at_ns;
    assert(trigger->kind != TRIGGER_EVERY || next > timer->at_ns);
    if (trigger->kind == TRIGGER_EVERY && next < trigger->until_ns) {
        nemesis_set_timer(
            nemesis, (struct timer){.at_ns = next, .fault = timer->fault, .id = HISTORY_HARNESS});
    }
}

/* Returns which fault was drawn; -1: none was possible. */
static int32_t draw(struct nemesis *nemesis, const struct timer *timer)
{
    assert(!nemesis->down_known);
    uint32_t down = possible_count_down(nemesis);
    nemesis->down = down;
    nemesis->down_known = true;
    struct chaos_choice choice = chaos_choose(nemesis, timer->fault, timer->number);
    if (choice.id != NOBODY) {
        aim_at_one(nemesis, (uint16_t)choice.fault, (uint16_t)choice.id, choice.servers);
    } else if (choice.fault >= 0) {
        aim_at(nemesis, (uint16_t)choice.fault, HISTORY_HARNESS, choice.servers);
    }
    nemesis->down_known = false;
    assert(nemesis->down == down ||
           nemesis->down <= nemesis_spec(nemesis, timer->fault)->trigger.at_most_down);
    set_next_draw(nemesis, timer->fault, timer->number + 1, timer->at_ns);
    return choice.fault;
}

/* For which time what a timer is about comes round. */
static uint32_t time_of(const struct nemesis *nemesis, const struct timer *timer)
{
    const struct trigger *trigger = &nemesis_spec(nemesis, timer->fault)->trigger;
    assert(trigger->kind < TRIGGER_KINDS && !timer->ends);
    return trigger->kind == TRIGGER_RANDOMLY ? timer->number
           : trigger->kind == TRIGGER_EVERY  ? (uint32_t)(timer->at_ns / trigger->at_ns)
                                             : 0;
}

void nemesis_advance(struct nemesis *nemesis, int64_t now_ns)
{
    const struct timer *first;
    assert(now_ns >= nemesis->now_ns);
    nemesis->now_ns = now_ns;
    while ((first = timers_first(&nemesis->timers)) && first->at_ns <= now_ns) {
        struct timer timer = timers_take(&nemesis->timers);
        if (timer.ends) {
            active_end(nemesis, &timer);
            continue;
        }
        int32_t fault = timer.fault;
        nemesis->time = time_of(nemesis, &timer);
        if (nemesis_spec(nemesis, timer.fault)->trigger.kind == TRIGGER_RANDOMLY) {
            fault = draw(nemesis, &timer);
        } else {
            aim(nemesis, timer.fault, timer.id);
            repeat(nemesis, &timer);
        }
        late_beginning(nemesis, fault, timer.at_ns);
    }
}

/* As often as the fault had come while it lay in wait there, as long as there is a holder. */
static void meet_holder(struct nemesis *nemesis, struct breakpoint *breakpoint, uint16_t id)
{
    assert(breakpoint->in_wait);
    uint32_t times = breakpoint->times;
    breakpoint->times = 0;
    while (times-- > 0) {
        aim(nemesis, breakpoint->fault, id);
    }
}

void nemesis_hit(struct nemesis *nemesis, int breakpoint, uint16_t id, int64_t now_ns)
{
    assert(breakpoint >= 0 && (uint32_t)breakpoint < atomic_load(&nemesis->breakpoints->count));
    assert(id >= nemesis_first(nemesis) && id < nemesis_count(nemesis));
    struct breakpoint *hit = &nemesis->breakpoints->list[breakpoint];
    const struct trigger *trigger = &nemesis_spec(nemesis, hit->fault)->trigger;
    /* One that lies in wait may be armed again by now, for the next holder. */
    assert(hit->in_wait ||
           (!atomic_load(&hit->armed) && atomic_load(&hit->seen) >= hit->trigger.nth));
    assert(!nemesis->healed && now_ns >= nemesis->now_ns);
    nemesis->now_ns = now_ns;
    if (hit->in_wait) {
        meet_holder(nemesis, hit, id);
    } else if (trigger->after_ns > 0) {
        nemesis_set_timer(
            nemesis,
            (struct timer){.at_ns = now_ns + trigger->after_ns, .fault = hit->fault, .id = id});
    } else {
        aim(nemesis, hit->fault, id);
    }
}

void nemesis_settled(struct nemesis *nemesis, int64_t now_ns)
{
    assert(!nemesis->healed);
    nemesis->settled_count++;
    for (uint16_t i = 0; i < nemesis->scenario->fault_count; i++) {
        const struct trigger *trigger = &nemesis_spec(nemesis, i)->trigger;
        if (trigger->kind == TRIGGER_SETTLED &&
            nth_time(nemesis->scenario, i, nemesis->seed) == nemesis->settled_count) {
            nemesis_set_timer(nemesis, (struct timer){.at_ns = now_ns + trigger->after_ns,
                                                      .fault = i,
                                                      .id = HISTORY_HARNESS});
        }
    }
}

void nemesis_heal(struct nemesis *nemesis)
{
    assert(!nemesis->healed);
    nemesis->healed = true;
    timers_clear(&nemesis->timers);
    for (uint32_t i = 0; i < atomic_load(&nemesis->breakpoints->count); i++) {
        atomic_store(&nemesis->breakpoints->list[i].armed, 0);
    }
    active_end_all(nemesis);
    assert(nemesis_due(nemesis) == INT64_MAX);
}
