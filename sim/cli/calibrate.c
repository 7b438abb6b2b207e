/* hustings calibrate: measures this machine for the model. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/option.h"
#include "sim/compare/sample.h"
#include "sim/host/host.h"
#include "sim/model_host/latency_file.h"
#include "sim/results/json.h"
#include "sim/results/run_json.h"
#include "sim/scenario/load.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"
#include "sim/version.h"
#include "src/owners.h"
#include "src/units.h"

#define TRIALS_DEFAULT 20

/* --- measuring -------------------------------------------------------------------------------- */

struct measurement {
    struct sample of[MEASURED_TABLES]; /* measured: ascending */
    struct host_facts facts;           /* of the Redis that it was measured with */
    struct scenario scenario;
    bool lost;       /* memory ran out */
    char error[512]; /* one line */
};

/* Five nodes that wake up at the same time, every 100 ms. */
static const char scenario_text[] = "name: calibrate\n"
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

/* With fewer trials a table would have too few observations: a trial has one start of each node,
 * and more of all else. */
#define TRIALS_LEAST 6
_Static_assert(TRIALS_LEAST *(MEMBERS - 1) >= LEAST, "enough starts");

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
    bool good = report && scenario_parse("(calibrate)", scenario_text, strlen(scenario_text),
                                         scenario, report);
    free(report);
    return good;
}

/* Runs options->trials elections on real processes, and takes the three tables from their
 * histories. Anything but TRIAL_RAN: not measured, with `error` set unless it was interrupted. */
static enum trial_end measure(struct measurement *measurement, const struct host_options *options)
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

static void measurement_free(struct measurement *measurement)
{
    for (int i = 0; i < MEASURED_TABLES; i++) {
        sample_free(&measurement->of[i]);
    }
    scenario_free(&measurement->scenario);
}

/* --- what was measured ------------------------------------------------------------------------ */

static void tell(const struct measurement *measurement)
{
    static const char *const names[MEASURED_TABLES] = {[MEASURED_ROUND] = "round trip",
                                                       [MEASURED_TIMER] = "timer late by",
                                                       [MEASURED_START] = "next start"};
    printf("us                 n      p1     p10     p50     p90     p99\n");
    for (int i = 0; i < MEASURED_TABLES; i++) {
        static const size_t percents[] = {1, 10, 50, 90, 99};
        const struct sample *sample = &measurement->of[i];
        printf("%-13s%7zu", names[i], sample->count);
        for (size_t j = 0; j < sizeof percents / sizeof *percents; j++) {
            printf("%8.0f", (double)sample_quantile(sample, percents[j], 100) / 1e3);
        }
        putchar('\n');
    }
}

static bool put_table(cJSON *document, const char *name, const struct sample *sample)
{
    double ns[MEASURED_QUANTILES];
    for (size_t i = 0; i < MEASURED_QUANTILES; i++) {
        ns[i] = (double)sample_quantile(sample, i, MEASURED_QUANTILES - 1);
    }
    return json_set(document, name, cJSON_CreateDoubleArray(ns, MEASURED_QUANTILES));
}

/* For people: where it was measured, and when. */
static bool put_notes(cJSON *document, const struct measurement *measurement)
{
    char when[32];
    utc_now("%Y-%m-%dT%H:%M:%SZ", when, sizeof when);
    cJSON *notes = cJSON_CreateObject();
    return json_set(document, "measured", notes) && json_set_text(notes, "at", when) &&
           json_set_text(notes, "by", hustings_version()) &&
           json_set_text(notes, "redis_server", measurement->facts.redis_server) &&
           json_set_text(notes, "redis_version", measurement->facts.redis_version);
}

static bool write_file(const struct measurement *measurement, const char *path)
{
    cJSON *document = cJSON_CreateObject();
    errno = ENOMEM;
    bool good = document && json_set_text(document, "hustings", "latency") &&
                json_set_number(document, "version", LATENCY_VERSION);
    for (int i = 0; good && i < MEASURED_TABLES; i++) {
        good = put_table(document, latency_file_names[i], &measurement->of[i]);
    }
    good = good && put_notes(document, measurement) && json_write(document, path);
    cJSON_Delete(document);
    return good;
}

