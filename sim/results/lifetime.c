/* The results folder from its opening to its closing: its files are opened with their header rows,
 * grow by whole trials (trials.c), and are whole at every moment. See results.h. */
#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/results/describing.h"
#include "sim/results/folder.h"
#include "sim/results/json.h"
#include "sim/results/rows.h"
#include "sim/results/run_json.h"

/* A scenario's name as part of a file's name. */
static void file_name(const char *name, char *out, size_t size)
{
    static const char kept[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    snprintf(out, size, "%s", name && *name && *name != '.' ? name : "run");
    for (char *at = out + strspn(out, kept); *at; at += strspn(at, kept)) {
        *at = '-';
    }
}

/* --- opening ------------------------------------------------------------------------------------
 */

/* Makes a folder of our own: two runs that begin in the same second get two. */
static bool make_own_folder(struct results *results, const char *base, const char *name)
{
    char when[32];
    char label[64];
    utc_now("%Y%m%dT%H%M%SZ", when, sizeof when);
    file_name(name, label, sizeof label);
    for (unsigned turn = 1;; turn++) {
        char suffix[16] = "";
        if (turn > 1) {
            snprintf(suffix, sizeof suffix, "-%u", turn);
        }
        free(results->path);
        if (asprintf(&results->path, "%s/%s-%s%s", base, when, label, suffix) < 0) {
            results->path = NULL;
            errno = ENOMEM;
            return false;
        }
        if (mkdir(results->path, 0777) == 0) {
            return true;
        }
        if (errno != EEXIST) {
            return false;
        }
    }
}

static bool open_table(struct results *results, enum results_table table)
{
    struct csv *rows = &results->rows[table];
    char *path = folder_inside(results, "%s.csv", results_tables[table].name);
    if (!path) {
        return false;
    }
    rows_header(rows, table);
    bool opened = (!rows->failed || folder_out_of_memory(results)) &&
                  (growing_open(&results->tables[table], path, rows->bytes, rows->length) ||
                   folder_failed(results, path));
    rows->length = 0;
    free(path);
    return opened;
}

/* What describes the tables to programs. */
static bool write_descriptions(struct results *results)
{
    struct described_table tables[TABLES];
    const struct described described = described_results(tables);
    for (size_t i = 0; i < DESCRIBING_FILES; i++) {
        char *path = folder_inside(results, "%s", describing_files[i].name);
        bool wrote =
            path && (describing_files[i].write(path, &described) || folder_failed(results, path));
        free(path);
        if (!wrote) {
            return false;
        }
    }
    return true;
}

static bool make_history_folder(struct results *results)
{
    char *path = folder_inside(results, "history");
    bool made = path && (make_folders(path) || folder_failed(results, path));
    free(path);
    return made;
}

static bool point_latest(struct results *results, const char *base)
{
    char *latest;
    if (asprintf(&latest, "%s/latest", base) < 0) {
        return folder_out_of_memory(results);
    }
    const char *name = strrchr(results->path, '/') + 1;
    bool pointed = replace_link(latest, name) || folder_failed(results, latest);
    free(latest);
    return pointed;
}

/* `base` is where `latest` points at it; NULL: nowhere. */
static bool open_all(struct results *results, const char *base)
{
    for (int table = 0; table < TABLES; table++) {
        if (!open_table(results, (enum results_table)table)) {
            return false;
        }
    }
    return make_history_folder(results) && write_descriptions(results) &&
           (!base || point_latest(results, base));
}

static bool close_tables(struct results *results)
{
    bool whole = true;
    for (int table = 0; table < TABLES; table++) {
        whole = growing_close(&results->tables[table]) && whole;
    }
    return whole;
}

static void free_results(struct results *results)
{
    for (int table = 0; table < TABLES; table++) {
        csv_free(&results->rows[table]);
    }
    cJSON_Delete(results->run);
    free(results->path);
    free(results->later);
    free(results->scenario);
    free(results->logs);
    free(results);
}

/* Takes away a folder that could not be filled, so that no empty one looks like a run. */
static void take_away(const char *folder)
{
    char path[4200];
    for (int table = 0; table < TABLES; table++) {
        snprintf(path, sizeof path, "%s/%s.csv", folder, results_tables[table].name);
        remove(path);
    }
    for (size_t i = 0; i < DESCRIBING_FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, describing_files[i].name);
        remove(path);
    }
    snprintf(path, sizeof path, "%s/history", folder);
    rmdir(path);
    rmdir(folder);
}

static struct results *new_results(char *error, size_t error_size)
{
    struct results *results = calloc(1, sizeof *results);
    if (!results || !(results->run = run_json_new())) {
        snprintf(error, error_size, "cannot make a results folder: memory is out");
        free(results);
        return NULL;
    }
    return results;
}

