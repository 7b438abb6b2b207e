/* See map_of.h. */
#include "sim/cli/map_of.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/matrix_options.h"
#include "sim/cli/may_run.h"
#include "sim/results/command.h"
#include "sim/scenario/load.h"
#include "sim/scenario/set.h"
#include "sim/scenario/source.h"
#include "sim/sweep/sweep.h"
#include "sim/text/ordinary.h"

/* --- what it is ------------------------------------------------------------------------------- */

static bool has_file(const char *folder, const char *name)
{
    char *path = NULL;
    bool has = asprintf(&path, "%s/%s", folder, name) > 0 && access(path, F_OK) == 0;
    free(path);
    return has;
}

/* By its plan; or, if that is damaged, by its table. */
bool is_map_folder(const char *folder)
{
    char *path = NULL, verb[16] = "";
    const char *why = "";
    FILE *file = asprintf(&path, "%s/" PLAN_FILE, folder) > 0 ? ordinary_open(path, &why) : NULL;
    free(path);
    bool is = file && fgets(verb, sizeof verb, file) &&
              (strcmp(verb, "matrix\n") == 0 || strcmp(verb, "sweep\n") == 0);
    if (file) {
        fclose(file);
    }
    return is || (!has_file(folder, "trials.csv") &&
                  (has_file(folder, "matrix.csv") || has_file(folder, "sweep.csv")));
}

/* The bytes of a file, or NULL. */
static char *bytes_of(const char *path, size_t *length)
{
    struct scenario_report *report = calloc(1, sizeof *report);
    char *bytes = report ? source_read(path, false, length, report) : NULL;
    free(report);
    return bytes;
}

/* The scenario that was swept: where it was, if that is still the one that the folder has a copy
 * of, since it may name other files. */
static bool find_scenario(struct map_of *of, char *error, size_t error_size)
{
    char *copy = NULL;
    size_t length = 0;
    if (asprintf(&copy, "%s/scenario.yaml", of->map.folder) < 0) {
        snprintf(error, error_size, "memory is out");
        return false;
    }
    of->text = bytes_of(copy, &of->length);
    char *there = bytes_of(of->swept.path, &length);
    bool same = there && of->text && length == of->length && memcmp(there, of->text, length) == 0;
    free(there);
    of->path = same ? strdup(of->swept.path) : strdup(copy);
    if (!of->text || !of->path) {
        snprintf(error, error_size, "%s: cannot be read", copy);
    }
    free(copy);
    return of->text && of->path;
}

/* Loads a point. False with what is wrong in `error`. */
static bool load_point(const struct map_of *of, size_t cell, const char *words[AXES_MAX],
                       size_t *count, struct scenario *scenario, char *error)
{
    const struct sweep sweep = {.path = of->path, .text = of->text, .length = of->length};
    *count = plan_words(&of->points, cell, words);
    const struct set_words sets = {words, *count};
    return sweep_load(&sweep, &sets, scenario, error);
}

/* The seed of trial 1 of a point, as sweep takes it: what was given, or else its scenario's. */
static uint64_t seed_of(const struct map_of *of, const struct scenario *scenario)
{
    return of->swept.has_seed ? of->swept.seed : scenario->seed;
}

/* That of the first point that makes a scenario: of all of them, unless the seed is what varies. */
static uint64_t base_seed(const struct map_of *of)
{
    const char *words[AXES_MAX];
    char error[MAP_ERROR];
    struct scenario scenario;
    uint64_t seed = of->swept.seed;
    bool found = false;
    for (size_t cell = 0, count; cell < of->points.cells && !found; cell++) {
        found = load_point(of, cell, words, &count, &scenario, error);
        if (found) {
            seed = seed_of(of, &scenario);
            scenario_free(&scenario);
        }
    }
    return seed;
}

