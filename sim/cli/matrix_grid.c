/* The folder of a matrix, and the grid in it. See matrix_grid.h. */
#include "sim/cli/matrix_grid.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/grid_json.h"
#include "sim/cli/inputs.h"
#include "sim/cli/merge.h"
#include "sim/grid/folder.h"
#include "sim/results/files.h"
#include "sim/scenario/identity.h"
#include "sim/text/errors.h"
#include "sim/text/ordinary.h"

static bool failed(struct matrix_verb *verb, const char *what)
{
    snprintf(verb->error, sizeof verb->error, "%s: %s; %s", what, error_words(errno),
             file_hint(errno));
    return false;
}

bool matrix_out_of_memory(struct matrix_verb *verb)
{
    snprintf(verb->error, sizeof verb->error, "out of memory");
    return false;
}

/* What the folder is called after: the folder of the stories, or the first of them. */
static void name_of(const struct matrix_verb *verb, char *out, size_t size)
{
    const struct matrix *matrix = &verb->matrix;
    const char *path = matrix->stories[0].path;
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    const char *folder = length > 0 ? memrchr(path, '/', length) : NULL;
    const char *base = folder ? folder + 1 : path;
    if (matrix->story_count > 1 && length > 0 && base[0] != '.') {
        snprintf(out, size, "%.*s", (int)(slash - base), base);
    } else {
        snprintf(out, size, "%s", matrix->stories[0].name);
    }
}

/* What is written in the folder of a whole; and what is there if it is another's. */
static const char *const written[] = {
    "matrix.csv", "matrix.svg", "datapackage.json", "load.sqlite.sql", "load.duckdb.sql",
    "run.json",   "cells",      PLAN_FILE,          "sweep.csv",       "elections.csv",
    NULL};

static bool make_folder(struct matrix_verb *verb)
{
    char name[80];
    const char *into = verb->merged ? verb->merged->into : verb->asked.into;
    name_of(verb, name, sizeof name);
    verb->folder =
        grid_folder(into, "matrix", name, verb->asked.grid.shard, verb->error, sizeof verb->error);
    verb->matrix.folder = verb->folder;
    return verb->folder &&
           grid_refuse_taken(verb->folder, written, verb->error, sizeof verb->error);
}

/* After the grid, which says that they are ours. */
static bool make_cells(struct matrix_verb *verb)
{
    char *cells = NULL;
    if (asprintf(&cells, "%s/cells", verb->folder) < 0) {
        return matrix_out_of_memory(verb);
    }
    bool made = make_folders(cells) || failed(verb, cells);
    free(cells);
    return made;
}

/* Writes what says how it came about, for merge. */
static bool write_plan(struct matrix_verb *verb)
{
    size_t length = 0;
    const struct plan_of plan = matrix_plan(&verb->asked);
    char *text = plan_write(&plan, &length);
    bool good =
        text ? grid_write(verb->folder, PLAN_FILE, text, length, verb->error, sizeof verb->error)
             : matrix_out_of_memory(verb);
    free(text);
    if (good && verb->asked.grid.shard.count > 1) {
        struct inputs inputs = {verb->folder, verb->error, sizeof verb->error};
        verb->error[0] = '\0';
        inputs_keep_matrix(&inputs, &verb->matrix);
        good = !verb->error[0];
    }
    return good;
}

static bool write_run_json(struct matrix_verb *verb)
{
    const struct matrix_asked *asked = &verb->asked;
    const struct grid_facts facts = {.verb = "matrix",
                                     .cells = "cells",
                                     .name = "against",
                                     .value = asked->against,
                                     .count = matrix_cells(&verb->matrix),
                                     .jobs = asked->jobs,
                                     .trials = asked->move.trials,
                                     .has_seed = asked->move.has_seed,
                                     .seed = asked->move.seed,
                                     .parts = verb->merged ? verb->merged->count : 0};
    verb->run =
        grid_json_begin(verb->folder, &asked->grid, &facts, verb->error, sizeof verb->error);
    if (verb->run) {
        verb->error[0] = '\0';
    }
    return verb->run != NULL;
}

/* All that has a say in what comes of the cells. NULL: memory is out. */
static char *identity(const struct matrix_verb *verb)
{
    char *text = NULL;
    size_t size = 0;
    const struct plan_of plan = matrix_plan(&verb->asked);
    FILE *file = open_memstream(&text, &size);
    if (file) {
        plan_put(file, &plan);
        matrix_put(&verb->matrix, file);
        fclose(file);
    }
    return text;
}

/* EXIT_HELD, or the code to end with. */
int matrix_grid_open(struct matrix_verb *verb)
{
    const char *server = verb->asked.redis_server;
    uint64_t programs = matrix_programs(&verb->matrix);
    char *text = identity(verb);
    struct grid_plan plan = {.kind = "matrix",
                             .text = text,
                             .cells = matrix_cells(&verb->matrix),
                             .programs = server ? programs * 31 + file_number(server) : programs};
    const struct merge_makes makes = {"cells", written};
    int code = EXIT_HELD;
    if (!text) {
        matrix_out_of_memory(verb);
        code = EXIT_WORLD;
    } else if (verb->merged) {
        code = merge_fits(verb->merged, &plan, &makes, verb->error, sizeof verb->error);
    }
    if (code == EXIT_HELD) {
        bool made = make_folder(verb);
        verb->grid = made ? grid_open(verb->folder, &plan, verb->error, sizeof verb->error) : NULL;
        bool good = verb->grid && make_cells(verb) && write_plan(verb) && write_run_json(verb);
        code = good ? EXIT_HELD : EXIT_WORLD;
    }
    free(text);
    return code;
}

/* The scenario of a cell: what a shard has is taken as it is, since it may name files by where they
 * are there. */
static bool take_cell_file(struct matrix_verb *verb, size_t number)
{
    const struct merged *merged = verb->merged;
    char name[COMBINATION_NAME + 100];
    bool found = false, good = true;
    matrix_cell_file(&verb->matrix, number, name, sizeof name);
    for (size_t i = 0; i < merged->count && good && !found; i++) {
        char *path = NULL, *bytes = NULL;
        size_t length = 0;
        if (asprintf(&path, "%s/%s", merged->folders[i], name) < 0) {
            return matrix_out_of_memory(verb);
        }
        bytes = ordinary_bytes(path, &length);
        found = bytes != NULL;
        good = !found ||
               grid_write(verb->folder, name, bytes, length, verb->error, sizeof verb->error);
        free(bytes);
        free(path);
    }
    return good;
}

/* Takes in what the shards have finished; all of it must be there. The code to end with, or
 * EXIT_HELD. */
int matrix_grid_take(struct matrix_verb *verb)
{
    const struct merged *merged = verb->merged;
    size_t count = matrix_cells(&verb->matrix);
    for (size_t i = 0; i < merged->count; i++) {
        if (!grid_take(verb->grid, merged->folders[i], verb->error, sizeof verb->error)) {
            return EXIT_WORLD;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!take_cell_file(verb, i)) {
            return EXIT_WORLD;
        }
    }
    return EXIT_HELD;
}
