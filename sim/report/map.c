/* The cells of a map, and their trials. See map.h. */
#include "sim/report/map.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/check.h"
#include "sim/compare/csv_in.h"
#include "sim/outcome/judge.h"
#include "sim/report/history_json.h"
#include "sim/results/conclusion.h"
#include "sim/text/grown.h"

/* --- the table -------------------------------------------------------------------------------- */

static bool is_matrix(const struct report_map *of)
{
    return strcmp(of->kind, "matrix") == 0;
}

/* What is read of each row; -1: the table has no such column. */
struct columns {
    int cell, file, trial, trials, split, undecided, check;
};

static bool find_columns(struct csv_in *in, const struct report_map *of, struct columns *columns)
{
    columns->cell = csv_in_column(in, "cell");
    columns->trials = columns->cell >= 0 ? csv_in_column(in, "trials") : -1;
    columns->file = csv_in_column_if_any(in, "file");
    columns->trial = csv_in_column_if_any(in, is_matrix(of) ? "first_trial" : "first_split_trial");
    columns->check = csv_in_column_if_any(in, "check");
    columns->split = csv_in_column_if_any(in, "split_brain_trials");
    columns->undecided = csv_in_column_if_any(in, "undecided");
    return columns->trials >= 0;
}

enum map_column map_column(const struct report_map *of, const struct csv_in *in, size_t column)
{
    /* A seed has more digits than a number of JavaScript. */
    static const char *const words[] = {"story",   "combination", "protocol", "lock",
                                        "fencing", "host",        "check",    "broken",
                                        "why",     "file",        "command"};
    const char *name = in->names[column];
    bool is_key = !is_matrix(of) && column >= 1 && column <= of->varied;
    bool is_text = strcmp(name, is_matrix(of) ? "cell" : "seed") == 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        is_text = is_text || (!is_key && strcmp(name, words[i]) == 0);
    }
    return is_text ? MAP_WORDS : is_key ? MAP_VALUE : MAP_FIGURE;
}

/* Whether the figures of a row are such; if not, what is wrong is noted. */
static bool check_figures(struct csv_in *in, const struct report_map *of)
{
    for (size_t i = 0; i < in->columns; i++) {
        const char *text = csv_in_cell(in, (int)i);
        char *end, wrong[240];
        double number = strtod(text, &end);
        bool good = *end == '\0' && isfinite(number) && !isspace((unsigned char)*text);
        if (map_column(of, in, i) == MAP_FIGURE && !good && strcmp(text, "never") != 0) {
            snprintf(wrong, sizeof wrong,
                     "%.40s is \"%.40s\", which is no number; the command of the %s, given again, "
                     "writes the table anew",
                     in->names[i], text, of->kind);
            return csv_in_wrong(in, wrong);
        }
    }
    return true;
}

static uint64_t number_in(const struct csv_in *in, int column)
{
    return column >= 0 ? strtoull(csv_in_cell(in, column), NULL, 10) : 0;
}

/* A cell of a matrix that neither holds nor is left out; a point with a split brain. */
static bool is_bad_row(const struct csv_in *in, const struct report_map *of,
                       const struct columns *columns)
{
    const char *kind = csv_in_cell(in, columns->cell);
    return is_matrix(of) ? strcmp(kind, "holds") != 0 && strcmp(kind, "does not apply") != 0
                         : number_in(in, columns->split) > 0;
}

/* Of a point: whether its trial split the brain; of one that cannot be judged that is not known. */
static enum map_split split_of(const struct csv_in *in, const struct columns *columns)
{
    bool some = number_in(in, columns->split) > 0;
    return some                                                          ? MAP_SPLIT
           : columns->split < 0 || number_in(in, columns->undecided) > 0 ? MAP_SPLIT_UNKNOWN
                                                                         : MAP_WHOLE;
}

