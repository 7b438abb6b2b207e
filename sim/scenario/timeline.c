/* Finds faults that cannot do anything, by going through those with fixed times and processes in
 * the order of time.
 *
 * For each process it keeps the set of states in which it may be. A fault at a fixed time on fixed
 * ids moves the set; one whose time or target only the run will tell (crash leader, every, when)
 * adds to it what it may do, from the earliest moment on. So a fault is called impossible only when
 * no run could make it possible.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/entry.h"
#include "sim/scenario/problem.h"
#include "src/protocol.h"

/* One change: a fault, or the end of its `for`. */
struct change {
    int64_t at_ns;
    uint32_t fault;
    bool end;
};

/* The servers have places behind the processes. */
struct timeline {
    struct walk *walk;
    const struct node *const *keys;
    uint32_t processes, places;
    uint8_t *may;    /* the states in which each may be, as bits of target_state */
    uint8_t *always; /* what may happen to it at any time from now on */
    uint32_t *by;    /* 1 + the fault that last changed it; 0: none did */
    int64_t *until;  /* the last of those that keep it in its state ends then */
};

static const struct fault_row *row_of(const struct fault_spec *spec)
{
    return fault_rows[spec->kind];
}

static bool is_fixed(const struct fault_spec *spec)
{
    return spec->trigger.kind == TRIGGER_AT && target_is_fixed(&spec->target);
}

/* `place`: a process's id, or behind them a server's. */
static bool may_hit(const struct timeline *timeline, const struct fault_spec *spec, uint32_t place)
{
    bool server = place >= timeline->processes;
    switch ((enum target_kind)spec->target.kind) {
    case TARGET_IDS:
        return !server && target_has(&spec->target, (uint16_t)place);
    case TARGET_LOCK:
        return false;
    case TARGET_REDIS:
        return server && (spec->target.servers != SERVERS_LISTED ||
                          target_has_server(&spec->target, place - timeline->processes));
    case TARGET_ANY:
    case TARGET_OTHERS:
        return !server && place != MASTER_ID;
    default:
        return !server;
    }
}

static int64_t earliest_ns(const struct fault_spec *spec)
{
    switch ((enum trigger_kind)spec->trigger.kind) {
    case TRIGGER_AT:
    case TRIGGER_EVERY:
        return spec->trigger.at_ns;
    case TRIGGER_RANDOMLY:
        return 0;
    default:
        return spec->trigger.after_ns;
    }
}

static int compare_changes(const void *left, const void *right)
{
    const struct change *a = left;
    const struct change *b = right;
    if (a->at_ns != b->at_ns) {
        return a->at_ns < b->at_ns ? -1 : 1;
    }
    if (a->end != b->end) {
        return a->end ? -1 : 1; /* what ends makes room for what begins */
    }
    return a->fault < b->fault ? -1 : a->fault > b->fault;
}

static const char *state_name(uint8_t may, bool server)
{
    return may == STATE_DEAD      ? "is dead by then"
           : may == STATE_STOPPED ? server ? "is stalled by then" : "is paused by then"
           : !(may & STATE_UP)    ? "is down by then"
                                  : "is running then";
}

/* `several`: it is one of several servers. */
static const char *hint_for(uint8_t may, uint8_t needs, bool server, bool several)
{
    if (may == STATE_DEAD) {
        return needs == STATE_STOPPED ? "write restart instead" : "let it restart first";
    }
    if (may == STATE_STOPPED) {
        return server                ? "let it go on first"
               : needs == STATE_DEAD ? "write resume instead"
                                     : "let it resume first";
    }
    if (!(may & STATE_UP)) {
        return "let it come up first";
    }
    return needs != STATE_DEAD  ? "pause it first"
           : server && !several ? "crash it first, or write both at once: {at: 2s, crash: redis, "
                                  "for: 500ms}"
                                : "crash it first";
}

