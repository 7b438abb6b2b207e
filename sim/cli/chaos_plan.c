/* The plan of a trial. See chaos_plan.h. */
#include "sim/cli/chaos_plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/host.h"
#include "sim/host/nth.h"
#include "sim/scenario/replay.h"
#include "src/protocol.h"
#include "src/units.h"

bool chaos_plan_is_needed(const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *fault = &scenario->faults[i];
        if (fault->trigger.kind == TRIGGER_RANDOMLY || fault->drawn || fault->trigger.nth_to > 0) {
            return true;
        }
    }
    return false;
}

/* --- what was done by hand -------------------------------------------------------------------- */

/* Whether a fault was applied, or skipped. */
static bool is_fault(const struct history_event *event)
{
    return event->kind == HISTORY_FAULT || event->kind == HISTORY_SKIPPED;
}

/* A fault by hand as one of its kind that says nothing but what the event does. */
static void hand_spec(const struct history_event *event, struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[event->fault.kind];
    bool on_lock = !(row->targets & 1u << TARGET_IDS);
    *spec = (struct fault_spec){.kind = event->fault.kind,
                                .target = {.kind = on_lock ? TARGET_LOCK : TARGET_IDS}};
    for (size_t i = 0; i < FAULT_PARAMS_MAX && row->params[i].type != PARAM_NONE; i++) {
        spec->params[i] = row->params[i].fallback;
    }
    spec->params[0] = event->fault.param;
}

/* The fault that an event is about, applied or skipped. False: it is about none that can be
 * written. */
static bool spec_of(const struct scenario *scenario, const struct history_event *event,
                    struct fault_spec *spec)
{
    if (is_fault(event) && event->fault.index == HISTORY_HAND) {
        hand_spec(event, spec);
        return true;
    }
    if (!is_fault(event) || event->fault.index >= scenario->fault_count) {
        return false;
    }
    *spec = scenario->faults[event->fault.index];
    if (spec->drawn) {
        spec->drawn = false;
        spec->params[0] = event->fault.param;
    }
    return true;
}

/* How long the fault of the event lasted, if it was healed before its time, as only somebody's hand
 * does; else 0. */
static int64_t cut_short_ns(const struct scenario *scenario, const struct history *history,
                            size_t index, const struct fault_spec *spec)
{
    const struct history_event *event = &history->events[index];
    const struct fault_row *row = fault_rows[spec->kind];
    int64_t lasts_ns = fault_lasts_ns(spec);
    if (event->kind != HISTORY_FAULT || !fault_takes_for(row) || row->later) {
        return 0;
    }
    for (size_t i = index + 1; i < history->count; i++) {
        const struct history_event *end = &history->events[i];
        if (end->at_ns >= scenario->duration_ns) {
            return 0;
        }
        if (end->kind == HISTORY_HEALED && end->fault.instance == event->fault.instance &&
            end->process == event->process && end->server == event->server) {
            int64_t lasted_ns = end->at_ns - event->at_ns;
            bool early = lasted_ns > 0 && (lasts_ns == 0 || lasted_ns < lasts_ns);
            return early ? lasted_ns : 0;
        }
    }
    return 0;
}

bool chaos_plan_was_by_hand(const struct scenario *scenario, const struct history *history)
{
    struct fault_spec spec;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_FAULT && spec_of(scenario, event, &spec) &&
            (event->fault.index == HISTORY_HAND || cut_short_ns(scenario, history, i, &spec) > 0)) {
            return true;
        }
    }
    return false;
}

/* --- what was done, as entries ---------------------------------------------------------------- */

/* How often the process had got the lock by then. */
static uint32_t times_acquired(const struct history *history, size_t before, uint16_t id)
{
    uint32_t times = 0;
    for (size_t i = 0; i < before; i++) {
        const struct history_event *event = &history->events[i];
        times += event->kind == HISTORY_CLAIM && event->process == id &&
                 (event->claim.happened & 1u << MOMENT_ACQUIRES_LOCK);
    }
    return times;
}

/* Who got the lock last by then: this process, or anybody (HISTORY_HARNESS). NULL: nobody did. */
static const struct history_event *last_acquired(const struct history *history, size_t before,
                                                 uint16_t id)
{
    for (size_t i = before; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_CLAIM && (id == HISTORY_HARNESS || event->process == id) &&
            (event->claim.happened & 1u << MOMENT_ACQUIRES_LOCK)) {
            return event;
        }
    }
    return NULL;
}

/* How long after the moment for which a fault has lain in wait it is recorded at most. */
static int64_t at_most_late_ns(const struct history *history)
{
    bool virtual_time = strcmp(history->facts.host, host_model.name) == 0;
    return virtual_time ? 0 : 20 * NS_PER_MS;
}

/* The moment for which the fault lay in wait: somebody got the lock. NULL: it did not, but hit a
 * leader that holds it for as long as it leads, or nobody. */
static const struct history_event *waited_for(const struct history *history, size_t index,
                                              const struct fault_spec *spec)
{
    const struct history_event *event = &history->events[index];
    bool holder = spec->target.kind == TARGET_LOCK_HOLDER;
    if (!holder && (spec->target.kind != TARGET_LOCK || !fault_rows[spec->kind]->awaits_holder)) {
        return NULL;
    }
    const struct history_event *moment =
        last_acquired(history, index, holder ? event->process : HISTORY_HARNESS);
    bool at_once = moment && event->at_ns - moment->at_ns > at_most_late_ns(history);
    return at_once && protocol_holds_on(&history->facts.settings) ? NULL : moment;
}

/* Whom the fault met, where a fault of its kind can aim at one process; and which of several
 * servers. */
