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
#include "src/ballot.h"

enum { RUNNING = 1, CRASHED = 2, PAUSED = 4 };

/* What each fault needs of a process, and what it makes of it (0: leaves it as it is). */
struct effect {
    const struct fault_row *row;
    uint8_t needs, becomes;
};
static const struct effect effects[] = {
    {&fault_crash, RUNNING | PAUSED, CRASHED}, {&fault_restart, CRASHED, RUNNING},
    {&fault_pause, RUNNING, PAUSED},           {&fault_resume, PAUSED, RUNNING},
    {&fault_flip, RUNNING | PAUSED, 0},        {&fault_hold_lock, RUNNING | PAUSED, 0},
};

static const struct effect *effect_of(const struct fault_spec *spec)
{
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
        if (effects[i].row == fault_rows[spec->kind]) {
            return &effects[i];
        }
    }
    return NULL;
}

/* One change: a fault, or the end of its `for`. */
struct change {
    int64_t at_ns;
    uint32_t fault;
    bool end;
};

struct timeline {
    struct walk *walk;
    const struct node *const *keys;
    uint32_t processes;
    uint8_t *may;    /* the states in which each process may be */
    uint8_t *always; /* what may happen to it at any time from now on */
    int *line;       /* of the fault that last changed it */
};

static bool is_fixed(const struct fault_spec *spec)
{
    return spec->trigger.kind == TRIGGER_AT && spec->target.kind == TARGET_IDS;
}

static bool may_hit(const struct fault_spec *spec, uint16_t id)
{
    switch (spec->target.kind) {
    case TARGET_IDS:
        return target_has(&spec->target, id);
    case TARGET_LOCK:
        return false;
    case TARGET_ANY:
    case TARGET_OTHERS:
        return id != MASTER_ID;
    default:
        return true;
    }
}

static int64_t earliest_ns(const struct fault_spec *spec)
{
    bool timed = spec->trigger.kind == TRIGGER_AT || spec->trigger.kind == TRIGGER_EVERY;
    return timed ? spec->trigger.at_ns : spec->trigger.after_ns;
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

static const char *state_name(uint8_t may)
{
    return may == CRASHED  ? "is dead by then"
           : may == PAUSED ? "is paused by then"
                           : "is running then";
}

static const char *mend_for(uint8_t may, const struct effect *effect)
{
    if (may == CRASHED) {
        return effect->needs == PAUSED ? "write restart instead" : "let it restart first";
    }
    if (may == PAUSED) {
        return effect->needs == CRASHED ? "write resume instead" : "let it resume first";
    }
    return effect->needs == CRASHED ? "crash it first" : "pause it first";
}

static void take_possible(struct timeline *timeline, const struct fault_spec *spec,
                          const struct effect *effect)
{
    for (uint32_t id = 0; id < timeline->processes; id++) {
        if (may_hit(spec, (uint16_t)id)) {
            timeline->always[id] |= effect->becomes;
            timeline->always[id] |= spec->params[0] > 0 && effect->becomes ? RUNNING : 0;
            timeline->may[id] |= timeline->always[id];
        }
    }
}

static void tell(struct timeline *timeline, uint32_t fault, const struct effect *effect,
                 uint16_t id)
{
    const struct fault_spec *spec = &timeline->walk->scenario->faults[fault];
    const struct node *key = timeline->keys[fault];
    char name[24] = "the master";
    char since[32] = "";
    if (id != MASTER_ID) {
        snprintf(name, sizeof name, "node %u", id);
    }
    if (timeline->line[id] > 0) {
        snprintf(since, sizeof since, " (see line %d)", timeline->line[id]);
    }
    problem_add(timeline->walk->report, key->line, key->column, spec->text,
                mend_for(timeline->may[id], effect), "impossible: %s %s%s", name,
                state_name(timeline->may[id]), since);
}

static void take_fixed(struct timeline *timeline, const struct change *change,
                       const struct fault_spec *spec, const struct effect *effect)
{
    for (uint16_t i = 0; i < spec->target.count; i++) {
        uint16_t id = spec->target.ids[i];
        if (change->end) {
            if (timeline->may[id] & effect->becomes) {
                timeline->may[id] = RUNNING;
            }
        } else if (!(timeline->may[id] & effect->needs)) {
            tell(timeline, change->fault, effect, id);
        } else if (effect->becomes) {
            timeline->may[id] = effect->becomes;
            timeline->line[id] = spec->line;
        }
        timeline->may[id] |= timeline->always[id];
    }
}

static void run_through(struct timeline *timeline, const struct change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct fault_spec *spec = &timeline->walk->scenario->faults[changes[i].fault];
        const struct effect *effect = effect_of(spec);
        if (is_fixed(spec)) {
            take_fixed(timeline, &changes[i], spec, effect);
        } else {
            take_possible(timeline, spec, effect);
        }
    }
}