static int finish(const struct measurement *measurement, enum trial_end end, const char *path)
{
    if (end == TRIAL_INTERRUPTED) {
        return EXIT_INTERRUPTED;
    }
    if (end == TRIAL_WORLD_FAILED) {
        clean_line(stderr, "hustings calibrate: %s", measurement->error);
        return EXIT_WORLD;
    }
    tell(measurement);
    if (!write_file(measurement, path)) {
        clean_line(stderr, "hustings calibrate: %s: %s", path, error_words(errno));
        return EXIT_WORLD;
    }
    clean_line(stdout, "written: %s", path);
    return EXIT_HELD;
}

struct calibrate_verb {
    char url[OPTION_REDIS_SIZE];
    const char *out;
    struct host_options options;
};

static const struct option_row rows[] = {
    {.name = "redis",
     .kind = OPTION_REDIS,
     .at = offsetof(struct calibrate_verb, url),
     .value = "URL",
     .help = "use this Redis, under a prefix of our own, instead of a private one"},
    {.name = "redis-server",
     .kind = OPTION_TEXT,
     .at = offsetof(struct calibrate_verb, options.redis_server),
     .value = "PROGRAM",
     .takes = TAKES_PROGRAM,
     .help = "the program of the private Redis"},
    {.name = "trials",
     .kind = OPTION_COUNT,
     .at = offsetof(struct calibrate_verb, options.trials),
     .low = TRIALS_LEAST,
     .high = 100000,
     .value = "N",
     .help = "measure N clusters, at least 6",
     .usual = "20"},
    {.name = "jobs",
     .kind = OPTION_COUNT,
     .at = offsetof(struct calibrate_verb, options.jobs),
     .low = 1,
     .high = 64,
     .value = "N",
     .help = "measure N clusters side by side, as many as the runs have that the model is compared "
             "with",
     .usual = "1"},
    {.name = "out",
     .kind = OPTION_TEXT,
     .at = offsetof(struct calibrate_verb, out),
     .value = "FILE",
     .takes = TAKES_FILE,
     .help = "write to this file",
     .usual = "latency.json"},
    {0}};

const struct verb verb_calibrate = {
    .name = "calibrate",
    .summary = "measure this machine for the model",
    .usage = {"[OPTION]..."},
    .about =
        "Measures this machine for the model. Runs clusters of five nodes and a master, for "
        "real, and takes three tables from their histories: how long a round trip to the Redis "
        "takes, how late a process goes on after a wait, and how processes that are to start "
        "at once start one after the other. They are written to a file that "
        "`$0 run --on model --latency FILE` reads.",
    .rows = rows,
    .examples = {{NULL, "$0 calibrate --out latency.json\n"
                        "$0 run --on model --latency latency.json "
                        "course/02"}},
    .exits = {{0, "it was written"},
              {2, "wrong usage"},
              {3, "the world failed: no Redis, a full disk"},
              {130, "it was interrupted"}},
    .environment = {{"HUSTINGS_REDIS_PASSWORD", "the password, where the URL has none"}},
    .see = {"run", "compare"},
};

int cli_calibrate(const char *program, int argc, char **argv)
{
    struct calibrate_verb verb = {.out = "latency.json",
                                  .options = {.trials = TRIALS_DEFAULT, .jobs = 1}};
    struct host_options *options = &verb.options;
    struct measurement measurement = {.lost = false};
    int code = options_read(program, argc, argv, &verb_calibrate, &verb);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind < argc) {
        clean_line(stderr, "hustings calibrate: \"%s\": it takes options only", argv[optind]);
        return cli_try(program, "calibrate");
    }
    options->redis_url = verb.url[0] ? verb.url : NULL;
    printf("measuring, for about %.0f s\n", options->trials * TRIAL_SECONDS / options->jobs);
    fflush(stdout);
    code = finish(&measurement, measure(&measurement, options), verb.out);
    measurement_free(&measurement);
    return code;
}
