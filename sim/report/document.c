/* The data of the page: one JSON document. See document.h. */
#include "sim/report/document.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/checks/check.h"
#include "sim/jsonl/jsonl.h"
#include "sim/report/choose.h"
#include "sim/report/history_json.h"
#include "sim/report/map.h"
#include "sim/report/page.h"
#include "sim/report/run_json.h"
#include "sim/report/share.h"
#include "sim/results/command.h"
#include "sim/text/ordinary.h"
#include "sim/version.h"

#define FORMAT 1

/* A page without histories is to be smaller than 1.5 MB: so much of it may be tables, if what else
 * it has of each scenario, about so much and the scenario itself, leaves the room. */
#define PAGE_BYTES ((size_t)1400000)
#define TABLE_BYTES_MAX ((size_t)800000)
#define TABLE_BYTES_MIN ((size_t)100000)
#define RUN_BYTES ((size_t)2600)

/* --- histories -------------------------------------------------------------------------------- */

/* Whether its reader found that something is missing, and let it end there. */
static bool is_cut(const struct history *history)
{
    return history->count > 0 && history->events[history->count - 1].kind == HISTORY_UNDECIDED;
}

static bool add_history(struct data *data, const struct folder_run *run,
                        const struct folder_trial *trial)
{
    char path[4700], what[256];
    struct history history;
    struct outcome outcome = {0};
    struct stat status;
    const char *why = "";
    FILE *file = ordinary_open(folder_history(run, trial->number, path, sizeof path), &why);
    if (!file) {
        return data_wrong(data, path, why);
    }
    data->history_bytes += fstat(fileno(file), &status) == 0 ? (size_t)status.st_size : 0;
    bool read = history_read_to_judge(&history, file, what, sizeof what);
    fclose(file);
    if (!read) {
        return data_wrong(data, path, what);
    }
    if (outcome_derive(&run->scenario, &history, &outcome)) {
        const struct told_trial told = {
            .history = &history, .outcome = &outcome, .command = trial->command, .run = data->runs};
        history_json(data, &told);
        data->histories++;
        data->cut += is_cut(&history);
    } else {
        data_wrong(data, path, "memory is out");
    }
    outcome_free(&outcome);
    history_free(&history);
    return data_good(data);
}

/* Those of one scenario. */
static void add_histories(struct data *data, struct folder_run *run, struct shown_run *shown)
{
    bool bounded = data->options->histories == REPORT_FEW && !data->options->trial;
    size_t cut = data->cut;
    shown->kept = choose(run, data->options);
    shown->first = data->histories;
    data->bare += folder_bare(run);
    for (size_t i = 0; i < run->trial_count && data_good(data); i++) {
        bool too_much = bounded && data->history_bytes > CHOSEN_BYTES;
        if (run->trials[i].chosen && (!too_much || data->histories == shown->first)) {
            add_history(data, run, &run->trials[i]);
        }
    }
    shown->count = data->histories - shown->first;
    shown->cut = data->cut - cut;
    data->left_out += shown->kept - shown->count;
}

/* --- the document ----------------------------------------------------------------------------- */

/* All runs of all folders, in order. */
struct all_runs {
    struct folder *folders;
    size_t folder_count;
    struct folder_run **runs;
    struct shown_run *list; /* of these */
    size_t count;
};

static bool read_folders(struct data *data, struct all_runs *all, char *const *paths, size_t count)
{
    size_t runs = 0;
    all->folders = calloc(count, sizeof *all->folders);
    if (!all->folders) {
        return data_wrong(data, "report", "memory is out");
    }
    for (size_t i = 0; i < count; i++) {
        all->folder_count++;
        if (!folder_read(&all->folders[i], paths[i], data->error, sizeof data->error)) {
            return false;
        }
        runs += all->folders[i].count;
    }
    all->list = calloc(runs, sizeof *all->list);
    all->runs = calloc(runs, sizeof(struct folder_run *));
    if (!all->list || !all->runs) {
        return data_wrong(data, "report", "memory is out");
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < all->folders[i].count; k++) {
            all->runs[all->count] = &all->folders[i].runs[k];
            all->list[all->count].run = all->runs[all->count];
            all->count++;
        }
    }
    return true;
}

static void free_runs(struct all_runs *all)
{
    for (size_t i = 0; i < all->folder_count; i++) {
        folder_free(&all->folders[i]);
    }
    free(all->folders);
    free(all->runs);
    free(all->list);
}

/* How many bytes all tables may take. */
static size_t table_bytes(const struct all_runs *all)
{
    size_t others = page_before_size + page_after_size + RUN_BYTES * all->count;
    for (size_t i = 0; i < all->count; i++) {
        others += all->runs[i]->scenario.text_length;
    }
    size_t room = others < PAGE_BYTES ? PAGE_BYTES - others : 0;
    room = room < TABLE_BYTES_MAX ? room : TABLE_BYTES_MAX;
    return room > TABLE_BYTES_MIN ? room : TABLE_BYTES_MIN;
}

