/* Active faults. See active.h. */
#include "sim/host/active.h"

#include <assert.h>
#include <stdio.h>

#include "sim/host/in_force.h"
#include "sim/host/late.h"
#include "sim/host/possible.h"
#include "sim/host/stalls.h"

/* --- what is told --------------------------------------------------------------------------------
 */

/* The `server` of a fault's event. */
static uint8_t server_told(const struct nemesis *nemesis, const struct fault_spec *spec,
                           struct fault_place at)
{
    uint8_t servers = nemesis->scenario->settings.servers;
    assert(at.server < servers || at.server == NO_SERVER);
    return servers > 1 && !fault_has_servers(spec) ? NO_SERVER : at.server;
}

/* Returns the event's `seq`. `lasts_ns`: how long it is to last. */
static uint32_t write_event(struct nemesis *nemesis, uint8_t kind, uint16_t fault,
                            struct fault_place at, uint32_t instance, int64_t lasts_ns,
                            const char *why)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    assert(kind == HISTORY_FAULT || kind == HISTORY_SKIPPED || kind == HISTORY_HEALED);
    assert(instance < nemesis->instances);
    struct history_event event = {
        .kind = kind, .process = at.id, .server = server_told(nemesis, spec, at), .why = why};
    event.fault =
        (struct history_fault){.index = nemesis_by_hand(nemesis, fault) ? HISTORY_HAND : fault,
                               .kind = spec->kind,
                               .instance = instance,
                               .param = spec->drawn ? lasts_ns : spec->params[0]};
    nemesis->record.event(nemesis->record.self, &event);
    return event.seq;
}

static void remember(struct nemesis *nemesis, uint16_t fault, struct fault_place at)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    nemesis->last_ns = nemesis_now(nemesis);
    nemesis->last = nemesis->last_text;
    bool drawn =
        spec->target.servers == SERVERS_MINORITY || spec->target.servers == SERVERS_MAJORITY;
    if (at.id == HISTORY_HARNESS && drawn) {
        snprintf(nemesis->last_text, sizeof nemesis->last_text, "%s (redis %u)", spec->text,
                 at.server + 1u);
    } else if (at.id == HISTORY_HARNESS || spec->target.kind == TARGET_IDS) {
        nemesis->last = spec->text;
    } else if (at.id == MASTER_ID) {
        snprintf(nemesis->last_text, sizeof nemesis->last_text, "%s (the master)", spec->text);
    } else {
        snprintf(nemesis->last_text, sizeof nemesis->last_text, "%s (node %u)", spec->text, at.id);
    }
}

void active_skip(struct nemesis *nemesis, uint16_t fault, const char *why)
{
    bool several = nemesis->scenario->settings.servers > 1;
    struct fault_place nowhere = {.id = HISTORY_HARNESS, .server = several ? NO_SERVER : 0};
    write_event(nemesis, HISTORY_SKIPPED, fault, nowhere, nemesis->instances++,
                stalls_lasts_ns(nemesis, fault), why);
}

/* Why a fault on a process makes no sense now. */
static const char *why_not_it(const struct fault_row *row, const struct cluster_member *member)
{
    uint8_t needs = fault_needs(row);
    if (!member->alive) {
        return needs & STATE_DEAD ? "nothing was left to do to it" : "it was dead";
    }
    if (needs == STATE_DEAD) {
        return "it was alive";
    }
    if (member->paused && !(needs & STATE_STOPPED)) {
        return "it was paused already";
    }
    if (needs == STATE_STOPPED) {
        return "it was not paused";
    }
    if (member->started && row->moments & 1u << MOMENT_RESIGNS && !member->claim.leads) {
        return "it did not lead";
    }
    return member->started ? "that was so already" : "it had not started yet";
}

/* Why a fault makes no sense now; before it was tried. */
static const char *why_not(const struct nemesis *nemesis, uint16_t fault, struct fault_place at)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    uint8_t needs = fault_needs(fault_rows[spec->kind]);
    if (at.id != HISTORY_HARNESS && fault_is_on_links(fault_rows[spec->kind])) {
        return fault_adds_up(spec)         ? "the relay of its link was gone"
               : fault_is_by_command(spec) ? "too many faults awaited its commands already"
                                           : "another fault awaited its next request already";
    }
    if (at.id != HISTORY_HARNESS && fault_is_on_clocks(fault_rows[spec->kind])) {
        return "a process of it asks for the time past the library that shifts its clock";
    }
    if (at.id != HISTORY_HARNESS) {
        return why_not_it(nemesis_row(nemesis, fault), &nemesis->members[at.id]);
    }
    if (nemesis->server_states[at.server] == STATE_DEAD && !(needs & STATE_DEAD)) {
        return "the Redis was dead";
    }
    if (nemesis->server_states[at.server] == STATE_STOPPED && !(needs & STATE_STOPPED)) {
        return "the Redis stood still";
    }
    if (!(needs & nemesis->server_states[at.server])) {
        return needs & STATE_DEAD ? "the Redis was not dead" : "the Redis did not stand still";
    }
    return spec->target.kind == TARGET_LOCK ? "there was no lock" : "the Redis could not do it";
}