/* Fills the folder, if it could be made. NULL with a line in `error`. */
static struct results *fill(struct results *results, bool made, const char *base, char *error,
                            size_t error_size)
{
    if (made && open_all(results, base)) {
        return results;
    }
    snprintf(error, error_size, "%s", results->error);
    close_tables(results);
    if (made) {
        take_away(results->path);
    }
    free_results(results);
    return NULL;
}

struct results *results_open(const char *base, const char *name, char *error, size_t error_size)
{
    struct results *results = new_results(error, error_size);
    if (!results) {
        return NULL;
    }
    base = base && *base ? base : "results";
    bool made = make_folders(base) && make_own_folder(results, base, name);
    if (!made) {
        folder_failed(results, results->path ? results->path : base);
    }
    return fill(results, made, base, error, error_size);
}

struct results *results_open_at(const char *folder, const char *later, char *error,
                                size_t error_size)
{
    struct results *results = new_results(error, error_size);
    if (!results) {
        return NULL;
    }
    results->path = strdup(folder);
    results->later = strdup(later);
    bool made = results->path && results->later && make_folders(folder);
    if (!made) {
        folder_failed(results, folder);
    }
    return fill(results, made, NULL, error, error_size);
}

const char *results_path(const struct results *results)
{
    return results->later ? results->later : results->path;
}

const char *results_label(const struct results *results)
{
    return results->prefix;
}

const char *results_logs(const struct results *results)
{
    return results->logs;
}

const char *results_scenario(const struct results *results)
{
    return results->scenario;
}

const char *results_error(const struct results *results)
{
    return results->error;
}

/* --- scenarios ----------------------------------------------------------------------------------
 */

static bool write_run_json(struct results *results)
{
    char *path = folder_inside(results, "run.json");
    bool wrote = path && (json_write(results->run, path) || folder_failed(results, path));
    free(path);
    return wrote;
}

/* "scenario.yaml" for the first, then "scenario-<name>.yaml", or "scenario-<name>-2.yaml" if the
 * run has one of that name already. Sets the prefix of the history files alike. */
static void name_scenario(struct results *results, const char *name, char *file, size_t size)
{
    char label[72];
    results->prefix[0] = '\0';
    snprintf(file, size, "scenario.yaml");
    if (results->scenarios == 0) {
        return;
    }
    file_name(name, label, sizeof label - 8);
    size_t length = strlen(label);
    for (unsigned turn = 2;; turn++) {
        snprintf(file, size, "scenario-%s.yaml", label);
        char *path = folder_inside(results, "%s", file);
        bool taken = path && access(path, F_OK) == 0;
        free(path);
        if (!taken) {
            break;
        }
        snprintf(label + length, sizeof label - length, "-%u", turn);
    }
    snprintf(results->prefix, sizeof results->prefix, "%s-", label);
}

static bool make_logs_folder(struct results *results, const struct scenario *scenario)
{
    free(results->logs);
    results->logs = NULL;
    if (!scenario->programs) {
        return true;
    }
    char *path = folder_inside(results, "logs");
    bool made = path && (make_folders(path) || folder_failed(results, path));
    free(path);
    results->logs = made ? folder_inside(results, "logs/%s", results->prefix) : NULL;
    return results->logs != NULL;
}

bool results_begin(struct results *results, const struct scenario *scenario,
                   const struct run_facts *facts)
{
    assert(results->waiting == 0);
    char file[128];
    name_scenario(results, scenario->name, file, sizeof file);
    char *path = folder_inside(results, "%s", file);
    bool wrote = path && (replace_file(path, scenario->text, scenario->text_length) ||
                          folder_failed(results, path));
    free(results->scenario);
    results->scenario = path;
    if (path && results->later && asprintf(&results->scenario, "%s/%s", results->later, file) < 0) {
        results->scenario = path;
    } else if (path && results->later) {
        free(path);
    }
    results->scenarios++;
    results->sealed = 0;
    return wrote && make_logs_folder(results, scenario) &&
           (run_json_begin(results->run, scenario, facts, file) || folder_out_of_memory(results)) &&
           write_run_json(results);
}

bool results_end(struct results *results, const struct run_facts *facts,
                 const struct trials *trials, const struct judgement *judgement)
{
    bool flushed = results_flush(results);
    assert(results->scenarios > 0 && trials->ended);
    results->rows[TABLE_SUMMARY].length = 0;
    rows_summary(&results->rows[TABLE_SUMMARY], facts->host, trials);
    bool known =
        run_json_end(results->run, facts, trials, judgement) || folder_out_of_memory(results);
    return flushed && folder_append(results, TABLE_SUMMARY) && known && write_run_json(results);
}

bool results_close(struct results *results)
{
    bool whole = close_tables(results);
    free_results(results);
    return whole;
}