/* Says of each run how many bytes its tables may take. */
static bool share_tables(struct data *data, struct all_runs *all)
{
    size_t *needs = calloc(all->count + 1, sizeof *needs);
    size_t *gets = calloc(all->count + 1, sizeof *gets);
    bool good = needs && gets;
    if (!good) {
        data_wrong(data, "report", "memory is out");
    }
    for (size_t i = 0; good && i < all->count; i++) {
        good = run_measure(data, &all->list[i]);
        for (size_t k = 0; k < SHOWN_TABLES; k++) {
            needs[i] += all->list[i].extents[k].bytes;
        }
    }
    if (good) {
        share_out(needs, gets, all->count, table_bytes(all));
    }
    for (size_t i = 0; good && i < all->count; i++) {
        all->list[i].bytes = gets[i];
    }
    free(needs);
    free(gets);
    return good;
}

/* The copies that are missing, as paths. */
static void put_missing(struct data *data, const struct folder *folder)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(folder->run, "scenarios"))
    {
        const char *file = folder_missing(folder, entry);
        char path[4700];
        if (file) {
            snprintf(path, sizeof path, "%s/%s", folder->path, file);
            json_text(&data->out, NULL, path);
            if (data->missing++ == 0) {
                memcpy(data->first_missing, path, sizeof path);
            }
        }
    }
}

static void put_left_out(struct data *data, const struct all_runs *all)
{
    char why[400];
    json_open(&data->out, "leftOut", '{');
    json_whole(&data->out, "histories", (int64_t)data->left_out);
    json_text(&data->out, "why", choose_words(data->options, why, sizeof why));
    json_open(&data->out, "scenarios", '[');
    for (size_t i = 0; i < all->folder_count; i++) {
        put_missing(data, &all->folders[i]);
    }
    json_close(&data->out);
    json_close(&data->out);
}

static void put_texts(struct data *data)
{
    json_open(&data->out, "texts", '[');
    for (size_t i = 0; i < data->texts.count; i++) {
        json_text(&data->out, NULL, data->texts.list[i]);
    }
    json_close(&data->out);
}

/* What each check's name means. */
static void put_checks(struct data *data)
{
    json_open(&data->out, "checks", '[');
    for (size_t check = 0; check_rows[check]; check++) {
        json_open(&data->out, NULL, '{');
        json_text(&data->out, "name", check_rows[check]->name);
        json_text(&data->out, "broken", check_rows[check]->promise);
        json_close(&data->out);
    }
    json_close(&data->out);
}

static void put_document(struct data *data, struct all_runs *all)
{
    json_open(&data->out, NULL, '{');
    json_whole(&data->out, "format", FORMAT);
    json_text(&data->out, "version", hustings_version());
    json_open(&data->out, "histories", '[');
    for (size_t i = 0; i < all->count && data_good(data); i++) {
        data->runs = i;
        add_histories(data, all->runs[i], &all->list[i]);
    }
    json_close(&data->out);
    json_open(&data->out, "runs", '[');
    bool shared = data_good(data) && share_tables(data, all);
    for (size_t i = 0; i < all->count && shared && data_good(data); i++) {
        run_json(data, &all->list[i]);
    }
    json_close(&data->out);
    data->runs = all->count;
    if (data->options->trial && data->histories == 0) {
        char what[80];
        snprintf(what, sizeof what, "no results folder has the history of trial %u",
                 data->options->trial);
        data_wrong(data, "--trial", what);
    }
    put_checks(data);
    put_texts(data);
    put_left_out(data, all);
    json_close(&data->out);
}

static void put_map(struct data *data, struct map *map)
{
    char why[MAP_ERROR + 100];
    json_open(&data->out, NULL, '{');
    json_whole(&data->out, "format", FORMAT);
    json_text(&data->out, "version", hustings_version());
    json_open(&data->out, "histories", '[');
    map_trials(map, data);
    json_close(&data->out);
    json_open(&data->out, "runs", '[');
    map_runs(map, data);
    json_close(&data->out);
    data->runs = map->rows;
    data->cells = map->count;
    data->left_out = map->left_out;
    map_json(map, data);
    put_checks(data);
    put_texts(data);
    json_open(&data->out, "leftOut", '{');
    json_whole(&data->out, "histories", (int64_t)map->left_out);
    json_text(&data->out, "why", map_words(map, data->options, why, sizeof why));
    json_open(&data->out, "scenarios", '[');
    json_close(&data->out);
    json_close(&data->out);
    json_close(&data->out);
}

bool document_write(struct data *data, char *const *folders, size_t count)
{
    struct all_runs all = {0};
    struct map map = {0};
    data->out = json_out(data->file, 0);
    if (data->options->map) {
        if (map_read(&map, data->options->map, data)) {
            put_map(data, &map);
        }
        map_free(&map);
    } else if (read_folders(data, &all, folders, count)) {
        put_document(data, &all);
    }
    if (data->texts.failed) {
        data_wrong(data, "report", "memory is out");
    }
    texts_free(&data->texts);
    free_runs(&all);
    return data_good(data);
}
