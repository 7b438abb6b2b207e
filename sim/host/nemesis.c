/* The nemesis. See nemesis.h. */
#include "sim/host/nemesis.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "sim/host/active.h"
#include "sim/host/chaos.h"
#include "sim/host/late.h"
#include "sim/host/possible.h"
#include "sim/host/rng.h"
#include "sim/host/servers.h"
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

bool nemesis_begin(struct nemesis *nemesis, const struct scenario *scenario, uint64_t seed,
                   const struct host_ops *ops, const struct cluster_member *members,
                   struct breakpoints *breakpoints, const struct record *record)
{
    assert(scenario->fault_count <= SCENARIO_FAULTS_MAX);
    /* The lists keep their memory: a model's trial is shorter than getting it would take. */
    struct timers timers = nemesis->timers;
    struct actives actives = nemesis->actives;
    memset(nemesis, 0, sizeof *nemesis);
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
            breakpoints_arm(breakpoints, i, trigger);
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
    timers_free(&nemesis->timers);
    actives_free(&nemesis->actives);
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

static int32_t any_node(struct nemesis *nemesis)
{
    uint32_t live = 0;
    for (uint32_t i = 1; i < nemesis_count(nemesis); i++) {
        live += nemesis->members[i].alive;
    }
    if (live == 0) {
        return NOBODY;
    }
    uint64_t chosen = rng_below(&nemesis->rng, live);
    for (uint32_t i = 1; i < nemesis_count(nemesis); i++) {
        if (nemesis->members[i].alive && chosen-- == 0) {
            return (int32_t)i;
        }
    }
    assert(false && "fewer are alive than were counted");
    return NOBODY;
}

/* --- whom it hits --------------------------------------------------------------------------------
 */

/* The lock is held for a fraction of a millisecond: whoever holds it is met by lying in wait. A
 * fault that does so already (`every`) does it once more at the same breakpoint; a breakpoint that
 * did so before is taken again. So two for each fault are enough. */
static void lie_in_wait(struct nemesis *nemesis, uint16_t fault)
{
    struct breakpoints *breakpoints = nemesis->breakpoints;
    struct trigger trigger = {.kind = TRIGGER_WHEN,
                              .moment = MOMENT_ACQUIRES_LOCK,
                              .who = {.kind = TARGET_ANY},
                              .nth = 1};
    struct breakpoint *spare = NULL;
    for (uint32_t i = 0; i < atomic_load(&breakpoints->count); i++) {
        struct breakpoint *breakpoint = &breakpoints->list[i];
        if (breakpoint->in_wait && breakpoint->times > 0 && breakpoint->fault == fault) {
            breakpoint->times++;
            return;
        }
        spare = !spare && breakpoint->in_wait && breakpoint->times == 0 ? breakpoint : spare;
    }
    if (!spare) {
        breakpoints_arm_in_wait(breakpoints, fault, &trigger);
        return;
    }
    spare->fault = fault;
    spare->times = 1;
    atomic_store(&spare->seen, 0);
    atomic_store_explicit(&spare->armed, 1, memory_order_release);
}

/* Applies a fault to a process, or to none: at each of these servers, if it has to do with any. */
static void apply_at(struct nemesis *nemesis, uint16_t fault, uint16_t id, uint8_t servers)
{
    assert(servers != 0);
    servers = fault_has_servers(nemesis_spec(nemesis, fault)) ? servers : 1;
    for (uint8_t server = 0; server < SERVERS_MAX; server++) {
        if (servers & 1u << server) {
            active_apply(nemesis, fault, (struct fault_place){.id = id, .server = server});
        }
    }
}

/* `nobody` says why there is no such process. */
static void apply_to_one(struct nemesis *nemesis, uint16_t fault, int32_t id, uint8_t servers,
                         const char *nobody)
{
    if (id == NOBODY) {
        active_skip(nemesis, fault, nobody);
        return;
    }
    apply_at(nemesis, fault, (uint16_t)id, servers);
}

/* Whether the process that stands at the fault's trigger has the lock: it says so, or the server
 * has just given it the lock, and it does not know yet. */
static bool has_lock(const struct nemesis *nemesis, uint16_t fault, uint16_t at)
{
    const struct trigger *trigger = &nemesis_spec(nemesis, fault)->trigger;
    if (at == HISTORY_HARNESS) {
        return false;
    }
    return nemesis->members[at].claim.in_section ||
           (trigger->kind == TRIGGER_WHEN && trigger->applied &&
            trigger->moment == MOMENT_ASKS_LOCK);
}

/* Who has the lock: the process that stands at the fault's trigger, or a leader that holds it for
 * as long as it leads. NOBODY: else it is held too shortly to be hit at a time. */
static int32_t lock_holder(const struct nemesis *nemesis, uint16_t fault, uint16_t at)
{
    const struct settings *settings = &nemesis->scenario->settings;
    if (has_lock(nemesis, fault, at)) {
        return at;
    }
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->holds_on ? nemesis_leader(nemesis)
                                                                  : NOBODY;
}

/* Applies a fault at these servers. `at` is the process that stands at the fault's trigger, or
 * HISTORY_HARNESS. */
static void apply_to(struct nemesis *nemesis, uint16_t fault, uint16_t at, uint8_t servers)
{
    const struct target *target = &nemesis_spec(nemesis, fault)->target;
    int32_t holder = lock_holder(nemesis, fault, at);
    bool any = false;
    int32_t but = at != HISTORY_HARNESS ? (int32_t)at : nemesis_leader(nemesis);

    switch ((enum target_kind)target->kind) {
    case TARGET_IDS:
        for (uint16_t i = 0; i < target->count; i++) {
            apply_at(nemesis, fault, target->ids[i], servers);
        }
        return;
    case TARGET_LEADER:
        apply_to_one(nemesis, fault, nemesis_leader(nemesis), servers, "nobody led");
        return;
    case TARGET_ANY:
        apply_to_one(nemesis, fault, any_node(nemesis), servers, "no node was alive");
        return;
    case TARGET_LOCK_HOLDER:
        if (holder != NOBODY) {
            apply_at(nemesis, fault, (uint16_t)holder, servers);
        } else {
            lie_in_wait(nemesis, fault);
        }
        return;
    case TARGET_LOCK:
        if (holder != NOBODY || !nemesis_row(nemesis, fault)->awaits_holder) {
            apply_at(nemesis, fault, HISTORY_HARNESS, servers);
        } else {
            lie_in_wait(nemesis, fault);
        }
        return;
    case TARGET_REDIS:
        apply_at(nemesis, fault, HISTORY_HARNESS, servers);
        return;
    case TARGET_OTHERS:
        for (uint32_t i = 1; i < nemesis_count(nemesis); i++) {
            if ((int32_t)i != but && nemesis->members[i].alive) {
                apply_at(nemesis, fault, (uint16_t)i, servers);
                any = true;
            }
        }
        if (!any) {
            active_skip(nemesis, fault, "no other node was alive");
        }
        return;
    case TARGET_KINDS:
        break;
    }
    assert(false && "a target without a case");
}

static void apply(struct nemesis *nemesis, uint16_t fault, uint16_t at)
{
    const struct target *target = &nemesis_spec(nemesis, fault)->target;
    uint8_t count = nemesis->scenario->settings.servers;
    bool drawn = nemesis_spec(nemesis, fault)->trigger.kind == TRIGGER_RANDOMLY;
    uint64_t *rng = drawn ? &nemesis->drawn_rng : &nemesis->rng;
    apply_to(nemesis, fault, at, servers_hit(target, count, rng));
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
        apply_at(nemesis, (uint16_t)choice.fault, (uint16_t)choice.id, choice.servers);
    } else if (choice.fault >= 0) {
        apply_to(nemesis, (uint16_t)choice.fault, HISTORY_HARNESS, choice.servers);
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
            apply(nemesis, timer.fault, timer.id);
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
        apply(nemesis, breakpoint->fault, id);
    }
}