static void take_possible(struct timeline *timeline, const struct fault_spec *spec)
{
    uint8_t becomes = row_of(spec)->becomes;
    for (uint32_t place = 0; place < timeline->places; place++) {
        if (may_hit(timeline, spec, place)) {
            timeline->always[place] |= becomes;
            timeline->always[place] |= fault_lasts_ns(spec) > 0 && becomes ? STATE_UP : 0;
            timeline->may[place] |= timeline->always[place];
        }
    }
}

static void tell(struct timeline *timeline, uint32_t fault, uint32_t place)
{
    const struct fault_spec *spec = &timeline->walk->scenario->faults[fault];
    const struct node *key = timeline->keys[fault];
    bool server = place >= timeline->processes;
    bool several = timeline->walk->scenario->settings.servers > 1;
    char name[24] = "the master";
    char since[32] = "";
    if (server && several) {
        snprintf(name, sizeof name, "redis %u", place - timeline->processes + 1);
    } else if (server) {
        snprintf(name, sizeof name, "the Redis");
    } else if (place != MASTER_ID) {
        snprintf(name, sizeof name, "node %u", place);
    }
    if (timeline->by[place] > 0) {
        snprintf(since, sizeof since, " (see line %d)",
                 timeline->walk->scenario->faults[timeline->by[place] - 1].line);
    }
    problem_add(timeline->walk->report, key->line, key->column, spec->text,
                hint_for(timeline->may[place], fault_needs(row_of(spec)), server, several),
                "impossible: %s %s%s", name, state_name(timeline->may[place], server), since);
}

/* It is in this state from now on; of several faults that keep it there, until the last ends. */
static void keep(struct timeline *timeline, const struct change *change, uint32_t place,
                 uint8_t state)
{
    int64_t lasts_ns = fault_lasts_ns(&timeline->walk->scenario->faults[change->fault]);
    int64_t until_ns = lasts_ns > 0 ? change->at_ns + lasts_ns : INT64_MAX;
    if (timeline->may[place] != state || until_ns > timeline->until[place]) {
        timeline->until[place] = until_ns;
    }
    timeline->may[place] = state;
    timeline->by[place] = change->fault + 1;
}

static void take_at(struct timeline *timeline, const struct change *change, uint32_t place)
{
    const struct fault_spec *spec = &timeline->walk->scenario->faults[change->fault];
    uint8_t becomes = row_of(spec)->becomes;
    if (change->end) { /* of what was not ended by another before, nor goes on by another */
        if (timeline->may[place] & becomes && change->at_ns >= timeline->until[place]) {
            timeline->may[place] = STATE_UP;
        }
    } else if (!(timeline->may[place] & fault_needs(row_of(spec)))) {
        tell(timeline, change->fault, place);
    } else if (becomes) {
        keep(timeline, change, place, becomes);
    }
    timeline->may[place] |= timeline->always[place];
}

static void take_fixed(struct timeline *timeline, const struct change *change)
{
    const struct target *target = &timeline->walk->scenario->faults[change->fault].target;
    for (uint32_t place = timeline->processes; place < timeline->places; place++) {
        if (target->kind == TARGET_REDIS &&
            target_has_server(target, place - timeline->processes)) {
            take_at(timeline, change, place);
        }
    }
    for (uint16_t i = 0; i < target->count; i++) {
        take_at(timeline, change, target->ids[i]);
    }
}

static void run_through(struct timeline *timeline, const struct change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct fault_spec *spec = &timeline->walk->scenario->faults[changes[i].fault];
        if (is_fixed(spec)) {
            take_fixed(timeline, &changes[i]);
        } else {
            take_possible(timeline, spec);
        }
    }
}

/* If everybody is dead at the end, and nothing may bring anybody back: notes since when. */
static void note_last_death(const struct timeline *timeline)
{
    struct walk *walk = timeline->walk;
    const struct node *last = NULL;
    int64_t last_ns = 0;
    uint32_t first = protocol_first_id(&walk->scenario->settings);
    for (uint32_t place = first; place < timeline->processes; place++) {
        if (timeline->may[place] != STATE_DEAD || timeline->by[place] == 0) {
            return;
        }
        uint32_t fault = timeline->by[place] - 1;
        if (!last || walk->scenario->faults[fault].trigger.at_ns > last_ns) {
            last = timeline->keys[fault];
            last_ns = walk->scenario->faults[fault].trigger.at_ns;
        }
    }
    walk->last_death = last;
    walk->last_death_ns = last_ns;
}

