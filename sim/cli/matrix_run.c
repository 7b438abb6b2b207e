/* The cells of a matrix: run, written, told. See matrix_run.h. */
#include "sim/cli/matrix_run.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/cli/cli.h"
#include "sim/grid/eta.h"
#include "sim/matrix/line.h"
#include "sim/matrix/told.h"
#include "sim/results/command.h"
#include "sim/results/files.h"
#include "sim/system/interrupt.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

_Static_assert(MATRIX_ERROR == GRID_ERROR, "one line of either fits into the other");

static bool failed(struct matrix_verb *verb, const char *what)
{
    snprintf(verb->error, sizeof verb->error, "%s: %s; %s", what, error_words(errno),
             file_hint(errno));
    return false;
}

static bool out_of_memory(struct matrix_verb *verb)
{
    snprintf(verb->error, sizeof verb->error, "out of memory");
    return false;
}

static bool is_bad(const struct cell *cell)
{
    return cell->kind == CELL_BREAKS || cell->kind == CELL_BLOCKS;
}

/* --- the folder ------------------------------------------------------------------------------- */

static bool make_folder(struct matrix_verb *verb)
{
    char when[32], *cells = NULL;
    time_t now = time(NULL);
    struct tm utc;
    strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &utc));
    int written = verb->into ? asprintf(&verb->folder, "%s", verb->into)
                             : asprintf(&verb->folder, "results/%s-matrix", when);
    if (written < 0 || asprintf(&cells, "%s/cells", verb->folder) < 0) {
        verb->folder = written < 0 ? NULL : verb->folder;
        return out_of_memory(verb);
    }
    bool made = make_folders(cells) || failed(verb, cells);
    free(cells);
    verb->matrix.folder = verb->folder;
    return made;
}

static bool open_grid(struct matrix_verb *verb)
{
    size_t count = matrix_cells(&verb->matrix);
    char *plan = matrix_plan(&verb->matrix);
    verb->cells = calloc(count, sizeof *verb->cells);
    verb->has = calloc(count, sizeof *verb->has);
    if (!plan || !verb->cells || !verb->has) {
        free(plan);
        return out_of_memory(verb);
    }
    const struct grid_plan what = {.kind = "matrix", .text = plan, .cells = count};
    verb->grid = grid_open(verb->folder, &what, verb->error, sizeof verb->error);
    free(plan);
    return verb->grid != NULL;
}

/* --- running ---------------------------------------------------------------------------------- */

static bool run_cell(void *self, size_t number, uint32_t worker, FILE *line, char *error)
{
    (void)worker;
    const struct matrix_verb *verb = self;
    struct cell cell;
    if (!matrix_run_cell(&verb->matrix, number, &cell, error)) {
        return false;
    }
    line_write(line, &cell);
    return true;
}

static bool cell_is_done(void *self, size_t number, const char *line)
{
    (void)number;
    const struct matrix_verb *verb = self;
    struct cell cell;
    return !(verb->fail_fast && line_read(line, &cell) && is_bad(&cell));
}

static void show_progress(void *self, const struct grid_progress *progress)
{
    (void)self;
    eta_show(stderr, "matrix", progress);
}

static enum grid_end run_cells(struct matrix_verb *verb)
{
    bool is_model = verb->matrix.host->virtual_time;
    struct grid_work work = {.self = verb,
                             .shard = verb->shard,
                             .jobs = is_model ? verb->jobs : 1,
                             .until_ns = verb->until_ns,
                             .cell = run_cell,
                             .done = cell_is_done,
                             .progress = verb->terminal.tty ? show_progress : NULL};
    verb->matrix.options.jobs = 1;
    enum grid_end end = grid_run(verb->grid, &work, verb->error, sizeof verb->error);
    if (verb->terminal.tty) {
        eta_erase(stderr);
    }
    return end;
}

/* What a Redis must have for each cell is found out before the first one runs. */
static bool world_is_there(struct matrix_verb *verb)
{
    struct host_facts facts;
    const struct matrix *matrix = &verb->matrix;
    assert(matrix->story_count > 0);
    return matrix->host->probe(&matrix->stories[0], &matrix->options, &facts, verb->error,
                               sizeof verb->error);
}

/* --- what came of it -------------------------------------------------------------------------- */

static bool read_lines(struct matrix_verb *verb)
{
    for (size_t i = 0; i < matrix_cells(&verb->matrix); i++) {
        char *line = grid_has(verb->grid, i) ? grid_line(verb->grid, i) : NULL;
        verb->has[i] = line && line_read(line, &verb->cells[i]);
        if (grid_has(verb->grid, i) && !verb->has[i]) {
            snprintf(verb->error, sizeof verb->error,
                     "%s/" GRID_FILE ": what it says of cell %zu cannot be read; remove the folder",
                     verb->folder, i);
            free(line);
            return false;
        }
        free(line);
    }
    return true;
}

