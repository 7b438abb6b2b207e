/* Active faults. See active.h. */
#include "sim/host/active.h"

#include <stdio.h>

#include "sim/host/chaos.h"
#include "sim/host/late.h"
#include "sim/host/skew.h"

static const struct fault_spec *spec_of(const struct director *director, uint16_t fault)
{
    return &director->scenario->faults[fault];
}

/* --- what is told --------------------------------------------------------------------------------
 */

/* Returns the event's `seq`. */
static uint32_t write_event(struct director *director, uint8_t kind, uint16_t fault, uint16_t id,
                            uint32_t instance, const char *why)
{
    const struct fault_spec *spec = spec_of(director, fault);
    struct history_event event = {.kind = kind, .process = id, .why = why};
    event.fault = (struct history_fault){
        .index = fault, .kind = spec->kind, .instance = instance, .param = spec->params[0]};
    director->record.event(director->record.self, &event);
    return event.seq;
}

static void remember(struct director *director, uint16_t fault, uint16_t id)
{
    const struct fault_spec *spec = spec_of(director, fault);
    director->last_ns = director_now(director);
    director->last = director->last_text;
    if (id == HISTORY_HARNESS || spec->target.kind == TARGET_IDS) {
        director->last = spec->text;
    } else if (id == MASTER_ID) {
        snprintf(director->last_text, sizeof director->last_text, "%s (the master)", spec->text);
    } else {
        snprintf(director->last_text, sizeof director->last_text, "%s (node %u)", spec->text, id);
    }
}

void active_skip(struct director *director, uint16_t fault, const char *why)
{
    write_event(director, HISTORY_SKIPPED, fault, HISTORY_HARNESS, director->instances++, why);
}

/* Why a fault on a process makes no sense now. */
static const char *why_not_it(const struct cluster_member *member, uint8_t needs)
{
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
    return member->started ? "that was so already" : "it had not started yet";
}

/* Why a fault makes no sense now; before it was tried. */
static const char *why_not(const struct director *director, uint16_t fault, uint16_t id)
{
    const struct fault_spec *spec = spec_of(director, fault);
    uint8_t needs = fault_needs(fault_rows[spec->kind]);
    if (id != HISTORY_HARNESS && fault_is_on_links(fault_rows[spec->kind])) {
        return fault_adds_up(spec) ? "the relay of its link was gone"
                                   : "another fault awaited its next request already";
    }
    if (id != HISTORY_HARNESS) {
        return why_not_it(&director->members[id], needs);
    }
    if (director->server_state == STATE_DEAD && !(needs & STATE_DEAD)) {
        return "the Redis was dead";
    }
    if (director->server_state == STATE_STOPPED && !(needs & STATE_STOPPED)) {
        return "the Redis stood still";
    }
    if (!(needs & director->server_state)) {
        return needs & STATE_DEAD ? "the Redis was not dead" : "the Redis did not stand still";
    }
    return spec->target.kind == TARGET_LOCK ? "there was no lock" : "the Redis could not do it";
}

/* --- what is in force together -------------------------------------------------------------------
 */

static const struct fault_row *row_of(const struct director *director, uint16_t fault)
{
    return fault_rows[spec_of(director, fault)->kind];
}

/* Its place in the lists: the world's is behind those of the processes. */
static uint32_t place_of(const struct director *director, uint16_t id)
{
    return id == HISTORY_HARNESS ? director->scenario->settings.nodes + 1u : id;
}

static const struct active *first_on(const struct director *director, uint16_t id)
{
    uint32_t first = director->actives.places[place_of(director, id)].first;
    return first == NO_ACTIVE ? NULL : &director->actives.list[first];
}

static const struct active *next_on(const struct director *director, const struct active *active)
{
    uint32_t next = active->of_place.next;
    return next == NO_ACTIVE ? NULL : &director->actives.list[next];
}

/* Whether another one of its kind is in force there. */
static bool is_in_force(const struct director *director, uint16_t fault, uint16_t id)
{
    const struct fault_row *row = row_of(director, fault);
    for (const struct active *one = first_on(director, id); one; one = next_on(director, one)) {
        if (row_of(director, one->fault) == row) {
            return true;
        }
    }
    return false;
}