/* --- beginnings and ends -------------------------------------------------------------------------
 */

static void forget(struct nemesis *nemesis, uint32_t index)
{
    struct active active = nemesis->actives.list[index];
    uint32_t place = in_force_place(nemesis, active.at);
    assert(nemesis->actives.cut_off[place] >= nemesis_row(nemesis, active.fault)->takes_down);
    nemesis->actives.cut_off[place] -= nemesis_row(nemesis, active.fault)->takes_down;
    actives_remove(&nemesis->actives, place, index);
}

/* What has brought its target into another state ends what had brought it into the one before. */
static void forget_outdated(struct nemesis *nemesis, struct fault_place at, uint8_t state)
{
    uint32_t next;
    uint32_t index = nemesis->actives.places[in_force_place(nemesis, at)].first;
    for (; index != NO_ACTIVE; index = next) {
        uint8_t made = nemesis_row(nemesis, nemesis->actives.list[index].fault)->becomes;
        next = nemesis->actives.list[index].of_place.next;
        if (made && made != state) {
            forget(nemesis, index);
        }
    }
}

static void note_state(struct nemesis *nemesis, uint16_t fault, struct fault_place at,
                       uint8_t state)
{
    if (state == 0) {
        return;
    }
    assert(state == STATE_UP || state == STATE_DEAD || state == STATE_STOPPED);
    forget_outdated(nemesis, at, state);
    if (nemesis_spec(nemesis, fault)->target.kind == TARGET_REDIS) {
        assert(at.id == HISTORY_HARNESS);
        nemesis->server_states[at.server] = state;
    }
}

/* Returns where it is in the list. */
static uint32_t remember_active(struct nemesis *nemesis, uint16_t fault, struct fault_place at,
                                uint32_t instance)
{
    uint32_t place = in_force_place(nemesis, at);
    struct active active = {.from_ns = nemesis_now(nemesis),
                            .lasts_ns = stalls_lasts_ns(nemesis, fault),
                            .instance = instance,
                            .fault = fault,
                            .at = at};
    uint32_t index = actives_add(&nemesis->actives, place, &active);
    if (index == NO_ACTIVE) {
        nemesis->out_of_memory = true;
    } else {
        nemesis->actives.cut_off[place] += nemesis_row(nemesis, fault)->takes_down;
    }
    return index;
}

static void await_end(struct nemesis *nemesis, uint32_t index)
{
    const struct active *active = &nemesis->actives.list[index];
    assert(active->in_use && active->lasts_ns >= 0);
    if (active->lasts_ns > 0 && !nemesis_row(nemesis, active->fault)->later) {
        nemesis_set_timer(nemesis, (struct timer){.at_ns = active->from_ns + active->lasts_ns,
                                                  .fault = active->fault,
                                                  .number = active->instance,
                                                  .active = index,
                                                  .ends = true});
    }
}

/* What adds up with others. Another cut, say, is in the sum before the world is told of it. */
static bool begin_sum(struct nemesis *nemesis, uint16_t fault, struct fault_place at,
                      uint32_t instance)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    assert(nemesis_row(nemesis, fault)->add);
    if (fault_is_over_at_once(spec)) {
        return in_force_tell(nemesis, nemesis_row(nemesis, fault), at, spec->params[0]);
    }
    uint32_t index = remember_active(nemesis, fault, at, instance);
    if (index == NO_ACTIVE) {
        return false;
    }
    if (!in_force_tell(nemesis, nemesis_row(nemesis, fault), at, 0)) {
        forget(nemesis, index);
        return false;
    }
    await_end(nemesis, index);
    return true;
}

/* What is there as long as one of them is. */
static bool begin_state(struct nemesis *nemesis, uint16_t fault, struct fault_place at,
                        uint32_t instance)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    const struct fault_row *row = nemesis_row(nemesis, fault);
    at.fault = fault;
    at.instance = instance;
    bool is_so = fault_needs(row) & row->becomes && in_force_has(nemesis, fault, at);
    if (!is_so && !fault_apply(row, &nemesis->ops, at, spec)) {
        return false;
    }
    note_state(nemesis, fault, at, row->becomes);
    if (fault_heals(row)) {
        uint32_t index = remember_active(nemesis, fault, at, instance);
        if (index != NO_ACTIVE) {
            await_end(nemesis, index);
        }
    }
    return true;
}