static bool write_file(struct matrix_verb *verb, const char *name, char *bytes, size_t length)
{
    char *path = NULL;
    bool good = bytes && asprintf(&path, "%s/%s", verb->folder, name) >= 0;
    if (!good) {
        out_of_memory(verb);
    } else {
        good = replace_file(path, bytes, length) || failed(verb, path);
        free(path);
    }
    free(bytes);
    return good;
}

/* The command that runs the cell as a scenario of its own; the caller's to free(). */
static char *command_of(const struct matrix_verb *verb, size_t number)
{
    struct shell_command command = {0};
    char file[COMBINATION_NAME + 100];
    char *path = NULL;
    matrix_cell_file(&verb->matrix, number, file, sizeof file);
    if (verb->cells[number].trials == 0 || asprintf(&path, "%s/%s", verb->folder, file) < 0) {
        return NULL;
    }
    command_word(&command, "", verb->program);
    command_put(&command, " run --on ");
    command_put(&command, verb->matrix.host->name);
    command_word(&command, "", path);
    char *text = command.failed ? NULL : strdup(command_text(&command));
    command_free(&command);
    free(path);
    return text;
}

/* The first cell that breaks or blocks, of what is not the stories' own if there is one. */
static size_t first_bad(const struct matrix_verb *verb)
{
    size_t count = matrix_cells(&verb->matrix), found = count;
    for (size_t i = 0; i < count; i++) {
        bool own = matrix_combination(&verb->matrix, i)->own;
        if (verb->has[i] && is_bad(&verb->cells[i]) && (found == count || !own)) {
            found = i;
            if (!own) {
                return found;
            }
        }
    }
    return found;
}

static bool tell(struct matrix_verb *verb)
{
    const struct told_matrix told = {
        .matrix = &verb->matrix, .cells = verb->cells, .has = verb->has};
    size_t length = 0;
    char path[4400];
    if (verb->cell && verb->has[0]) {
        char *command = command_of(verb, 0);
        told_cell(&verb->terminal, &told, 0, command);
        free(command);
        return true;
    }
    char *csv = told_csv(&told, &length);
    if (!write_file(verb, "matrix.csv", csv, length)) {
        return false;
    }
    char *picture = told_picture(&told, &length);
    if (!write_file(verb, "matrix.svg", picture, length)) {
        return false;
    }
    told_table(&verb->terminal, &told);
    snprintf(path, sizeof path, "%s/matrix.csv, and matrix.svg beside it", verb->folder);
    style_label(&verb->terminal, "results", path);
    size_t shown = first_bad(verb);
    char *command = shown < matrix_cells(&verb->matrix) ? command_of(verb, shown) : NULL;
    if (command) {
        style_label(&verb->terminal, "a cell", command);
    }
    free(command);
    return true;
}

/* 0, 1 or 4: by the cells. */
static int code_of(const struct matrix_verb *verb)
{
    bool bad = false, open = false;
    for (size_t i = 0; i < matrix_cells(&verb->matrix); i++) {
        const struct cell *cell = &verb->cells[i];
        bool here = shard_has(verb->shard, i);
        bad |= verb->has[i] && is_bad(cell);
        open |= (here && !verb->has[i]) || (verb->has[i] && cell->kind == CELL_UNDECIDED);
    }
    return bad ? EXIT_UNMET : open ? EXIT_UNDECIDED : EXIT_HELD;
}

static int run_and_tell(struct matrix_verb *verb)
{
    interrupt_catch();
    enum grid_end end = run_cells(verb);
    if (end == GRID_FAILED) {
        return EXIT_WORLD;
    }
    if (!grid_seal(verb->grid, verb->error, sizeof verb->error) || !read_lines(verb) ||
        !tell(verb)) {
        return EXIT_WORLD;
    }
    size_t cells = shard_cells(verb->shard, matrix_cells(&verb->matrix));
    if (end != GRID_WHOLE) {
        clean_line(stderr,
                   "hustings matrix: %s; %zu of %zu cells are finished; the same command with "
                   "--into %s goes on from there",
                   end == GRID_INTERRUPTED ? "interrupted" : "stopped", grid_finished(verb->grid),
                   cells, verb->folder);
    }
    return end == GRID_INTERRUPTED ? EXIT_INTERRUPTED : code_of(verb);
}

int matrix_verb_run(struct matrix_verb *verb)
{
    int code = EXIT_WORLD;
    verb->error[0] = '\0';
    if (world_is_there(verb) && make_folder(verb) && open_grid(verb)) {
        code = run_and_tell(verb);
    }
    if (code == EXIT_WORLD) {
        clean_line(stderr, "hustings matrix: %s", verb->error);
    }
    grid_close(verb->grid);
    free(verb->cells);
    free(verb->has);
    free(verb->folder);
    return code;
}