/* All faults of this kind there (of a clock: all jumps and drifts), and what a clock has gained by
 * its drifts so far. */
static void sum_up(const struct director *director, const struct fault_row *row, uint16_t id,
                   struct in_force *sum)
{
    int64_t gained_ns = 0;
    int64_t since_ns = 0;
    *sum = (struct in_force){0};
    for (const struct active *one = first_on(director, id); one; one = next_on(director, one)) {
        const struct fault_row *other = row_of(director, one->fault);
        if (other == row || (fault_is_on_clocks(row) && fault_is_on_clocks(other))) {
            gained_ns += skew_part(one->from_ns - since_ns, sum->drift_ppm, SKEW_MILLION);
            since_ns = one->from_ns;
            other->add(spec_of(director, one->fault), sum);
        }
    }
    gained_ns += skew_part(director_now(director) - since_ns, sum->drift_ppm, SKEW_MILLION);
    sum->shift_ns += gained_ns;
}

/* Has the link or the clock be as the faults that are in force say. A process's own clock goes on
 * from where it stands. */
static bool tell_world(struct director *director, const struct fault_row *row, uint16_t id,
                       int64_t jump_ns)
{
    struct world *world = &director->world;
    bool wall = id == HISTORY_HARNESS;
    struct in_force sum;
    sum_up(director, row, id, &sum);
    if (row->set) {
        return row->set(world, id, &sum);
    }
    struct clock_order order = {
        .wall = wall, .shift_ns = wall ? sum.shift_ns : jump_ns, .drift_ppm = sum.drift_ppm};
    return world->clock(world->self, id, &order);
}

bool active_fits(const struct director *director, uint16_t fault, uint16_t id)
{
    const struct fault_spec *spec = spec_of(director, fault);
    const struct fault_row *row = row_of(director, fault);
    struct in_force sum;
    if (!fault_adds_up(spec) || fault_is_over_at_once(spec)) {
        return true;
    }
    sum_up(director, row, id, &sum);
    return row->add(spec, &sum);
}

bool active_cuts_off(const struct director *director, uint16_t id)
{
    return director->actives.cut_off[place_of(director, id)] > 0;
}

/* --- beginnings and ends -------------------------------------------------------------------------
 */

static void forget(struct director *director, uint32_t index)
{
    struct active active = director->actives.list[index];
    uint32_t place = place_of(director, active.id);
    director->actives.cut_off[place] -= row_of(director, active.fault)->takes_down;
    actives_remove(&director->actives, place, index);
}

/* What has brought its target into another state ends what had brought it into the one before. */
static void forget_outdated(struct director *director, uint16_t id, uint8_t state)
{
    uint32_t next;
    uint32_t index = director->actives.places[place_of(director, id)].first;
    for (; index != NO_ACTIVE; index = next) {
        uint8_t made = row_of(director, director->actives.list[index].fault)->becomes;
        next = director->actives.list[index].of_place.next;
        if (made && made != state) {
            forget(director, index);
        }
    }
}

static void note_state(struct director *director, uint16_t fault, uint16_t id, uint8_t state)
{
    if (state == 0) {
        return;
    }
    forget_outdated(director, id, state);
    if (spec_of(director, fault)->target.kind == TARGET_REDIS) {
        director->server_state = state;
    }
}

/* Returns where it is in the list. */
static uint32_t remember_active(struct director *director, uint16_t fault, uint16_t id,
                                uint32_t instance)
{
    uint32_t place = place_of(director, id);
    struct active active = {
        .from_ns = director_now(director), .instance = instance, .fault = fault, .id = id};
    uint32_t index = actives_add(&director->actives, place, &active);
    if (index == NO_ACTIVE) {
        director->out_of_memory = true;
    } else {
        director->actives.cut_off[place] += row_of(director, fault)->takes_down;
    }
    return index;
}

static void await_end(struct director *director, uint32_t index)
{
    const struct active *active = &director->actives.list[index];
    int64_t lasts_ns = fault_lasts_ns(spec_of(director, active->fault));
    if (lasts_ns > 0 && !row_of(director, active->fault)->later) {
        director_set_timer(director, (struct timer){.at_ns = active->from_ns + lasts_ns,
                                                    .fault = active->fault,
                                                    .number = active->instance,
                                                    .active = index,
                                                    .ends = true});
    }
}