static bool read_sweep(struct map_of *of, char *error, size_t error_size)
{
    of->swept.program = of->program;
    if (sweep_options(&of->swept, of->plan.count, of->plan.words, true) != OPTIONS_GOOD) {
        snprintf(error, error_size, "%s/" PLAN_FILE ": this is not the plan of a sweep",
                 of->map.folder);
        return false;
    }
    of->host = of->swept.grid.host;
    of->map.name = of->swept.path;
    for (size_t i = 0; i < of->swept.sets.count; i++) {
        if (!axes_add(&of->axes, of->swept.sets.words[i], of->why, sizeof of->why)) {
            snprintf(error, error_size, "%s/" PLAN_FILE ": %s", of->map.folder, of->why);
            return false;
        }
    }
    for (size_t i = 0; i < of->axes.count; i++) {
        of->map.varied += of->axes.list[i].count > 1;
    }
    if (!plan_make(&of->points, &of->axes, of->swept.sample, of->swept.seed, of->why,
                   sizeof of->why)) {
        snprintf(error, error_size, "%s/" PLAN_FILE ": %s", of->map.folder, of->why);
        return false;
    }
    if (!find_scenario(of, error, error_size)) {
        return false;
    }
    of->map.seed = base_seed(of);
    return true;
}

static bool read_matrix(struct map_of *of, char *error, size_t error_size)
{
    struct matrix_asked asked = {.program = of->program};
    if (matrix_options(&asked, of->plan.count, of->plan.words, true) != OPTIONS_GOOD) {
        snprintf(error, error_size, "%s/" PLAN_FILE ": this is not the plan of a matrix",
                 of->map.folder);
        return false;
    }
    of->host = asked.grid.host;
    return true;
}

/* The command that made it, which goes on with what is not finished. */
static char *command_of(const struct map_of *of)
{
    struct shell_command command = {0};
    command_word(&command, "", of->program);
    for (int i = 0; i < of->plan.count; i++) {
        bool last = i + 1 == of->plan.count && strcmp(of->plan.words[i], "--") == 0;
        if (!last) {
            command_word(&command, "", of->plan.words[i]);
        }
        if (i == 0) {
            command_put(&command, " --into");
            command_word(&command, "", of->map.folder);
        }
    }
    char *text = command.failed ? NULL : strdup(command_text(&command));
    command_free(&command);
    return text;
}

/* --- a trial ---------------------------------------------------------------------------------- */

static bool take_history(void *self, struct trial *trial)
{
    struct map_of *of = self;
    *of->taken = trial->history;
    trial->history = (struct history){0};
    return true;
}

/* Loads a cell of a matrix, likewise. The folder may be a stranger's: only what lies in its cells/,
 * and is an ordinary file, is read. */
static bool load_file(const struct map_of *of, const char *name, struct scenario *scenario,
                      char *error)
{
    char *path = NULL;
    size_t length = 0;
    bool inside = strncmp(name, "cells/", 6) == 0 && !strchr(name + 6, '/');
    struct scenario_report *report = calloc(1, sizeof *report);
    char *bytes = inside && report && asprintf(&path, "%s/%s", of->map.folder, name) > 0
                      ? source_read(path, false, &length, report)
                      : NULL;
    bool good = bytes && scenario_parse(path, bytes, length, scenario, report);
    if (!good) {
        snprintf(error, MAP_ERROR, "%s: %s", name,
                 !inside                       ? "this is no cell of the folder's"
                 : report && report->count > 0 ? report->problems[0].message
                                               : "memory is out");
    }
    free(bytes);
    free(path);
    free(report);
    return good;
}

/* The scenario of a cell; `words` are its values, if it was swept. */
static bool load_cell(const struct map_of *of, const struct map_asked *asked,
                      const char *words[AXES_MAX], size_t *count, struct scenario *scenario,
                      char *error)
{
    *count = 0;
    if (*asked->file) {
        return load_file(of, asked->file, scenario, error);
    }
    if (asked->number < 1 || asked->number > of->points.cells) {
        snprintf(error, MAP_ERROR, "there is no point of that number");
        return false;
    }
    return load_point(of, (size_t)asked->number - 1, words, count, scenario, error);
}

/* What run would refuse is refused here: programs, faults that the host does not have. */
static bool is_allowed(const struct map_of *of, const struct scenario *scenario, char *error)
{
    const struct may_run may = {.program = of->program, .host = of->host};
    char *said = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&said, &size);
    bool good = file && may_run(&may, scenario, file);
    if (file) {
        fclose(file);
    }
    if (!good) {
        snprintf(error, MAP_ERROR, "%.*s", said ? (int)strcspn(said, "\n") : 13,
                 said ? said : "memory is out");
    }
    free(said);
    return good;
}

