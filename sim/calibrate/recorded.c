/* Reads results folders of real processes, to be observed. See calibrate.h. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/calibrate.h"
#include "sim/text/errors.h"

static bool fail(struct calibration *calibration, const char *path, const char *what)
{
    snprintf(calibration->error, sizeof calibration->error, "%.250s: %.240s", path, what);
    calibration->end = TRIAL_WORLD_FAILED;
    return false;
}

/* The files of a folder that match a pattern; globfree() them in any case. */
static bool find(const char *folder, const char *pattern, glob_t *found)
{
    size_t length = strlen(folder);
    char *escaped = malloc(2 * length + strlen(pattern) + 2);
    char *at = escaped;
    memset(found, 0, sizeof *found);
    if (!escaped) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (strchr("*?[\\", folder[i])) {
            *at++ = '\\';
        }
        *at++ = folder[i];
    }
    *at++ = '/';
    memcpy(at, pattern, strlen(pattern) + 1);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): while it measures there is one thread. */
    int status = glob(escaped, 0, NULL, found);
    free(escaped);
    return status == 0;
}

/* The part with this scenario, or NULL. */
static struct fit_part *part_of(struct calibration *calibration, const char *name)
{
    for (size_t i = 0; i < calibration->part_count; i++) {
        if (strcmp(calibration->parts[i].scenario.name, name) == 0) {
            return &calibration->parts[i];
        }
    }
    return NULL;
}

static bool read_scenario(struct calibration *calibration, const char *path)
{
    struct scenario_report report;
    struct scenario scenario;
    if (!scenario_load(path, &scenario, &report)) {
        return fail(calibration, path, report.problems[0].message);
    }
    if (part_of(calibration, scenario.name)) {
        scenario_free(&scenario);
        return true;
    }
    if (calibration->part_count == CALIBRATION_PARTS_MAX) {
        scenario_free(&scenario);
        return fail(calibration, path, "there are more than 64 scenarios");
    }
    calibration->parts[calibration->part_count++] = (struct fit_part){.scenario = scenario};
    return true;
}

static bool observe_file(struct calibration *calibration, const char *path)
{
    char error[200];
    struct history history = {0};
    FILE *file = fopen(path, "re");
    if (!file) {
        return fail(calibration, path, error_words(errno));
    }
    bool good = history_read_jsonl(&history, file, error, sizeof error);
    fclose(file);
    if (!good) {
        return fail(calibration, path, error);
    }
    struct fit_part *part = part_of(calibration, history.facts.scenario);
    if (strcmp(history.facts.host, host_processes.name) != 0) {
        good = fail(calibration, path, "this was not recorded from real processes");
    } else if (!part) {
        good = fail(calibration, path, "its scenario is not in the folder");
    } else if (!observe(&calibration->real, &part->scenario, &history)) {
        good = fail(calibration, path, "out of memory");
    } else {
        part->trials++;
    }
    history_free(&history);
    return good;
}

static bool each(struct calibration *calibration, const char *folder, const char *pattern,
                 bool (*take)(struct calibration *, const char *))
{
    glob_t found;
    bool good = find(folder, pattern, &found) ||
                fail(calibration, folder, "this is no results folder with histories");
    for (size_t i = 0; good && i < found.gl_pathc; i++) {
        good = take(calibration, found.gl_pathv[i]);
    }
    globfree(&found);
    return good;
}

bool calibration_read(struct calibration *calibration, const char *folder)
{
    calibration->end = TRIAL_RAN;
    return each(calibration, folder, "scenario*.yaml", read_scenario) &&
           each(calibration, folder, "history/*.jsonl", observe_file);
}
