/* The plan of a trial. See chaos_plan.h. */
#include "sim/cli/chaos_plan.h"

#include <errno.h>
#include <stdlib.h>

#include "sim/scenario/entry.h"
#include "sim/scenario/write.h"

bool chaos_plan_is_needed(const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        if (scenario->faults[i].trigger.kind == TRIGGER_RANDOMLY) {
            return true;
        }
    }
    return false;
}

/* The drawn fault that an event tells was applied, or NULL. */
static const struct fault_spec *drawn(const struct scenario *scenario,
                                      const struct history_event *event)
{
    if (event->kind != HISTORY_FAULT || event->fault.index >= scenario->fault_count) {
        return NULL;
    }
    const struct fault_spec *spec = &scenario->faults[event->fault.index];
    return spec->trigger.kind == TRIGGER_RANDOMLY ? spec : NULL;
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

/* The fault of the event as an entry by itself. */
static struct fault_spec plain(const struct scenario *scenario, const struct history *history,
                               size_t index)
{
    const struct history_event *event = &history->events[index];
    const struct fault_spec *spec = drawn(scenario, event);
    struct fault_spec entry = *spec;
    int64_t last_ns = scenario->duration_ns - 1;
    entry.trigger = (struct trigger){
        .kind = TRIGGER_AT, .at_ns = event->at_ns < last_ns ? event->at_ns : last_ns, .one_of = 1};
    if (lay_in_wait(spec)) {
        uint16_t id =
            spec->target.kind == TARGET_LOCK ? last_acquirer(history, index) : event->process;
        entry.trigger = (struct trigger){.kind = TRIGGER_WHEN,
                                         .moment = MOMENT_ACQUIRES_LOCK,
                                         .who = {.kind = TARGET_IDS, .count = 1, .ids = {id}},
                                         .nth = times_acquired(history, index, id),
                                         .one_of = 1};
    }
    if (event->process != HISTORY_HARNESS) {
        entry.target = (struct target){.kind = TARGET_IDS, .count = 1, .ids = {event->process}};
    }
    return entry;
}

/* The faults that are not random, as they are, then those that were drawn, in the order of time. */
static bool list(const struct scenario *scenario, const struct history *history,
                 struct scenario *plan)
{
    plan->fault_count = 0;
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        if (scenario->faults[i].trigger.kind != TRIGGER_RANDOMLY) {
            plan->faults[plan->fault_count++] = scenario->faults[i];
        }
    }
    for (size_t i = 0; i < history->count; i++) {
        if (!drawn(scenario, &history->events[i])) {
            continue;
        }
        if (plan->fault_count == SCENARIO_FAULTS_MAX) {
            errno = E2BIG;
            return false;
        }
        plan->faults[plan->fault_count++] = plain(scenario, history, i);
    }
    return true;
}

bool chaos_plan_write(FILE *file, const struct scenario *scenario, const struct history *history)
{
    struct scenario plan = *scenario;
    plan.faults = calloc(SCENARIO_FAULTS_MAX, sizeof *plan.faults);
    plan.trials = 1;
    plan.seed = history->facts.seed;
    snprintf(plan.name, sizeof plan.name, "%.58s-plan", scenario->name);
    bool good = plan.faults && list(scenario, history, &plan);
    if (good) {
        fprintf(file, "# What chaos drew in trial %u of %s, seed %llu, on %s.\n",
                (unsigned)history->facts.trial, scenario->name,
                (unsigned long long)history->facts.seed, history->facts.host);
        good = scenario_write(file, &plan);
    }
    free(plan.faults);
    return good;
}
