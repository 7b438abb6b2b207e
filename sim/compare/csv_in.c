/* Reads CSV as in RFC 4180. See csv_in.h. */
#include "sim/compare/csv_in.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/results/csv.h"
#include "sim/text/errors.h"
#include "sim/text/grown.h"
#include "sim/text/ordinary.h"

static bool wrong_at(struct csv_in *in, size_t line, const char *what)
{
    if (!in->error[0]) {
        snprintf(in->error, sizeof in->error, "%.180s:%zu: %.200s", in->path, line, what);
    }
    return false;
}

bool csv_in_wrong(struct csv_in *in, const char *what)
{
    return wrong_at(in, in->began, what);
}

/* --- a row's cells ---------------------------------------------------------------------------- */

static bool put(struct csv_in *in, int byte)
{
    char *bytes = grown(in->bytes, in->length, &in->capacity, 1);
    if (!bytes) {
        return wrong_at(in, in->line, "memory is out");
    }
    in->bytes = bytes;
    in->bytes[in->length++] = (char)byte;
    return true;
}

static bool begin_cell(struct csv_in *in)
{
    size_t *cells = grown(in->cells, in->count, &in->room, sizeof *cells);
    if (!cells) {
        return wrong_at(in, in->line, "memory is out");
    }
    in->cells = cells;
    in->cells[in->count++] = in->length;
    return true;
}

/* The next byte; a NUL, which no text has, is an error and the end. */
static int next(struct csv_in *in)
{
    int byte = getc_unlocked(in->file);
    if (byte == '\0') {
        wrong_at(in, in->line, "there is a zero byte: this is no CSV");
        return EOF;
    }
    if (byte == EOF && ferror(in->file)) {
        wrong_at(in, in->line, error_words(errno));
    }
    in->line += byte == '\n';
    return byte;
}

/* After an opening quote. Returns what follows the closing one. */
static int quoted(struct csv_in *in)
{
    for (;;) {
        int byte = next(in);
        if (byte == EOF) {
            if (in->line != in->began) {
                wrong_at(in, in->began, "a quote is opened and not closed");
            }
            return EOF;
        }
        if (byte == '"') {
            byte = next(in);
            if (byte != '"') {
                return byte;
            }
        }
        if (!put(in, byte)) {
            return EOF;
        }
    }
}

/* After bytes that need no quotes, beginning with `byte`. Returns what follows them. */
static int bare(struct csv_in *in, int byte)
{
    while (byte != ',' && byte != '\r' && byte != '\n' && byte != EOF) {
        if (byte == '"') {
            wrong_at(in, in->line, "a quote stands in the midst of a cell");
            return EOF;
        }
        if (!put(in, byte)) {
            return EOF;
        }
        byte = next(in);
    }
    return byte;
}

static bool end_of_row(struct csv_in *in, int byte)
{
    if (byte == '\r' && next(in) != '\n') {
        return wrong_at(in, in->line, "a carriage return stands without its line feed");
    }
    if (byte != '\r' && byte != '\n' && byte != EOF) {
        return wrong_at(in, in->line, "a cell goes on after its closing quote");
    }
    return true;
}

/* Reads a row that begins with `byte`. */
static bool read_cells(struct csv_in *in, int byte)
{
    in->length = in->count = 0;
    for (;;) {
        if (!begin_cell(in)) {
            return false;
        }
        byte = byte == '"' ? quoted(in) : bare(in, byte);
        if (in->error[0] || !put(in, '\0')) {
            return false;
        }
        if (byte != ',') {
            return end_of_row(in, byte);
        }
        byte = next(in);
    }
}

/* --- the file --------------------------------------------------------------------------------- */

static bool keep_names(struct csv_in *in)
{
    in->names = calloc(in->count, sizeof *in->names);
    for (; in->names && in->columns < in->count; in->columns++) {
        in->names[in->columns] = strdup(in->bytes + in->cells[in->columns]);
        if (!in->names[in->columns]) {
            break;
        }
    }
    return in->columns == in->count || wrong_at(in, 1, "memory is out");
}

bool csv_in_open(struct csv_in *in, const char *path)
{
    *in = (struct csv_in){.path = path, .line = 1, .began = 1};
    const char *why = "";
    in->file = ordinary_open(path, &why);
    if (!in->file) {
        snprintf(in->error, sizeof in->error, "%.180s: %s", path, why);
        return false;
    }
    int byte = next(in);
    if (byte == 0xef && next(in) == 0xbb && next(in) == 0xbf) {
        byte = next(in); /* what some spreadsheets put before a file that they saved as UTF-8 */
    }
    if (byte == EOF) {
        return wrong_at(in, 1, "the file is empty; its first row must name the columns");
    }
    return read_cells(in, byte) && keep_names(in);
}

int csv_in_column_if_any(const struct csv_in *in, const char *name)
{
    for (size_t i = 0; i < in->columns; i++) {
        if (strcmp(in->names[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int csv_in_column(struct csv_in *in, const char *name)
{
    char what[128];
    int column = csv_in_column_if_any(in, name);
    if (column < 0) {
        snprintf(what, sizeof what, "there is no column %.80s", name);
        wrong_at(in, 1, what);
    }
    return column;
}

bool csv_in_row(struct csv_in *in)
{
    char what[96];
    if (in->error[0]) {
        return false;
    }
    in->began = in->line;
    int byte = next(in);
    if (byte == EOF || !read_cells(in, byte)) {
        return false;
    }
    if (feof(in->file)) {
        return false;
    }
    if (in->count != in->columns) {
        snprintf(what, sizeof what, "%zu cells, and there are %zu columns", in->count, in->columns);
        return csv_in_wrong(in, what);
    }
    return true;
}

const char *csv_in_cell(const struct csv_in *in, int column)
{
    assert(column >= 0 && (size_t)column < in->count);
    const char *cell = in->bytes + in->cells[column];
    return *cell == '\'' && csv_is_formula(cell + 1) ? cell + 1 : cell;
}

bool csv_in_close(struct csv_in *in)
{
    if (in->file) {
        fclose(in->file);
    }
    for (size_t i = 0; i < in->columns; i++) {
        free(in->names[i]);
    }
    free(in->names);
    free(in->cells);
    free(in->bytes);
    in->file = NULL;
    in->names = NULL;
    in->cells = NULL;
    in->bytes = NULL;
    in->columns = in->count = 0;
    return !in->error[0];
}