/* What adds up with others. Another cut, say, is in the sum before the world is told of it. */
static bool begin_sum(struct director *director, uint16_t fault, uint16_t id, uint32_t instance)
{
    const struct fault_spec *spec = spec_of(director, fault);
    if (fault_is_over_at_once(spec)) {
        return tell_world(director, row_of(director, fault), id, spec->params[0]);
    }
    uint32_t index = remember_active(director, fault, id, instance);
    if (index == NO_ACTIVE) {
        return false;
    }
    if (!tell_world(director, row_of(director, fault), id, 0)) {
        forget(director, index);
        return false;
    }
    await_end(director, index);
    return true;
}

/* What is there as long as one of them is. */
static bool begin_state(struct director *director, uint16_t fault, uint16_t id, uint32_t instance)
{
    const struct fault_spec *spec = spec_of(director, fault);
    const struct fault_row *row = row_of(director, fault);
    bool is_so = fault_needs(row) & row->becomes && is_in_force(director, fault, id);
    if (!is_so && !row->apply(&director->world, id, spec)) {
        return false;
    }
    note_state(director, fault, id, row->becomes);
    if (row->heal) {
        uint32_t index = remember_active(director, fault, id, instance);
        if (index != NO_ACTIVE) {
            await_end(director, index);
        }
    }
    return true;
}

void active_apply(struct director *director, uint16_t fault, uint16_t id)
{
    const struct fault_spec *spec = spec_of(director, fault);
    const struct fault_row *row = row_of(director, fault);

    if (spec->trigger.kind == TRIGGER_RANDOMLY && !chaos_allows(director, fault, id)) {
        return;
    }
    const char *reason = why_not(director, fault, id);
    uint32_t instance = director->instances++;
    if (!active_fits(director, fault, id)) {
        write_event(director, HISTORY_SKIPPED, fault, id, instance,
                    "together with what is in force it would leave its bounds");
        return;
    }
    bool counts = director->down_known && row->takes_down && id != HISTORY_HARNESS;
    bool was_down = counts && chaos_is_down(director, id);
    remember(director, fault, id);
    uint32_t seq = write_event(director, HISTORY_FAULT, fault, id, instance, spec->text);
    if (!(fault_adds_up(spec) ? begin_sum : begin_state)(director, fault, id, instance)) {
        director->record.amend(director->record.self, seq, HISTORY_SKIPPED, reason);
    }
    director->down += counts && !was_down && chaos_is_down(director, id);
}

/* False: nothing was left to undo. */
static bool take_away(struct director *director, const struct active *active)
{
    const struct fault_row *row = row_of(director, active->fault);
    if (fault_adds_up(spec_of(director, active->fault))) {
        return tell_world(director, row, active->id, 0);
    }
    bool lasts = fault_takes_for(row) && !row->later && !row->add;
    if (lasts && is_in_force(director, active->fault, active->id)) {
        return true; /* its time is over, but not the other's */
    }
    if (!row->heal(&director->world, active->id, spec_of(director, active->fault))) {
        return false;
    }
    note_state(director, active->fault, active->id, row->becomes ? STATE_UP : 0);
    return true;
}

static void end_at(struct director *director, uint32_t index)
{
    struct active active = director->actives.list[index];
    forget(director, index);
    if (take_away(director, &active)) {
        write_event(director, HISTORY_HEALED, active.fault, active.id, active.instance, "healed");
    }
}

void active_end(struct director *director, const struct timer *timer)
{
    const struct active *active = &director->actives.list[timer->active];
    if (!active->in_use || active->instance != timer->number) {
        return; /* it is over already */
    }
    int64_t lasted_ns = -active->from_ns;
    end_at(director, timer->active);
    lasted_ns += director_now(director);
    late_length(director, timer->fault, lasted_ns);
}

void active_end_all(struct director *director)
{
    while (director->actives.all.last != NO_ACTIVE) {
        end_at(director, director->actives.all.last);
    }
}