const char *active_apply(struct nemesis *nemesis, uint16_t fault, struct fault_place at)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    const struct fault_row *row = nemesis_row(nemesis, fault);

    assert(!nemesis->healed && at.server < nemesis->scenario->settings.servers);
    assert(at.id == HISTORY_HARNESS ||
           (at.id >= nemesis_first(nemesis) && at.id < nemesis_count(nemesis)));
    const char *reason = why_not(nemesis, fault, at);
    if (spec->trigger.kind == TRIGGER_RANDOMLY && !possible_now(nemesis, fault, at)) {
        return reason;
    }
    uint32_t instance = nemesis->instances++;
    if (!in_force_fits(nemesis, fault, at)) {
        reason = "together with what is in force it would leave its bounds";
        write_event(nemesis, HISTORY_SKIPPED, fault, at, instance, stalls_lasts_ns(nemesis, fault),
                    reason);
        return reason;
    }
    bool counts = nemesis->down_known && row->takes_down && at.id != HISTORY_HARNESS;
    bool was_down = counts && possible_is_down(nemesis, at.id);
    remember(nemesis, fault, at);
    uint32_t seq = write_event(nemesis, HISTORY_FAULT, fault, at, instance,
                               stalls_lasts_ns(nemesis, fault), spec->text);
    bool done = (fault_adds_up(spec) ? begin_sum : begin_state)(nemesis, fault, at, instance);
    if (!done) {
        nemesis->record.amend(nemesis->record.self, seq, HISTORY_SKIPPED, reason);
    }
    nemesis->down += counts && !was_down && possible_is_down(nemesis, at.id);
    assert(nemesis->down <= nemesis_count(nemesis));
    return done ? NULL : reason;
}

/* False: nothing was left to undo. */
static bool take_away(struct nemesis *nemesis, const struct active *active)
{
    const struct fault_row *row = nemesis_row(nemesis, active->fault);
    assert(active->in_use && active->from_ns <= nemesis_now(nemesis));
    if (fault_adds_up(nemesis_spec(nemesis, active->fault))) {
        return in_force_tell(nemesis, row, active->at, 0);
    }
    const struct fault_spec *spec = nemesis_spec(nemesis, active->fault);
    bool alone = fault_is_by_command(spec);
    bool lasts = fault_takes_for(row) && !row->later && !row->add && !alone;
    if (lasts && in_force_has(nemesis, active->fault, active->at)) {
        return true; /* its time is over, but not the other's */
    }
    struct fault_place at = active->at;
    at.fault = active->fault;
    at.instance = active->instance;
    if (!fault_heal(row, &nemesis->ops, at, spec)) {
        return false;
    }
    note_state(nemesis, active->fault, active->at, row->becomes ? STATE_UP : 0);
    return true;
}

static void end_at(struct nemesis *nemesis, uint32_t index)
{
    struct active active = nemesis->actives.list[index];
    forget(nemesis, index);
    if (take_away(nemesis, &active)) {
        write_event(nemesis, HISTORY_HEALED, active.fault, active.at, active.instance,
                    active.lasts_ns, "healed");
    }
}

void active_end(struct nemesis *nemesis, const struct timer *timer)
{
    assert(timer->ends && timer->active < nemesis->actives.count);
    const struct active *active = &nemesis->actives.list[timer->active];
    if (!active->in_use || active->instance != timer->number) {
        return; /* it is over already */
    }
    assert(active->fault == timer->fault);
    assert(active->from_ns <= timer->at_ns && timer->at_ns <= nemesis->now_ns);
    int64_t lasted_ns = -active->from_ns;
    int64_t ordered_ns = active->lasts_ns;
    end_at(nemesis, timer->active);
    lasted_ns += nemesis_now(nemesis);
    late_length(nemesis, timer->fault, ordered_ns, lasted_ns);
}

void active_end_all(struct nemesis *nemesis)
{
    while (nemesis->actives.all.last != NO_ACTIVE) {
        end_at(nemesis, nemesis->actives.all.last);
    }
    assert(nemesis->actives.all.first == NO_ACTIVE);
}

void active_end_each(struct nemesis *nemesis)
{
    while (nemesis->actives.all.first != NO_ACTIVE) {
        end_at(nemesis, nemesis->actives.all.first);
    }
    assert(nemesis->actives.all.last == NO_ACTIVE);
}

bool active_end_kind(struct nemesis *nemesis, const struct fault_row *row, struct fault_place at)
{
    bool any = false;
    uint32_t next;
    uint32_t index = nemesis->actives.places[in_force_place(nemesis, at)].first;
    for (; index != NO_ACTIVE; index = next) {
        next = nemesis->actives.list[index].of_place.next;
        if (nemesis_row(nemesis, nemesis->actives.list[index].fault) == row) {
            assert(nemesis->actives.list[index].in_use);
            end_at(nemesis, index);
            any = true;
        }
    }
    return any;
}