void nemesis_hit(struct nemesis *nemesis, int breakpoint, uint16_t id, int64_t now_ns)
{
    assert(breakpoint >= 0 && (uint32_t)breakpoint < atomic_load(&nemesis->breakpoints->count));
    assert(id >= nemesis_first(nemesis) && id < nemesis_count(nemesis));
    struct breakpoint *hit = &nemesis->breakpoints->list[breakpoint];
    const struct trigger *trigger = &nemesis_spec(nemesis, hit->fault)->trigger;
    /* One that lies in wait may be armed again by now, for the next holder. */
    assert(hit->in_wait || (!atomic_load(&hit->armed) && atomic_load(&hit->seen) >= trigger->nth));
    assert(!nemesis->healed && now_ns >= nemesis->now_ns);
    nemesis->now_ns = now_ns;
    if (hit->in_wait) {
        meet_holder(nemesis, hit, id);
    } else if (trigger->after_ns > 0) {
        nemesis_set_timer(
            nemesis,
            (struct timer){.at_ns = now_ns + trigger->after_ns, .fault = hit->fault, .id = id});
    } else {
        apply(nemesis, hit->fault, id);
    }
}

void nemesis_settled(struct nemesis *nemesis, int64_t now_ns)
{
    assert(!nemesis->healed);
    nemesis->settled_count++;
    for (uint16_t i = 0; i < nemesis->scenario->fault_count; i++) {
        const struct trigger *trigger = &nemesis_spec(nemesis, i)->trigger;
        if (trigger->kind == TRIGGER_SETTLED && trigger->nth == nemesis->settled_count) {
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
