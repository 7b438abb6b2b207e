/* One cell of a matrix, from the story to what became of it. See matrix.h. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/grid/cell.h"
#include "sim/matrix/matrix.h"
#include "sim/results/files.h"
#include "sim/scenario/load.h"
#include "sim/text/errors.h"

char *matrix_cell_name(const struct matrix *matrix, size_t cell, char *out, size_t size)
{
    assert(cell < matrix_cells(matrix));
    snprintf(out, size, "%s@%s", matrix_story(matrix, cell)->name,
             matrix_combination(matrix, cell)->name);
    return out;
}

size_t matrix_find(const struct matrix *matrix, const char *name)
{
    char own[COMBINATION_NAME + 80];
    size_t cell = 0;
    while (cell < matrix_cells(matrix) &&
           strcmp(matrix_cell_name(matrix, cell, own, sizeof own), name) != 0) {
        cell++;
    }
    return cell;
}

char *matrix_cell_file(const struct matrix *matrix, size_t cell, char *out, size_t size)
{
    char name[COMBINATION_NAME + 80];
    matrix_cell_name(matrix, cell, name, sizeof name);
    for (char *at = name; *at; at++) {
        if (*at == '/') {
            *at = '-';
        }
    }
    int length = snprintf(out, size, "cells/%s.yaml", name);
    assert(length > 0 && (size_t)length < size);
    return out;
}

/* The caller's to free(). NULL: memory is out. */
static char *path_of(const struct matrix *matrix, size_t cell)
{
    char file[COMBINATION_NAME + 100];
    char *path = NULL;
    matrix_cell_file(matrix, cell, file, sizeof file);
    return asprintf(&path, "%s/%s", matrix->folder, file) < 0 ? NULL : path;
}

/* --- a cell that runs ------------------------------------------------------------------------- */

struct taker {
    const struct scenario *scenario;
    struct cell *cell;
    uint32_t asked;
};

static bool take(void *self, const struct outcome *outcome)
{
    struct taker *taker = self;
    cell_take(taker->cell, taker->scenario, taker->asked, outcome);
    return true;
}

/* Programs start on processes alone, and only if somebody has allowed them. */
static bool may_start(const struct matrix *matrix, const struct scenario *scenario,
                      struct cell *cell)
{
    if (scenario->programs && (matrix->host->virtual_time || !matrix->allow_exec)) {
        cell_not_applicable(cell, matrix->host->virtual_time
                                      ? "the model runs no program"
                                      : "it starts a program, which nobody has allowed");
        return false;
    }
    return true;
}

/* What the host cannot do does not apply. */
static bool host_has_all(const struct matrix *matrix, const struct scenario *scenario,
                         struct cell *cell)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        if (!fault_possible(fault_rows[spec->kind], matrix->host->verbs)) {
            char why[200];
            snprintf(why, sizeof why, "%s: the host %s cannot do this", spec->text,
                     matrix->host->name);
            cell_not_applicable(cell, why);
            return false;
        }
    }
    return true;
}

static bool run_scenario(const struct matrix *matrix, const struct scenario *scenario,
                         uint32_t asked, struct cell *cell, char error[MATRIX_ERROR])
{
    struct taker taker = {.scenario = scenario, .cell = cell, .asked = asked};
    struct cell_work work = {.scenario = scenario,
                             .host = matrix->host,
                             .options = matrix->options,
                             .self = &taker,
                             .trial = take};
    work.options.trials = scenario->trials;
    work.options.seed = scenario->seed;
    struct trials *trials = trials_new(scenario);
    struct outcome first = {0};
    if (!trials) {
        snprintf(error, MATRIX_ERROR, "out of memory");
        return false;
    }
    cell_begin(cell, scenario);
    enum trial_end end = cell_run(&work, trials, &first, error, MATRIX_ERROR);
    trials_free(trials);
    outcome_free(&first);
    if (end == TRIAL_RAN) {
        cell_end(cell);
    } else if (end == TRIAL_INTERRUPTED) {
        error[0] = '\0';
    }
    return end == TRIAL_RAN;
}

static bool write_scenario(const char *path, const char *text, char error[MATRIX_ERROR])
{
    if (replace_file(path, text, strlen(text))) {
        return true;
    }
    snprintf(error, MATRIX_ERROR, "%s: %s; %s", path, error_words(errno), file_hint(errno));
    return false;
}

static bool run_moved(const struct matrix *matrix, const struct moved_story *moved,
                      const char *path, struct cell *cell, char error[MATRIX_ERROR])
{
    struct scenario scenario;
    struct scenario_report *report = calloc(1, sizeof *report);
    bool good = report && scenario_parse(path, moved->text, strlen(moved->text), &scenario, report);
    if (!good) {
        snprintf(error, MATRIX_ERROR, "%s", report ? report->problems[0].message : "out of memory");
        free(report);
        return false;
    }
    free(report);
    good = !may_start(matrix, &scenario, cell) || !host_has_all(matrix, &scenario, cell) ||
           run_scenario(matrix, &scenario, moved->asked, cell, error);
    scenario_free(&scenario);
    return good;
}

bool matrix_run_cell(const struct matrix *matrix, size_t number, struct cell *cell,
                     char error[MATRIX_ERROR])
{
    struct moved_story moved;
    assert(cell);
    char *path = path_of(matrix, number);
    error[0] = '\0';
    bool moves = path && story_move(matrix_story(matrix, number),
                                    matrix_combination(matrix, number), &matrix->move, &moved);
    if (!path || (!moves && moved.no_memory)) {
        snprintf(error, MATRIX_ERROR, "out of memory");
        free(path);
        return false;
    }
    bool good = true;
    if (moves) {
        good =
            write_scenario(path, moved.text, error) && run_moved(matrix, &moved, path, cell, error);
    } else {
        cell_not_applicable(cell, moved.why);
    }
    free(moved.text);
    free(path);
    return good;
}