static bool take_row(struct map *map, const struct csv_in *in, const struct columns *columns)
{
    struct map_cell *list = grown(map->cells, map->count, &map->capacity, sizeof *list);
    uint64_t trial = number_in(in, columns->trial);
    if (!list) {
        return false;
    }
    map->cells = list;
    list[map->count] = (struct map_cell){
        .file = strdup(columns->file >= 0 ? csv_in_cell(in, columns->file) : ""),
        .number = is_matrix(map->of) ? map->rows : number_in(in, columns->cell),
        .trial = trial > 0 && trial <= UINT32_MAX ? (uint32_t)trial : 1,
        .check = columns->check >= 0 ? check_find(csv_in_cell(in, columns->check)) : -1,
        .split = split_of(in, columns),
        .bad = is_bad_row(in, map->of, columns),
        .ran = number_in(in, columns->trials) > 0};
    return list[map->count++].file != NULL;
}

static char *path_of(const struct report_map *of, char *out, size_t size)
{
    snprintf(out, size, "%s/%s.csv", of->folder, of->kind);
    return out;
}

bool map_read(struct map *map, const struct report_map *of, struct data *data)
{
    struct csv_in in;
    struct columns columns = {-1, -1, -1, -1, -1, -1, -1};
    char path[4400];
    *map = (struct map){.of = of};
    bool good = csv_in_open(&in, path_of(of, path, sizeof path)) && find_columns(&in, of, &columns);
    while (good && csv_in_row(&in)) {
        map->rows++;
        good = check_figures(&in, of);
        if (good && map->count < MAP_CELLS_MAX && !take_row(map, &in, &columns)) {
            good = csv_in_wrong(&in, "memory is out");
        }
    }
    if (!csv_in_close(&in)) {
        snprintf(data->error, sizeof data->error, "%s", in.error);
        return false;
    }
    return map->count > 0 || data_wrong(data, path, "no cell is finished: run it again first");
}

static void free_trial(struct map_trial *trial)
{
    scenario_free(&trial->scenario);
    history_free(&trial->history);
    free(trial->command);
}

void map_free(struct map *map)
{
    for (size_t i = 0; i < map->count; i++) {
        free(map->cells[i].file);
    }
    for (size_t i = 0; i < map->shown_count; i++) {
        scenario_free(&map->shown[i].run.scenario);
        free(map->shown[i].trial.command);
        cJSON_Delete(map->shown[i].of_run);
    }
    free(map->cells);
    free(map->shown);
    *map = (struct map){0};
}

/* --- trials ----------------------------------------------------------------------------------- */

/* How the trial met the expectations of its scenario. */
static cJSON *summary_of(const struct scenario *scenario, const struct outcome *outcome)
{
    struct trials *trials = trials_new(scenario);
    struct judgement *judgement = calloc(1, sizeof *judgement);
    cJSON *summary = cJSON_CreateObject();
    bool good =
        trials && judgement && summary && trials_take(trials, outcome) && trials_end(trials);
    if (good) {
        judge(trials, judgement);
        good = conclusion_json(summary, trials, judgement);
    }
    free(judgement);
    trials_free(trials);
    if (!good) {
        cJSON_Delete(summary);
        summary = NULL;
    }
    return summary;
}

/* What the run.json of a run of this trial alone would say. */
static cJSON *run_of(const struct map *map, const struct map_trial *trial,
                     const struct outcome *outcome)
{
    char seed[32];
    cJSON *run = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(run, "scenarios");
    cJSON *entry = cJSON_CreateObject();
    cJSON *summary = summary_of(&trial->scenario, outcome);
    snprintf(seed, sizeof seed, "%" PRIu64, trial->scenario.seed);
    bool good = entry && summary && cJSON_AddItemToObject(entry, "summary", summary);
    if (!good) {
        cJSON_Delete(summary);
    }
    good = good && cJSON_AddStringToObject(run, "host", map->of->host) &&
           cJSON_AddStringToObject(entry, "seed", seed) &&
           cJSON_AddStringToObject(entry, "reproduce", trial->command) &&
           cJSON_AddItemToArray(list, entry);
    if (!good) {
        cJSON_Delete(entry);
        cJSON_Delete(run);
        run = NULL;
    }
    return run;
}

