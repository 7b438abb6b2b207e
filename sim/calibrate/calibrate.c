/* Measures a machine for the model. See calibrate.h. */
#include "sim/calibrate/calibrate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The processes go their rounds at different times: each is alone on the machine, most often. One
 * is born later, to see how long that takes. */
static const char apart[] = "name: calibrate-apart\n"
                            "nodes: 5\n"
                            "duration: 3s\n"
                            "starts: {all: {within: 100ms}}\n"
                            "faults:\n"
                            "  - {at: 1s, crash: 5}\n"
                            "  - {at: 1200ms, restart: 5}\n"
                            "  - {at: 2s, crash: 4}\n"
                            "  - {at: 2200ms, restart: 4}\n"
                            "heal: false\n"
                            "expect: {checks: {dead_leader: allowed, two_leaders: allowed}}\n";
#define APART_SECONDS 3.2

/* They all wake up at the same time. */
static const char together[] = "name: calibrate-together\n"
                               "nodes: 5\n"
                               "duration: 2s\n"
                               "starts: {master: all_reported}\n"
                               "heal: false\n";
#define TOGETHER_SECONDS 2.2

/* Of so many trials together, one apart. */
#define APART_EVERY 4

static uint32_t apart_trials(uint32_t trials)
{
    return (trials + APART_EVERY - 1) / APART_EVERY;
}

double calibration_seconds(uint32_t trials, uint32_t jobs)
{
    return (trials * TOGETHER_SECONDS + apart_trials(trials) * APART_SECONDS) / jobs;
}

static bool fail(struct calibration *calibration, const char *what)
{
    if (what) {
        snprintf(calibration->error, sizeof calibration->error, "%s", what);
    }
    calibration->end = TRIAL_WORLD_FAILED;
    return false;
}

/* --- running ------------------------------------------------------------------------------ */

/* Of the part that runs, the last one. */
static bool trial_done(void *self, struct trial *trial)
{
    struct calibration *calibration = self;
    const struct fit_part *part = &calibration->parts[calibration->part_count - 1];
    return observe(&calibration->real, &part->scenario, &trial->history) ||
           fail(calibration, "out of memory");
}

/* Runs real processes by a scenario, and observes them. */
static bool run(struct calibration *calibration, const char *text,
                const struct host_options *options, uint32_t trials)
{
    struct scenario_report report;
    struct fit_part *part = &calibration->parts[calibration->part_count];
    struct host_options ours = *options;
    struct host_events events = {.self = calibration, .trial_done = trial_done};
    if (!scenario_parse("(calibrate)", text, strlen(text), &part->scenario, &report)) {
        return fail(calibration, report.problems[0].message);
    }
    calibration->part_count++;
    part->trials = trials;
    ours.trials = trials;
    ours.seed = part->scenario.seed;
    if (!host_processes.probe(&part->scenario, options, &calibration->facts, calibration->error,
                              sizeof calibration->error)) {
        return fail(calibration, NULL);
    }
    enum trial_end end = host_processes.run(&part->scenario, &ours, &events, calibration->error,
                                            sizeof calibration->error);
    if (calibration->end == TRIAL_RAN) {
        calibration->end = end;
    }
    return calibration->end == TRIAL_RAN;
}

bool calibration_run(struct calibration *calibration, const struct host_options *options)
{
    calibration->end = TRIAL_RAN;
    return run(calibration, apart, options, apart_trials(options->trials)) &&
           run(calibration, together, options, options->trials);
}

/* --- making ------------------------------------------------------------------------------- */

bool calibration_make(struct calibration *calibration)
{
    struct machine *machine = &calibration->machine;
    struct fit fit = {
        .parts = calibration->parts, .count = calibration->part_count, .real = &calibration->real};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    machine->cores = cores > 0 ? (uint32_t)cores : 1;
    if (!tables_make(&calibration->tables, &calibration->real, calibration->error,
                     sizeof calibration->error)) {
        return fail(calibration, NULL);
    }
    tables_into(&calibration->tables, machine);
    calibration->distance = fit_costs(&fit, machine);
    if (calibration->distance >= 0) {
        calibration->distance = fit_distance(&fit, machine, &calibration->modelled);
    }
    return calibration->distance >= 0 || fail(calibration, "out of memory");
}

void calibration_free(struct calibration *calibration)
{
    observations_free(&calibration->real);
    observations_free(&calibration->modelled);
    for (size_t i = 0; i < calibration->part_count; i++) {
        scenario_free(&calibration->parts[i].scenario);
    }
}