static bool has_end(const struct fault_spec *spec)
{
    return is_fixed(spec) && row_of(spec)->becomes && fault_lasts_ns(spec) > 0;
}

/* --- what repeats ----------------------------------------------------------------------------- */

/* Whether some other fault may undo this one on one of its targets. */
static bool is_undone(const struct timeline *timeline, const struct fault_spec *spec)
{
    const struct scenario *scenario = timeline->walk->scenario;
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *other = &scenario->faults[i];
        if (row_of(other)->becomes != STATE_UP ||
            fault_needs(row_of(other)) != row_of(spec)->becomes) {
            continue;
        }
        for (uint32_t place = 0; place < timeline->places; place++) {
            if (may_hit(timeline, spec, place) && may_hit(timeline, other, place)) {
                return true;
            }
        }
    }
    return false;
}

/* `every` on fixed targets hits them again while they are still down. */
static void check_repeats(struct timeline *timeline)
{
    const struct scenario *scenario = timeline->walk->scenario;
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        const struct trigger *trigger = &spec->trigger;
        bool fixed = target_is_fixed(&spec->target);
        bool breaks = row_of(spec)->becomes && !(fault_needs(row_of(spec)) & row_of(spec)->becomes);
        bool again = trigger->kind == TRIGGER_EVERY && trigger->until_ns > 2 * trigger->at_ns;
        if (!breaks || !fixed || !again || row_of(spec)->becomes == STATE_UP ||
            is_undone(timeline, spec)) {
            continue;
        }
        if (fault_lasts_ns(spec) == 0 || fault_lasts_ns(spec) >= trigger->at_ns) {
            char period[32];
            char hint[80];
            snprintf(hint, sizeof hint, "add a for: shorter than %s",
                     duration_text(trigger->at_ns, period, sizeof period));
            problem_add(timeline->walk->report, spec->line, timeline->keys[i]->column, spec->text,
                        hint, "impossible: still down when the next one comes");
        }
    }
}

/* Fills `changes` (room for two a fault), in the order of time. Returns how many there are. */
static size_t list_changes(const struct scenario *scenario, struct change *changes)
{
    size_t count = 0;
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        changes[count++] = (struct change){.at_ns = earliest_ns(spec), .fault = i};
        if (has_end(spec)) {
            changes[count++] = (struct change){
                .at_ns = spec->trigger.at_ns + fault_lasts_ns(spec), .fault = i, .end = true};
        }
    }
    qsort(changes, count, sizeof *changes, compare_changes);
    return count;
}

void timeline_check(struct walk *walk, const struct node *const *keys)
{
    const struct scenario *scenario = walk->scenario;
    uint32_t processes = walk->nodes_known ? scenario->settings.nodes + 1u : NODE_ID_MAX + 1u;
    uint32_t places = processes + scenario->settings.servers;
    struct timeline timeline = {
        .walk = walk, .keys = keys, .processes = processes, .places = places};
    struct change *changes = calloc(2 * (size_t)scenario->fault_count, sizeof *changes);

    timeline.may = malloc(places);
    timeline.always = calloc(places, 1);
    timeline.by = calloc(places, sizeof *timeline.by);
    timeline.until = calloc(places, sizeof *timeline.until);
    if (!changes || !timeline.may || !timeline.always || !timeline.by || !timeline.until) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be checked: out of memory");
    } else {
        memset(timeline.may, STATE_UP, places);
        run_through(&timeline, changes, list_changes(scenario, changes));
        check_repeats(&timeline);
        note_last_death(&timeline);
    }
    free(changes);
    free(timeline.may);
    free(timeline.always);
    free(timeline.by);
    free(timeline.until);
}
