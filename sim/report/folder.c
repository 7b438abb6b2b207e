/* What a results folder has. See folder.h. */
#include "sim/report/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/compare/csv_in.h"
#include "sim/outcome/outcome.h"
#include "sim/scenario/load.h"
#include "sim/text/errors.h"
#include "sim/text/grown.h"
#include "sim/text/ordinary.h"

#define PATH_SIZE 4352

static bool wrong(char *error, size_t size, const char *path, const char *what)
{
    snprintf(error, size, "%s: %s", path, what);
    return false;
}

const char *folder_text(const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return text ? text : "";
}

char *folder_history(const struct folder_run *run, uint32_t trial, char *out, size_t size)
{
    snprintf(out, size, "%s/history/%strial-%04u.jsonl", run->folder, run->label, trial);
    return out;
}

/* --- run.json --------------------------------------------------------------------------------- */

static bool read_run_json(struct folder *folder, char *error, size_t error_size)
{
    char path[PATH_SIZE];
    char *text = NULL;
    size_t room = 0;
    snprintf(path, sizeof path, "%s/run.json", folder->path);
    const char *why = "";
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        return true;
    }
    FILE *file = ordinary_open(path, &why);
    if (!file) {
        return wrong(error, error_size, path, why);
    }
    bool read = getdelim(&text, &room, '\0', file) >= 0 || !ferror(file);
    int because = errno;
    fclose(file);
    folder->run = read ? cJSON_Parse(text ? text : "") : NULL;
    free(text);
    return folder->run ||
           wrong(error, error_size, path, read ? "this is no JSON" : error_words(because));
}

/* Finds the scenario of `run->file` in run.json, and counts those of its name before it. */
static void find_entry(struct folder_run *run)
{
    const cJSON *entry;
    size_t earlier = 0;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(run->run, "scenarios"))
    {
        if (strcmp(folder_text(entry, "file"), run->file) == 0) {
            const cJSON *trials = cJSON_GetObjectItemCaseSensitive(entry, "trials");
            bool counts = cJSON_IsNumber(trials) && trials->valuedouble >= 1 &&
                          trials->valuedouble <= UINT32_MAX;
            run->entry = entry;
            run->earlier = earlier;
            run->planned = counts ? (size_t)trials->valuedouble : 0;
            return;
        }
        earlier += strcmp(folder_text(entry, "name"), run->scenario.name) == 0;
    }
}

/* --- its trials ------------------------------------------------------------------------------- */

bool is_own_row(struct own_rows *own, const char *scenario, uint64_t trial, double second)
{
    if (strcmp(scenario, own->name) != 0) {
        return false;
    }
    bool lower = !own->has_second || second < own->second;
    bool same = own->strictly && second == own->second;
    bool again = own->begun && (trial < own->trial || (trial == own->trial && (lower || same)));
    own->begun = true;
    own->turn += again;
    own->trial = trial;
    own->second = second;
    return own->turn == own->earlier;
}

static bool add_trial(struct folder_run *run, uint32_t number, const char *verdict,
                      const char *command)
{
    struct folder_trial *list =
        grown(run->trials, run->trial_count, &run->trial_capacity, sizeof *list);
    char path[PATH_SIZE + 256];
    if (!list) {
        return false;
    }
    run->trials = list;
    folder_history(run, number, path, sizeof path);
    struct folder_trial trial = {.number = number,
                                 .as_expected =
                                     strcmp(verdict, trial_verdict_names[TRIAL_PASSED]) == 0,
                                 .has_history = access(path, F_OK) == 0};
    trial.command = trial.has_history ? strdup(command) : NULL;
    list[run->trial_count++] = trial;
    return trial.command || !trial.has_history;
}

static bool read_trials(struct folder_run *run, char *error, size_t error_size)
{
    char path[PATH_SIZE];
    struct csv_in in;
    struct own_rows own = {.name = run->scenario.name, .earlier = run->earlier};
    snprintf(path, sizeof path, "%s/trials.csv", run->folder);
    bool good = csv_in_open(&in, path);
    int scenario = good ? csv_in_column(&in, "scenario") : -1;
    int trial = scenario >= 0 ? csv_in_column(&in, "trial") : -1;
    int verdict = trial >= 0 ? csv_in_column(&in, "verdict") : -1;
    int command = verdict >= 0 ? csv_in_column_if_any(&in, "reproduce") : -1;
    while (verdict >= 0 && csv_in_row(&in)) {
        uint64_t number = strtoull(csv_in_cell(&in, trial), NULL, 10);
        if (is_own_row(&own, csv_in_cell(&in, scenario), number, 0) && number <= UINT32_MAX &&
            !add_trial(run, (uint32_t)number, csv_in_cell(&in, verdict),
                       command >= 0 ? csv_in_cell(&in, command) : "")) {
            csv_in_wrong(&in, "memory is out");
        }
    }
    good = csv_in_close(&in);
    if (!good) {
        snprintf(error, error_size, "%s", in.error);
    }
    run->planned = run->planned > run->trial_count ? run->planned : run->trial_count;
    run->scenario.trials = (uint32_t)run->planned; /* not what its file says */
    return good;
}

