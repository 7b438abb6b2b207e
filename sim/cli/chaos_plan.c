/* The plan of a trial. See chaos_plan.h. */
#include "sim/cli/chaos_plan.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/scenario/replay.h"

bool chaos_plan_is_needed(const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *fault = &scenario->faults[i];
        if (fault->trigger.kind == TRIGGER_RANDOMLY || fault->drawn) {
            return true;
        }
    }
    return false;
}

/* The fault that an event is about, applied or skipped, or NULL. */
static const struct fault_spec *spec_of(const struct scenario *scenario,
                                        const struct history_event *event)
{
    bool fault = event->kind == HISTORY_FAULT || event->kind == HISTORY_SKIPPED;
    return fault && event->fault.index < scenario->fault_count
               ? &scenario->faults[event->fault.index]
               : NULL;
}

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

/* Who got the lock last by then. */
static uint16_t last_acquirer(const struct history *history, size_t before)
{
    for (size_t i = before; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_CLAIM && (event->claim.happened & 1u << MOMENT_ACQUIRES_LOCK)) {
            return event->process;
        }
    }
    return HISTORY_HARNESS;
}

static bool lay_in_wait(const struct fault_spec *spec)
{
    return spec->target.kind == TARGET_LOCK_HOLDER ||
           (spec->target.kind == TARGET_LOCK && fault_rows[spec->kind]->awaits_holder);
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

/* The fault of the event as an entry by itself. */
static struct replay_fault plain(const struct scenario *scenario, const struct history *history,
                                 size_t index)
{
    const struct history_event *event = &history->events[index];
    const struct fault_spec *spec = spec_of(scenario, event);
    struct replay_fault fault = {.fault = event->fault.index, .spec = *spec};
    int64_t last_ns = scenario->duration_ns - 1;
    uint16_t id = spec->target.kind == TARGET_LOCK ? last_acquirer(history, index) : event->process;
    if (event->kind == HISTORY_SKIPPED) {
        fault.skipped = event->why;
    }
    if (spec->drawn) {
        fault.spec.drawn = false;
        fault.spec.params[0] = event->fault.param;
    }
    fault.spec.target = target_of(history, spec, event);
    fault.spec.trigger = (struct trigger){
        .kind = TRIGGER_AT, .at_ns = event->at_ns < last_ns ? event->at_ns : last_ns, .one_of = 1};
    if (lay_in_wait(spec) && id != HISTORY_HARNESS) {
        fault.spec.trigger = (struct trigger){.kind = TRIGGER_WHEN,
                                              .moment = MOMENT_ACQUIRES_LOCK,
                                              .who = {.kind = TARGET_IDS, .count = 1, .ids = {id}},
                                              .nth = times_acquired(history, index, id),
                                              .one_of = 1};
    }
    return fault;
}

/* Whether an event goes on with what the one before it began: the same was done on the next of
 * several servers. */
static bool goes_on(const struct history_event *before, const struct history_event *event)
{
    return before && before->kind == HISTORY_FAULT && event->kind == HISTORY_FAULT &&
           before->at_ns == event->at_ns && before->process == event->process &&
           before->fault.index == event->fault.index && before->server < event->server &&
           event->server != NO_SERVER;
}

/* What all faults did, in the order of time. Returns how many entries that makes. */
static size_t list(const struct scenario *scenario, const struct history *history,
                   struct replay_fault *faults)
{
    const struct history_event *before = NULL;
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (!spec_of(scenario, event)) {
            continue;
        }
        if (goes_on(before, event)) {
            faults[count - 1].spec.target.listed |= (uint8_t)(1u << event->server);
        } else {
            faults[count++] = plain(scenario, history, i);
        }
        before = event;
    }
    return count;
}

static size_t count_faults(const struct scenario *scenario, const struct history *history)
{
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++) {
        count += spec_of(scenario, &history->events[i]) != NULL;
    }
    return count;
}

bool chaos_plan_write(FILE *file, const struct scenario *scenario, const struct history *history,
                      bool measured, char *why, size_t size)
{
    struct replay_fault *faults = calloc(count_faults(scenario, history) + 1, sizeof *faults);
    char title[160];
    if (!faults) {
        snprintf(why, size, "out of memory");
        return false;
    }
    size_t count = list(scenario, history, faults);
    snprintf(title, sizeof title,
             "Drawn in trial %u with seed %" PRIu64 ", on %s%s:", (unsigned)history->facts.trial,
             history->facts.seed, history->facts.host, measured ? " with --latency" : "");
    struct replay replay = {.scenario = scenario,
                            .seed = history->facts.seed,
                            .title = title,
                            .faults = faults,
                            .count = count};
    bool good = scenario_replay(file, &replay, why, size);
    free(faults);
    return good;
}
