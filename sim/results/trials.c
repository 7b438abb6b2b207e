/* Appends trials to a results folder. See results.h.
 *
 *     trial ──▶ rows ──wait──┬──▶ elections.csv, violations.csv, then trials.csv, which seals them
 *          └──▶ history ─────┘
 *
 * A trial whose history is kept is sealed at once, with all that wait. The others may wait a moment
 * for each other: the model does many thousands in a second, and a write takes longer than a
 * trial. */
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/jsonl/jsonl.h"
#include "sim/program/output.h"
#include "sim/results/folder.h"
#include "sim/results/rows.h"
#include "sim/text/clock.h"
#include "src/units.h"

/* So long do rows wait for others, while trials come; and so many bytes of a table. */
#define WAIT_NS (100 * NS_PER_MS)
#define WAIT_BYTES (1 << 20)

/* --- histories -------------------------------------------------------------------------------- */

static bool write_history_file(const struct history *history, const char *path)
{
    FILE *file = fopen(path, "we");
    if (!file) {
        return false;
    }
    bool wrote = history_write_jsonl(history, file);
    int error = errno;
    if (fclose(file) != 0 && wrote) {
        return false;
    }
    errno = error;
    return wrote;
}

/* Writes the history under a temporary name and then gives it its own. */
static bool write_history(struct results *results, const struct history *history, const char *path)
{
    char *temporary = beside(path);
    if (!temporary) {
        return folder_out_of_memory(results);
    }
    bool wrote = write_history_file(history, temporary) && rename(temporary, path) == 0;
    if (!wrote) {
        folder_failed(results, path);
        unlink(temporary);
    }
    free(temporary);
    return wrote;
}

/* --- rows ------------------------------------------------------------------------------------- */

static const enum results_table order[] = {TABLE_ELECTIONS, TABLE_VIOLATIONS, TABLE_TRIALS};
static const size_t order_count = sizeof order / sizeof *order;

/* The rows that wait; what seals them comes last. All of them or none. */
static bool append_all(struct results *results)
{
    for (size_t i = 0; i < order_count; i++) {
        if (!folder_append(results, order[i])) {
            while (i-- > 0) {
                growing_undo(&results->tables[order[i]]);
            }
            return false;
        }
    }
    return true;
}

bool results_flush(struct results *results)
{
    assert(results->waiting <= RESULTS_WAITING);
    bool whole = results->waiting == 0 || append_all(results);
    results->sealed += whole ? results->waiting : 0;
    results->waiting = 0;
    for (size_t i = 0; i < order_count; i++) {
        results->rows[order[i]].length = 0;
    }
    return whole;
}

static bool may_wait(const struct results *results)
{
    assert(results->waiting > 0 && results->waiting <= RESULTS_WAITING);
    for (size_t i = 0; i < order_count; i++) {
        if (results->rows[order[i]].length >= WAIT_BYTES) {
            return false;
        }
    }
    return results->waiting < RESULTS_WAITING && monotonic_ns() - results->waits_since_ns < WAIT_NS;
}

static void add_rows(struct results *results, const struct scenario *scenario,
                     const struct run_facts *facts, const struct outcome *outcome)
{
    assert(results->scenarios > 0 && results->waiting < RESULTS_WAITING);
    if (results->waiting++ == 0) {
        results->waits_since_ns = monotonic_ns();
    }
    rows_elections(&results->rows[TABLE_ELECTIONS], scenario, facts->host, outcome);
    rows_violations(&results->rows[TABLE_VIOLATIONS], scenario, facts->host, outcome);
    rows_trial(&results->rows[TABLE_TRIALS], scenario, facts, outcome);
}

/* --- trials ----------------------------------------------------------------------------------- */

static bool add_with_history(struct results *results, const struct scenario *scenario,
                             const struct run_facts *facts, const struct outcome *outcome,
                             const struct history *history)
{
    if (!results_flush(results)) {
        return false;
    }
    assert(results->waiting == 0);
    char *path = folder_inside(results, "history/%strial-%04u.jsonl", results->prefix,
                               (unsigned)outcome->trial);
    bool wrote = path && write_history(results, history, path);
    if (wrote) {
        add_rows(results, scenario, facts, outcome);
        wrote = results_flush(results);
        if (!wrote) {
            unlink(path);
        }
    }
    free(path);
    return wrote;
}

char *results_by_hand(struct results *results, uint32_t trial, const char *text, size_t length)
{
    char *path = folder_inside(results, "%sby-hand-%04u.yaml", results->prefix, trial);
    if (path && !replace_file(path, text, length)) {
        folder_failed(results, path);
        free(path);
        path = NULL;
    }
    return path;
}

/* As their keepers name them (processes/program_log.c). */
static void remove_logs(const struct results *results, const struct scenario *scenario,
                        uint32_t trial)
{
    char path[PATH_MAX];
    for (uint32_t id = 1; results->logs && id <= scenario->settings.nodes; id++) {
        log_file_name(results->logs, trial, (uint16_t)id, path, sizeof path);
        unlink(path);
    }
}

bool results_trial(struct results *results, const struct scenario *scenario,
                   const struct run_facts *facts, const struct outcome *outcome,
                   const struct history *history)
{
    if (history) {
        return add_with_history(results, scenario, facts, outcome, history);
    }
    remove_logs(results, scenario, outcome->trial);
    add_rows(results, scenario, facts, outcome);
    return may_wait(results) || results_flush(results);
}

size_t results_sealed(const struct results *results)
{
    return results->sealed;
}
