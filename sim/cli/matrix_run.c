/* The cells of a matrix: run, written, told. See matrix_run.h. */
#include "sim/cli/matrix_run.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/grid_json.h"
#include "sim/cli/matrix_grid.h"
#include "sim/grid/eta.h"
#include "sim/grid/folder.h"
#include "sim/grid/grid_run.h"
#include "sim/matrix/line.h"
#include "sim/matrix/told.h"
#include "sim/results/command.h"
#include "sim/system/interrupt.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"
#include "sim/text/clock.h"

_Static_assert(MATRIX_ERROR == GRID_ERROR, "one line of either fits into the other");

static bool is_bad(const struct cell *cell)
{
    return cell->kind == CELL_BREAKS || cell->kind == CELL_BLOCKS;
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
    return !(verb->asked.fail_fast && line_read(line, &cell) && is_bad(&cell));
}

static void show_progress(void *self, const struct grid_progress *progress)
{
    (void)self;
    eta_show(stderr, "matrix", progress);
}

static enum grid_end run_cells(struct matrix_verb *verb)
{
    bool is_model = verb->matrix.host->virtual_time;
    int64_t for_ns = verb->asked.grid.for_ns;
    uint32_t jobs = is_model ? verb->asked.jobs : 1;
    struct spare spare = {.most = jobs};
    struct grid_work work = {.self = verb,
                             .shard = verb->asked.grid.shard,
                             .jobs = jobs,
                             .spare = &spare,
                             .until_ns = for_ns > 0 ? monotonic_ns() + for_ns : 0,
                             .cell = run_cell,
                             .done = cell_is_done,
                             .there = verb->asked.fail_fast ? cell_is_done : NULL,
                             .progress = verb->terminal.tty ? show_progress : NULL};
    verb->matrix.options.jobs = 1;
    verb->matrix.options.spare = &spare;
    enum grid_end end = grid_run(verb->grid, &work, verb->error, sizeof verb->error);
    verb->matrix.options.spare = NULL;
    if (verb->terminal.tty) {
        eta_erase(stderr);
    }
    return end;
}

/* What a Redis must have for each cell is found out before the first one runs. Who merges starts
 * nothing: least of all a program that the plan of a stranger's folder names. */
static bool world_is_there(struct matrix_verb *verb)
{
    struct host_facts facts;
    const struct matrix *matrix = &verb->matrix;
    assert(matrix->story_count > 0);
    return verb->merged || matrix->host->probe(&matrix->stories[0], &matrix->options, &facts,
                                               verb->error, sizeof verb->error);
}

/* --- what came of it -------------------------------------------------------------------------- */

/* Reads a cell that is finished. If that cannot be, there is a line in `verb->error` afterwards. */
static bool read_cell(void *self, size_t number, struct cell *cell)
{
    struct matrix_verb *verb = self;
    if (!grid_has(verb->grid, number)) {
        return false;
    }
    char *line = grid_line(verb->grid, number);
    bool good = line && line_read(line, cell);
    free(line);
    if (!good) {
        snprintf(verb->error, sizeof verb->error,
                 "%s/" GRID_FILE ": what it says of cell %zu cannot be read; remove the folder",
                 verb->folder, number);
    }
    return good;
}

/* What all cells come to: the exit code, and the cell whose command is shown. */
struct summary {
    bool bad, open; /* a cell breaks or blocks; one is undecided */
    size_t shown;   /* the first bad one, of what is not the stories' own if there is one */
    size_t first;   /* the first bad one */
};

/* False: some cell cannot be read. */
static bool sum_up(struct matrix_verb *verb, struct summary *summary)
{
    size_t count = matrix_cells(&verb->matrix);
    bool shown_is_own = true;
    *summary = (struct summary){.shown = count, .first = count};
    for (size_t i = 0; i < count; i++) {
        struct cell cell;
        if (!read_cell(verb, i, &cell)) {
            continue;
        }
        bool own = matrix_combination(&verb->matrix, i)->own;
        if (is_bad(&cell) && (summary->shown == count || (shown_is_own && !own))) {
            summary->shown = i;
            shown_is_own = own;
        }
        if (is_bad(&cell) && !summary->bad) {
            summary->bad = true;
            summary->first = i;
        }
        summary->open |= cell.kind == CELL_UNDECIDED;
    }
    return !verb->error[0];
}

static bool put_csv(void *self, FILE *file)
{
    return told_csv(self, file);
}

static bool put_picture(void *self, FILE *file)
{
    return told_picture(self, file);
}

/* The command that runs the cell as a scenario of its own; the caller's to free(). */
static char *command_of(const struct matrix_verb *verb, size_t number)
{
    struct shell_command command = {0};
    char file[COMBINATION_NAME + 100];
    char *path = NULL;
    matrix_cell_file(&verb->matrix, number, file, sizeof file);
    if (asprintf(&path, "%s/%s", verb->folder, file) < 0) {
        return NULL;
    }
    command_word(&command, "", verb->asked.program);
    command_put(&command, " run --on ");
    command_put(&command, verb->matrix.host->name);
    if (matrix_combination(&verb->matrix, number)->file.programs) {
        command_put(&command, " --allow-exec");
    }
    command_word(&command, "", path);
    char *text = command.failed ? NULL : strdup(command_text(&command));
    command_free(&command);
    free(path);
    return text;
}