static struct target target_of(const struct history *history, const struct fault_spec *spec,
                               const struct history_event *event)
{
    struct target target = spec->target;
    if (event->process != HISTORY_HARNESS && fault_rows[spec->kind]->targets & 1u << TARGET_IDS) {
        target = (struct target){.kind = TARGET_IDS, .count = 1, .ids = {event->process}};
    }
    if (history->facts.settings.servers > 1 && event->server != NO_SERVER) {
        target.servers = SERVERS_LISTED;
        target.listed = (uint8_t)(1u << event->server);
    }
    return target;
}

/* Somebody's hand on real processes is not known to the nanosecond: a tenth of a millisecond will
 * do. */
static int64_t legible_ns(const struct history *history, int64_t ns)
{
    const int64_t tenth_ns = NS_PER_MS / 10;
    int64_t rounded_ns = (ns + tenth_ns / 2) / tenth_ns * tenth_ns;
    return at_most_late_ns(history) == 0 || rounded_ns == 0 ? ns : rounded_ns;
}

/* The fault of the event as an entry by itself. */
static struct replay_fault plain(const struct scenario *scenario, const struct history *history,
                                 size_t index, const struct fault_spec *spec)
{
    const struct history_event *event = &history->events[index];
    bool by_hand = event->fault.index == HISTORY_HAND;
    struct replay_fault fault = {.fault = by_hand ? REPLAY_HAND : event->fault.index,
                                 .spec = *spec};
    int64_t last_ns = scenario->duration_ns - 1;
    const struct history_event *moment = waited_for(history, index, spec);
    int64_t lasted_ns = cut_short_ns(scenario, history, index, spec);
    if (event->kind == HISTORY_SKIPPED) {
        fault.skipped = event->why ? event->why : "nobody knows why";
    }
    if (lasted_ns > 0) {
        fault_last(&fault.spec, legible_ns(history, lasted_ns));
        fault.cut_short = !by_hand;
    }
    fault.spec.target = target_of(history, spec, event);
    int64_t at_ns = by_hand ? legible_ns(history, event->at_ns) : event->at_ns;
    fault.spec.trigger = (struct trigger){
        .kind = TRIGGER_AT, .at_ns = at_ns < last_ns ? at_ns : last_ns, .one_of = 1};
    if (moment) {
        fault.spec.trigger =
            (struct trigger){.kind = TRIGGER_WHEN,
                             .moment = MOMENT_ACQUIRES_LOCK,
                             .who = {.kind = TARGET_IDS, .count = 1, .ids = {moment->process}},
                             .nth = times_acquired(history, index, moment->process),
                             .one_of = 1};
    }
    return fault;
}

/* Whether an event goes on with what the one before it began: the same was done on the next of
 * several servers. */
static bool goes_on(const struct history_event *before, const struct history_event *event)
{
    int64_t together_ns = event->fault.index == HISTORY_HAND ? 100 * NS_PER_MS : 0;
    return before && before->kind == HISTORY_FAULT && event->kind == HISTORY_FAULT &&
           event->at_ns - before->at_ns <= together_ns && before->process == event->process &&
           before->fault.index == event->fault.index && before->fault.kind == event->fault.kind &&
           before->server < event->server && event->server != NO_SERVER;
}

/* What all faults did, in the order of time. Returns how many entries that makes. */
static size_t list(const struct scenario *scenario, const struct history *history,
                   struct replay_fault *faults)
{
    const struct history_event *before = NULL;
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        struct fault_spec spec;
        if (!spec_of(scenario, event, &spec)) {
            continue;
        }
        if (goes_on(before, event)) {
            faults[count - 1].spec.target.listed |= (uint8_t)(1u << event->server);
        } else {
            faults[count++] = plain(scenario, history, i, &spec);
        }
        before = event;
    }
    return count;
}

static size_t count_faults(const struct history *history)
{
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++) {
        count += is_fault(&history->events[i]);
    }
    return count;
}

/* "Drawn in trial 1 with seed 7, on processes:" */
static void say_where(const char *what, const struct history *history, bool measured, char *out,
                      size_t size)
{
    snprintf(out, size, "%s in trial %u with seed %" PRIu64 ", on %s%s:", what,
             (unsigned)history->facts.trial, history->facts.seed, history->facts.host,
             measured ? " with --latency" : "");
}

/* What came of each `nth` that was drawn. */
static void list_nths(const struct scenario *scenario, uint64_t seed, uint32_t *nths)
{
    for (uint16_t i = 0; i < scenario->fault_count; i++) {
        nths[i] = scenario->faults[i].trigger.nth_to > 0 ? nth_time(scenario, i, seed) : 0;
    }
}

bool chaos_plan_write(FILE *file, const struct scenario *scenario, const struct history *history,
                      bool measured, char *why, size_t size)
{
    struct replay_fault *faults = calloc(count_faults(history) + 1, sizeof *faults);
    char title[160], cut_short[160], hand[160];
    uint32_t nths[SCENARIO_FAULTS_MAX];
    if (!faults) {
        snprintf(why, size, "out of memory");
        return false;
    }
    size_t count = list(scenario, history, faults);
    list_nths(scenario, history->facts.seed, nths);
    say_where("Drawn", history, measured, title, sizeof title);
    say_where("Healed by hand", history, measured, cut_short, sizeof cut_short);
    say_where("Done by hand", history, measured, hand, sizeof hand);
    struct replay replay = {.scenario = scenario,
                            .seed = history->facts.seed,
                            .nths = nths,
                            .title = title,
                            .cut_short_title = cut_short,
                            .hand_title = hand,
                            .faults = faults,
                            .count = count};
    bool good = scenario_replay(file, &replay, why, size);
    free(faults);
    return good;
}
