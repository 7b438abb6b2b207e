/* hustings calibrate: measures this machine for the model. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/measure.h"
#include "sim/cli/option.h"
#include "sim/results/json.h"
#include "sim/results/run_json.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"
#include "sim/version.h"

#define TRIALS_DEFAULT 20

static const char help[] =
    "Usage: $0 calibrate [OPTION]...\n"
    "\n"
    "Measures this machine for the model: runs a cluster of five nodes and a master, for real,\n"
    "takes three tables from its histories, and writes what `$0 run --on model --latency FILE`\n"
    "reads: how long a round trip to the Redis takes, how late a process goes on after a wait,\n"
    "and how processes that are to start at once start one after the other.\n"
    "\n"
    "      --redis URL          use this Redis, under a prefix of our own, instead of a private "
    "one\n"
    "      --redis-server PROG  the private one's program\n"
    "      --trials N           measure with so many clusters (default 20, at least 6)\n"
    "      --jobs N             so many of them side by side (default 1): as the runs will be "
    "that\n"
    "                           the model is compared with\n"
    "      --out FILE           where it is written (default latency.json)\n"
    "  -h, --help               show this\n"
    "\n"
    "Example:\n"
    "    $0 calibrate --out latency.json\n"
    "    $0 run --on model --latency latency.json scenarios/course/02-a-node-submits.yaml\n"
    "\n"
    "Exit: 0 written, 2 wrong usage, 3 the world failed (no Redis, full disk, …), 130 "
    "interrupted.\n";

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

int cli_calibrate(const char *program, int argc, char **argv)
{
    struct host_options options = {.trials = TRIALS_DEFAULT, .jobs = 1};
    struct measurement measurement = {.lost = false};
    const char *out = "latency.json";
    char url[OPTION_REDIS_SIZE] = "";
    const struct option_row rows[] = {
        {.name = "redis", .kind = OPTION_REDIS, .into = url},
        {.name = "redis-server", .kind = OPTION_TEXT, .into = &options.redis_server},
        {.name = "trials",
         .kind = OPTION_COUNT,
         .into = &options.trials,
         .low = MEASURE_TRIALS_LEAST,
         .high = 100000},
        {.name = "jobs", .kind = OPTION_COUNT, .into = &options.jobs, .low = 1, .high = 64},
        {.name = "out", .kind = OPTION_TEXT, .into = &out},
        {0}};
    int code = options_read(program, argc, argv, rows, help);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind < argc) {
        clean_line(stderr, "hustings calibrate: \"%s\": it takes options only", argv[optind]);
        return cli_try(program, "calibrate");
    }
    options.redis_url = *url ? url : NULL;
    printf("measuring, for about %.0f s\n", measure_seconds(options.trials, options.jobs));
    fflush(stdout);
    code = finish(&measurement, measure(&measurement, &options), out);
    measurement_free(&measurement);
    return code;
}
