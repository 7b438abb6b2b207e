/* matrix.csv. See told.h; results/README.md says what each column means. */
#include <assert.h>
#include <stdio.h>

#include "sim/matrix/told.h"
#include "sim/results/command.h"
#include "sim/results/csv.h"
#include "sim/results/describing.h"
#include "src/owners.h"

#define ALWAYS true
#define MAY_BE_EMPTY false

/* How to add one: a row here, a cell at its place in put_row(), a row in results/README.md. */
static const struct column columns[] = {
    {"story", "string", "", ALWAYS, "Name of the story"},
    {"combination", "string", "", ALWAYS, "Name of the combination of a protocol and a lock"},
    {"protocol", "string", "", ALWAYS, "Kind of election, see `hustings list protocols`"},
    {"lock", "string", "", ALWAYS, "Kind of lock, see `hustings list locks`"},
    {"fencing", "string", "", ALWAYS, "true or false: whether the resource refuses stale writes"},
    {"host", "string", "", ALWAYS, "Where it ran: processes or model"},
    {"cell", "string", "", ALWAYS, "holds, breaks, blocks, undecided or does not apply"},
    {"trials", "integer", "", ALWAYS, "How many trials ran; 0: the story cannot be told of it"},
    {"held", "integer", "", ALWAYS, "Trials in which nothing broke, though it could have"},
    {"broke", "integer", "", ALWAYS, "Trials in which a promise was broken"},
    {"blocked", "integer", "", ALWAYS, "Trials in which nobody led, or got the lock"},
    {"unknown", "integer", "", ALWAYS, "Trials of which it cannot be known"},
    {"untested", "integer", "", ALWAYS, "Trials that did not put it to the test"},
    {"check", "string", "", MAY_BE_EMPTY,
     "The gravest check that was broken; what only blocks comes after the others"},
    {"broken", "string", "", MAY_BE_EMPTY, "All checks that were broken, between blanks"},
    {"first_trial", "integer", "", MAY_BE_EMPTY, "The first trial with that"},
    {"overlap_ms", "number", "ms", MAY_BE_EMPTY,
     "For how long two were at once what one may be, mean of the trials"},
    {"overlap_max_ms", "number", "ms", MAY_BE_EMPTY, "The same, at most in one trial"},
    {"unfenced_writes", "integer", "", MAY_BE_EMPTY,
     "Stale writes that were accepted, in all trials"},
    {"leaderless_ms", "number", "ms", MAY_BE_EMPTY, "For how long nobody led, mean of the trials"},
    {"leaderless_max_ms", "number", "ms", MAY_BE_EMPTY, "The same, at most in one trial"},
    {"why", "string", "", MAY_BE_EMPTY, "What the first such trial broke, or why it is not known"},
    {"file", "string", "", MAY_BE_EMPTY, "The scenario of the cell, in this folder"},
    {"command", "string", "", MAY_BE_EMPTY, "Runs the cell, if typed in this folder"}};
#define COLUMNS (sizeof columns / sizeof *columns)

static struct column column_of_matrix(const void *self, size_t index)
{
    (void)self;
    assert(index < COLUMNS);
    return columns[index];
}

bool matrix_describe(const char *folder, char error[MATRIX_ERROR])
{
    const struct described_table table = {
        .name = "matrix", .title = "A row a cell", .count = COLUMNS, .column = column_of_matrix};
    const struct described described = {"hustings-matrix", "Which story breaks which combination",
                                        &table, 1};
    return describe_folder(&described, folder, error, MATRIX_ERROR);
}

/* The names of the checks that were broken, between blanks. */
static void put_broken(struct csv *csv, const struct cell *cell)
{
    char names[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < check_count(); i++) {
        if (cell->broken & 1u << i) {
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? " " : "",
                                     check_rows[i]->name);
        }
    }
    csv_text(csv, names);
}

/* The mean of a trial, and the most. */
static void put_price(struct csv *csv, const struct cell *cell, const struct cell_price *price,
                      bool is)
{
    if (is && cell->trials > 0) {
        csv_ms(csv, price->sum_ns / cell->trials);
        csv_ms(csv, price->most_ns);
    } else {
        csv_empty(csv);
        csv_empty(csv);
    }
}

static void put_unfenced(struct csv *csv, const struct cell *cell)
{
    if (cell->works) {
        csv_unsigned(csv, cell->unfenced);
    } else {
        csv_empty(csv);
    }
}

static void put_what_came(struct csv *csv, const struct cell *cell)
{
    csv_text(csv, cell_kind_names[cell->kind]);
    csv_unsigned(csv, cell->trials);
    csv_unsigned(csv, cell->held);
    csv_unsigned(csv, cell->broke);
    csv_unsigned(csv, cell->blocked);
    csv_unsigned(csv, cell->unknown);
    csv_unsigned(csv, cell->untested);
    csv_text(csv, cell->check >= 0 ? check_rows[cell->check]->name : "");
    put_broken(csv, cell);
    if (cell->first > 0) {
        csv_unsigned(csv, cell->first);
    } else {
        csv_empty(csv);
    }
    put_price(csv, cell, &cell->overlap, true);
    put_unfenced(csv, cell);
    put_price(csv, cell, &cell->leaderless, cell->leads);
    csv_text(csv, cell->why);
}

static void put_row(struct csv *csv, const struct matrix *matrix, size_t number,
                    const struct cell *cell)
{
    const struct combination *combination = matrix_combination(matrix, number);
    const struct settings *settings =
        combination->own ? &matrix_story(matrix, number)->settings : &combination->settings;
    char file[COMBINATION_NAME + 100] = "";
    struct shell_command command = {0};
    if (cell->trials > 0) {
        matrix_cell_file(matrix, number, file, sizeof file);
        command_put(&command, "hustings run --on ");
        command_put(&command, matrix->host->name);
        command_put(&command, combination->file.programs ? " --allow-exec" : "");
        command_word(&command, "", file);
        csv->failed = csv->failed || command.failed;
    }
    csv_text(csv, matrix_story(matrix, number)->name);
    csv_text(csv, combination->name);
    csv_text(csv, owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]));
    csv_text(csv, owner_row_name(OWNER_LOCK, settings->row[OWNER_LOCK]));
    csv_text(csv, settings->fencing ? "true" : "false");
    csv_text(csv, matrix->host->name);
    put_what_came(csv, cell);
    csv_text(csv, file);
    csv_text(csv, file[0] && !command.failed ? command_text(&command) : "");
    command_free(&command);
    csv_end_row(csv, COLUMNS);
}

/* Writes the rows that are gathered. */
static bool flush(struct csv *csv, FILE *file)
{
    bool good = !csv->failed && fwrite(csv->bytes, 1, csv->length, file) == csv->length;
    csv->length = 0;
    return good;
}

bool told_csv(const struct told_matrix *told, FILE *file)
{
    struct csv csv = {0};
    struct cell cell;
    for (size_t i = 0; i < COLUMNS; i++) {
        csv_text(&csv, columns[i].name);
    }
    csv_end_row(&csv, COLUMNS);
    bool good = flush(&csv, file);
    for (size_t i = 0; good && i < matrix_cells(told->matrix); i++) {
        if (told->read(told->self, i, &cell)) {
            put_row(&csv, told->matrix, i, &cell);
            good = flush(&csv, file);
        }
    }
    csv_free(&csv);
    return good;
}