static char *trial_command(const struct map_of *of, const struct scenario *scenario,
                           const char *const *words, size_t count)
{
    struct shell_command command;
    const struct run_facts facts = {.host = of->host->name,
                                    .program = of->program,
                                    .folder = of->cwd[0] ? of->cwd : NULL,
                                    .latency = of->swept.latency,
                                    .sets = words,
                                    .set_count = count};
    reproduce_command(scenario, &facts, scenario->seed, 1, &command);
    char *text = command.failed ? NULL : strdup(command_text(&command));
    command_free(&command);
    return text;
}

static bool run_trial(void *self, const struct map_asked *asked, struct map_trial *trial,
                      char *error)
{
    struct map_of *of = self;
    const char *words[AXES_MAX];
    size_t count;
    *trial = (struct map_trial){0};
    if (!load_cell(of, asked, words, &count, &trial->scenario, error)) {
        return false;
    }
    if (!is_allowed(of, &trial->scenario, error)) {
        scenario_free(&trial->scenario);
        return false;
    }
    bool is_point = !*asked->file;
    uint64_t seed = is_point ? seed_of(of, &trial->scenario) : trial->scenario.seed;
    trial->scenario.seed = trial_seed(seed, asked->trial);
    trial->scenario.trials = 1;
    of->taken = &trial->history;
    const struct host_options options = {
        .latency = of->swept.latency, .trials = 1, .jobs = 1, .seed = trial->scenario.seed};
    const struct host_events events = {.self = of, .trial_done = take_history};
    enum trial_end end = of->host->run(&trial->scenario, &options, &events, error, MAP_ERROR);
    trial->command = trial_command(of, &trial->scenario, words, count);
    if (end != TRIAL_RAN || !trial->command) {
        if (end != TRIAL_WORLD_FAILED) {
            snprintf(error, MAP_ERROR, end == TRIAL_RAN ? "memory is out" : "interrupted");
        }
        scenario_free(&trial->scenario);
        history_free(&trial->history);
        free(trial->command);
        return false;
    }
    return true;
}

/* --- all of it -------------------------------------------------------------------------------- */

bool map_of_read(struct map_of *of, const char *program, const char *folder, char *error,
                 size_t error_size)
{
    *of = (struct map_of){.program = program,
                          .map = {.folder = folder,
                                  .self = of,
                                  .program = program,
                                  .name = "",
                                  .advice = "",
                                  .why_not = ""}};
    if (!plan_words_read(&of->plan, folder, error, error_size)) {
        return false;
    }
    bool is_sweep = strcmp(of->plan.words[0], "sweep") == 0;
    if (!is_sweep && strcmp(of->plan.words[0], "matrix") != 0) {
        snprintf(error, error_size,
                 "%s/" PLAN_FILE ": this is not the plan of a matrix or a sweep: has it been "
                 "changed?",
                 folder);
        return false;
    }
    of->map.kind = is_sweep ? "sweep" : "matrix";
    of->command = command_of(of);
    if (!(is_sweep ? read_sweep : read_matrix)(of, error, error_size)) {
        return false;
    }
    if (!getcwd(of->cwd, sizeof of->cwd)) {
        of->cwd[0] = '\0';
    }
    char *path = NULL;
    size_t length = 0;
    of->advice = asprintf(&path, "%s/advice.txt", folder) > 0 ? bytes_of(path, &length) : NULL;
    free(path);
    of->map.advice = of->advice ? of->advice : "";
    of->map.host = of->host->name;
    of->map.command = of->command ? of->command : "";
    if (of->host->virtual_time) {
        of->map.run = run_trial;
    } else {
        of->map.why_not = "of real processes no trial can be had again; the command of a cell runs "
                          "it anew";
    }
    return true;
}

void map_of_free(struct map_of *of)
{
    plan_free(&of->points);
    axes_free(&of->axes);
    plan_words_free(&of->plan);
    free(of->text);
    free(of->path);
    free(of->advice);
    free(of->command);
    *of = (struct map_of){0};
}