static bool has_end(const struct fault_spec *spec, const struct effect *effect)
{
    return is_fixed(spec) && effect->becomes && spec->params[0] > 0;
}

/* --- what repeats --------------------------------------------------------------------------------
 */

/* Whether some other fault may undo this one on one of its processes. */
static bool is_undone(const struct scenario *scenario, const struct fault_spec *spec)
{
    const struct fault_row *undo =
        fault_rows[spec->kind] == &fault_crash ? &fault_restart : &fault_resume;
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        for (uint16_t j = 0; j < spec->target.count; j++) {
            if (fault_rows[scenario->faults[i].kind] == undo &&
                may_hit(&scenario->faults[i], spec->target.ids[j])) {
                return true;
            }
        }
    }
    return false;
}

/* `every` on fixed ids hits them again while they are still down. */
static void check_repeats(struct timeline *timeline)
{
    const struct scenario *scenario = timeline->walk->scenario;
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        const struct trigger *trigger = &spec->trigger;
        bool breaks =
            fault_rows[spec->kind] == &fault_crash || fault_rows[spec->kind] == &fault_pause;
        bool again = trigger->kind == TRIGGER_EVERY && trigger->until_ns > 2 * trigger->at_ns;
        if (!breaks || !again || spec->target.kind != TARGET_IDS || is_undone(scenario, spec)) {
            continue;
        }
        if (spec->params[0] == 0 || spec->params[0] >= trigger->at_ns) {
            char period[32];
            char mend[80];
            snprintf(mend, sizeof mend, "add a for: shorter than %s",
                     duration_text(trigger->at_ns, period, sizeof period));
            problem_add(timeline->walk->report, spec->line, timeline->keys[i]->column, spec->text,
                        mend, "impossible: still down when the next one comes");
        }
    }
}

/* Fills `changes` (room for two a fault), in the order of time. Returns how many there are. */
static size_t list_changes(const struct scenario *scenario, struct change *changes)
{
    size_t count = 0;
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        const struct effect *effect = effect_of(spec);
        if (!effect) {
            continue;
        }
        changes[count++] = (struct change){.at_ns = earliest_ns(spec), .fault = i};
        if (has_end(spec, effect)) {
            changes[count++] = (struct change){
                .at_ns = spec->trigger.at_ns + spec->params[0], .fault = i, .end = true};
        }
    }
    qsort(changes, count, sizeof *changes, compare_changes);
    return count;
}

void timeline_check(struct walk *walk, const struct node *const *keys)
{
    const struct scenario *scenario = walk->scenario;
    uint32_t processes = walk->nodes_known ? scenario->settings.nodes + 1u : NODE_ID_MAX + 1u;
    struct timeline timeline = {.walk = walk, .keys = keys, .processes = processes};
    struct change *changes = calloc(2 * (size_t)scenario->fault_count, sizeof *changes);

    timeline.may = malloc(processes);
    timeline.always = calloc(processes, 1);
    timeline.line = calloc(processes, sizeof *timeline.line);
    if (!changes || !timeline.may || !timeline.always || !timeline.line) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be checked: out of memory");
    } else {
        memset(timeline.may, RUNNING, processes);
        run_through(&timeline, changes, list_changes(scenario, changes));
        check_repeats(&timeline);
    }
    free(changes);
    free(timeline.may);
    free(timeline.always);
    free(timeline.line);
}