/* The command that makes a page of it, on which each cell leads to a trial. */
static void tell_page(const struct matrix_verb *verb)
{
    struct shell_command command = {0};
    command_word(&command, "", verb->asked.program);
    command_put(&command, " report");
    command_word(&command, "", verb->folder);
    style_label(&verb->terminal, "page", command_text(&command));
    command_free(&command);
}

static bool tell(struct matrix_verb *verb, size_t shown)
{
    struct told_matrix told = {.matrix = &verb->matrix, .self = verb, .read = read_cell};
    char path[4400];
    struct cell cell;
    if (verb->asked.cell && read_cell(verb, 0, &cell)) {
        char *command = cell.trials > 0 ? command_of(verb, 0) : NULL;
        told_cell(&verb->terminal, &told, 0, command);
        free(command);
        return true;
    }
    if (!grid_write_by(verb->folder, "matrix.csv", put_csv, &told, verb->error,
                       sizeof verb->error) ||
        !matrix_describe(verb->folder, verb->error) ||
        !grid_write_by(verb->folder, "matrix.svg", put_picture, &told, verb->error,
                       sizeof verb->error)) {
        return false;
    }
    told_table(&verb->terminal, &told);
    snprintf(path, sizeof path, "%s/matrix.csv, and matrix.svg beside it", verb->folder);
    style_label(&verb->terminal, "results", path);
    if (grid_finished(verb->grid) > 0) {
        tell_page(verb);
    }
    char *command = shown < matrix_cells(&verb->matrix) ? command_of(verb, shown) : NULL;
    if (command) {
        style_label(&verb->terminal, "a cell", command);
    }
    free(command);
    return !verb->error[0];
}

/* 0, 1 or 4: by the cells that are there. */
static int code_of_cells(const struct matrix_verb *verb, const struct summary *summary)
{
    return summary->bad                                          ? EXIT_UNMET
           : summary->open && !verb->asked.grid.undecided_passes ? EXIT_UNDECIDED
                                                                 : EXIT_HELD;
}

/* Why not all cells are there, and how it goes on. `first` is the first cell that breaks or blocks,
 * or matrix_cells(): the same words as before would stop at it again. */
static void say_stopped(const struct matrix_verb *verb, enum grid_end end, size_t first)
{
    char into[4400];
    char cell[COMBINATION_NAME + 100];
    size_t cells = matrix_cells(&verb->matrix);
    bool at_cell = end == GRID_STOPPED && verb->asked.fail_fast && first < cells;
    assert(end != GRID_WHOLE);
    clean_line(stderr,
               "hustings matrix: %s%s; %zu of %zu cells are finished; the same command with --into "
               "%s%s goes on from there",
               end == GRID_INTERRUPTED ? "interrupted"
               : at_cell               ? "stopped by --fail-fast at "
                                       : "stopped",
               at_cell ? matrix_cell_name(&verb->matrix, first, cell, sizeof cell) : "",
               grid_finished(verb->grid), shard_cells(verb->asked.grid.shard, cells),
               grid_into_word(verb->folder, verb->asked.grid.shard, into, sizeof into),
               at_cell ? ", but without --fail-fast," : "");
}

/* What is whole is finished, also if --fail-fast stopped at the last cell. */
static bool finish(struct matrix_verb *verb)
{
    size_t cells = shard_cells(verb->asked.grid.shard, matrix_cells(&verb->matrix));
    return grid_finished(verb->grid) < cells ||
           grid_json_end(verb->run, verb->folder, verb->error, sizeof verb->error);
}

static int run_and_tell(struct matrix_verb *verb)
{
    struct summary summary;
    int code = verb->merged ? matrix_grid_take(verb) : EXIT_HELD;
    if (code != EXIT_HELD) {
        return code;
    }
    interrupt_catch();
    enum grid_end end = run_cells(verb);
    if (end == GRID_FAILED || !grid_seal(verb->grid, verb->error, sizeof verb->error) ||
        !sum_up(verb, &summary) || !tell(verb, summary.shown) || !finish(verb)) {
        return EXIT_WORLD;
    }
    /* What broke in a part is for the whole to say: a scheduler tries a task again that ends so. */
    bool part = verb->asked.grid.shard.count > 1 && end == GRID_WHOLE;
    code = part ? EXIT_HELD : code_of_cells(verb, &summary);
    if (end != GRID_WHOLE) {
        say_stopped(verb, end, summary.first);
    }
    bool time_over = end == GRID_STOPPED && !(verb->asked.fail_fast && code == EXIT_UNMET);
    return end == GRID_INTERRUPTED ? EXIT_INTERRUPTED : time_over ? EXIT_TIME_OVER : code;
}

static void say_shard(const struct matrix_verb *verb)
{
    const struct shard shard = verb->asked.grid.shard;
    if (verb->asked.grid.shard_from) {
        clean_line(stderr, "hustings matrix: shard %u of %u, by %s", (unsigned)shard.index + 1,
                   (unsigned)shard.count, verb->asked.grid.shard_from);
    }
}

int matrix_verb_run(struct matrix_verb *verb)
{
    int code = EXIT_WORLD;
    verb->error[0] = '\0';
    if (world_is_there(verb)) {
        code = matrix_grid_open(verb);
    }
    if (code == EXIT_HELD) {
        say_shard(verb);
        code = run_and_tell(verb);
    }
    if (code == EXIT_WORLD) {
        clean_line(stderr, "hustings %s: %s", verb->merged ? "merge" : "matrix", verb->error);
    }
    grid_close(verb->grid);
    cJSON_Delete(verb->run);
    free(verb->folder);
    return code;
}
