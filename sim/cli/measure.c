/* What this machine takes. See measure.h. */
#include "sim/cli/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/load.h"
#include "src/owners.h"
#include "src/units.h"

/* Five nodes that wake up at the same time, every 100 ms. */
static const char text[] = "name: calibrate\n"
                           "nodes: 5\n"
                           "duration: 2s\n"
                           "starts: {master: all_reported}\n"
                           "heal: false\n";
#define MEMBERS 6
#define TRIAL_SECONDS 2.2

/* A timer that is later than this was no timer: the process had something else to wait for. */
#define LATE_MAX_NS (50 * NS_PER_MS)

/* With fewer of a kind there is no distribution. */
#define LEAST 30

/* A trial has one start of each node, and more of all else. */
_Static_assert(MEASURE_TRIALS_LEAST *(MEMBERS - 1) >= LEAST, "enough starts");

double measure_seconds(uint32_t trials, uint32_t jobs)
{
    return trials * TRIAL_SECONDS / jobs;
}

static void add(struct measurement *measurement, enum measured_table table, int64_t ns)
{
    measurement->lost = !sample_add(&measurement->of[table], ns) || measurement->lost;
}

/* A request is sent at once, or after a wait; its answer ends the round trip. */
static bool trial_done(void *self, struct trial *trial)
{
    struct measurement *measurement = self;
    int64_t started_ns = 0;
    int64_t asked_ns[MEMBERS] = {0};
    int64_t heard_ns[MEMBERS] = {0};
    for (size_t i = 0; i < trial->history.count; i++) {
        const struct history_event *event = &trial->history.events[i];
        int64_t now_ns = event->at_ns;
        if (event->process >= MEMBERS) {
            continue;
        }
        if (event->kind == HISTORY_STARTED && event->process != MASTER_ID) {
            add(measurement, MEASURED_START, now_ns - started_ns);
            started_ns = now_ns;
        } else if (event->kind == HISTORY_REQUEST) {
            int64_t late_ns =
                now_ns - heard_ns[event->process] -
                settings_value(&measurement->scenario.settings, OWNER_PROTOCOL, "poll", 0);
            if (heard_ns[event->process] > 0 && late_ns >= 0 && late_ns <= LATE_MAX_NS) {
                add(measurement, MEASURED_TIMER, late_ns);
            }
            asked_ns[event->process] = now_ns;
        } else if (event->kind == HISTORY_REPLY) {
            add(measurement, MEASURED_ROUND, now_ns - asked_ns[event->process]);
            heard_ns[event->process] = now_ns;
        }
    }
    return !measurement->lost;
}

static bool is_enough(struct measurement *measurement)
{
    for (int i = 0; i < MEASURED_TABLES; i++) {
        if (measurement->of[i].count < LEAST) {
            snprintf(measurement->error, sizeof measurement->error,
                     "only %zu observations for %s; %d are needed: run more trials",
                     measurement->of[i].count, latency_file_names[i], LEAST);
            return false;
        }
        sample_sort(&measurement->of[i]);
    }
    return true;
}

static bool read_scenario(struct scenario *scenario)
{
    struct scenario_report *report = malloc(sizeof *report);
    bool good = report && scenario_parse("(calibrate)", text, strlen(text), scenario, report);
    free(report);
    return good;
}

enum trial_end measure(struct measurement *measurement, const struct host_options *options)
{
    struct host_options ours = *options;
    struct host_events events = {.self = measurement, .trial_done = trial_done};
    char *error = measurement->error;
    size_t size = sizeof measurement->error;
    if (!read_scenario(&measurement->scenario)) {
        snprintf(error, size, "out of memory");
        return TRIAL_WORLD_FAILED;
    }
    ours.seed = measurement->scenario.seed;
    if (!host_processes.probe(&measurement->scenario, &ours, &measurement->facts, error, size)) {
        return TRIAL_WORLD_FAILED;
    }
    enum trial_end end = host_processes.run(&measurement->scenario, &ours, &events, error, size);
    if (measurement->lost) {
        snprintf(error, size, "out of memory");
        return TRIAL_WORLD_FAILED;
    }
    return end == TRIAL_RAN && !is_enough(measurement) ? TRIAL_WORLD_FAILED : end;
}

void measurement_free(struct measurement *measurement)
{
    for (int i = 0; i < MEASURED_TABLES; i++) {
        sample_free(&measurement->of[i]);
    }
    scenario_free(&measurement->scenario);
}