/* --- its scenarios ---------------------------------------------------------------------------- */

static bool load_scenario(struct folder_run *run, char *error, size_t error_size)
{
    char path[PATH_SIZE];
    struct scenario_report *report = calloc(1, sizeof *report);
    snprintf(path, sizeof path, "%s/%s", run->folder, run->file);
    if (!report) {
        return wrong(error, error_size, path, "memory is out");
    }
    bool good = scenario_load_recorded(path, &run->scenario, report);
    if (!good) {
        const struct scenario_problem *first = &report->problems[0];
        snprintf(error, error_size, "%s:%d: %s%s%s", path, first->line, first->message,
                 first->suggestion[0] ? "; " : "", first->suggestion);
    }
    free(report);
    return good;
}

/* "scenario.yaml" has histories without a label, "scenario-x.yaml" those with "x-". */
static void take_label(struct folder_run *run)
{
    const char *from = run->file + strlen("scenario");
    from += *from == '-';
    int length = (int)(strlen(from) - strlen(".yaml"));
    snprintf(run->label, sizeof run->label, "%.*s%s", length, from, length > 0 ? "-" : "");
}

static bool read_run(struct folder *folder, const char *file, char *error, size_t error_size)
{
    struct folder_run *run = &folder->runs[folder->count];
    *run = (struct folder_run){.folder = folder->path, .run = folder->run};
    if (snprintf(run->file, sizeof run->file, "%s", file) >= (int)sizeof run->file) {
        return wrong(error, error_size, file, "this name is too long");
    }
    if (!load_scenario(run, error, error_size)) {
        return false;
    }
    folder->count++;
    take_label(run);
    find_entry(run);
    return read_trials(run, error, error_size);
}

/* The place of a run in run.json, so that they come in the order in which they ran. */
static int place_in_run(const struct folder_run *run)
{
    int place = 0;
    const cJSON *entry;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(run->run, "scenarios"))
    {
        if (entry == run->entry) {
            return place;
        }
        place++;
    }
    return place;
}

static int by_place(const void *a, const void *b)
{
    return place_in_run(a) - place_in_run(b);
}

static int is_copy(const struct dirent *entry)
{
    return fnmatch("scenario*.yaml", entry->d_name, FNM_PERIOD) == 0;
}

bool folder_read(struct folder *folder, const char *path, char *error, size_t error_size)
{
    struct dirent **entries = NULL;
    *folder = (struct folder){.path = path};
    int count = scandir(path, &entries, is_copy, alphasort);
    if (count < 0) {
        return wrong(error, error_size, path, error_words(errno));
    }
    folder->runs = calloc((size_t)count + 1, sizeof *folder->runs);
    bool good = folder->runs || wrong(error, error_size, path, "memory is out");
    good = good && read_run_json(folder, error, error_size);
    for (int i = 0; i < count; i++) {
        good = good && read_run(folder, entries[i]->d_name, error, error_size);
        free(entries[i]);
    }
    free(entries);
    if (good && count == 0) {
        return wrong(error, error_size, path, "this is no results folder: it has no scenario.yaml");
    }
    if (good && folder->count > 1) {
        qsort(folder->runs, folder->count, sizeof *folder->runs, by_place);
    }
    return good;
}

const char *folder_missing(const struct folder *folder, const cJSON *entry)
{
    const char *file = folder_text(entry, "file");
    for (size_t i = 0; i < folder->count; i++) {
        if (strcmp(folder->runs[i].file, file) == 0) {
            return NULL;
        }
    }
    return *file ? file : NULL;
}

size_t folder_bare(const struct folder_run *run)
{
    size_t bare = 0;
    for (size_t i = 0; i < run->trial_count; i++) {
        bare += !run->trials[i].has_history;
    }
    return bare;
}

void folder_free(struct folder *folder)
{
    for (size_t i = 0; i < folder->count; i++) {
        for (size_t k = 0; k < folder->runs[i].trial_count; k++) {
            free(folder->runs[i].trials[k].command);
        }
        scenario_free(&folder->runs[i].scenario);
        free(folder->runs[i].trials);
    }
    free(folder->runs);
    cJSON_Delete(folder->run);
    *folder = (struct folder){0};
}