/* Takes what is the trial's over into the list of those in the page. */
static bool note_shown(struct map *map, struct map_trial *trial, const struct outcome *outcome)
{
    struct map_shown *list =
        grown(map->shown, map->shown_count, &map->shown_capacity, sizeof *list);
    cJSON *of_run = list ? run_of(map, trial, outcome) : NULL;
    map->shown = list ? list : map->shown;
    if (!of_run) {
        return false;
    }
    const cJSON *entry = cJSON_GetArrayItem(cJSON_GetObjectItem(of_run, "scenarios"), 0);
    struct map_shown *shown = &list[map->shown_count++];
    *shown = (struct map_shown){.of_run = of_run,
                                .run = {.folder = map->of->folder,
                                        .alone = true,
                                        .run = of_run,
                                        .entry = entry,
                                        .scenario = trial->scenario,
                                        .trial_count = 1,
                                        .planned = 1},
                                .trial = {.number = outcome->trial, .command = trial->command}};
    trial->scenario = (struct scenario){0};
    trial->command = NULL;
    return true;
}

/* Another version of hustings may have filled the table. */
static bool goes_another_way(const struct map_cell *cell, const struct outcome *outcome)
{
    bool same = cell->check < 0 &&
                (cell->split == MAP_SPLIT_UNKNOWN || (cell->split == MAP_SPLIT) == splits(outcome));
    for (size_t i = 0; i < outcome->violations.count && !same; i++) {
        same = outcome->violations.list[i].check == cell->check;
    }
    return !same;
}

/* A history that was run, as the page has it. */
static bool show_trial(struct map *map, struct data *data, const struct map_cell *cell,
                       struct map_trial *trial)
{
    struct outcome outcome = {0};
    bool good = outcome_derive(&trial->scenario, &trial->history, &outcome);
    if (good) {
        const struct told_trial told = {.history = &trial->history,
                                        .outcome = &outcome,
                                        .command = trial->command,
                                        .run = map->shown_count};
        history_json(data, &told);
        data->histories++;
        map->differ += goes_another_way(cell, &outcome);
        map->events += trial->history.count;
        good = note_shown(map, trial, &outcome);
    }
    outcome_free(&outcome);
    return good || data_wrong(data, map->of->folder, "memory is out");
}

static bool has_room(const struct map *map, const struct data *data, size_t events)
{
    return data->options->histories == REPORT_ALL ||
           (events <= MAP_TRIAL_EVENTS && map->events + events <= MAP_EVENTS);
}

static void add_trial(struct map *map, struct data *data, struct map_cell *cell)
{
    char error[MAP_ERROR] = "";
    struct map_trial trial = {0};
    const struct map_asked asked = {cell->file, cell->number, cell->trial};
    if (!map->of->run(map->of->self, &asked, &trial, error)) {
        if (!map->first_error[0]) {
            memcpy(map->first_error, error, sizeof error);
        }
        return;
    }
    trial.history.facts.trial = cell->trial; /* the number that it has in its cell */
    if (has_room(map, data, trial.history.count) && show_trial(map, data, cell, &trial)) {
        cell->shown = map->shown_count;
    }
    free_trial(&trial);
}

/* Those that broke something first. */
void map_trials(struct map *map, struct data *data)
{
    bool any = map->of->run && data->options->histories != REPORT_NONE;
    for (int bad = 1; bad >= 0; bad--) {
        for (size_t i = 0; i < map->count && any && data_good(data); i++) {
            struct map_cell *cell = &map->cells[i];
            bool full = !has_room(map, data, 1);
            if (cell->ran && cell->bad == (bad == 1) && !full && !map->first_error[0]) {
                add_trial(map, data, cell);
            }
        }
    }
    for (size_t i = 0; i < map->count; i++) {
        map->left_out += map->cells[i].ran && map->cells[i].shown == 0;
    }
}

void map_runs(const struct map *map, struct data *data)
{
    for (size_t i = 0; i < map->shown_count && data_good(data); i++) {
        const struct shown_run shown = {
            .run = &map->shown[i].run, .first = i, .count = 1, .kept = 1};
        run_json(data, &shown);
    }
}
