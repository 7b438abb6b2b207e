/* Reads CSV as in RFC 4180, a row at a time: cells may be quoted, and quoted ones may hold commas,
 * quotes (doubled) and line breaks; lines end with CR LF or LF; the first row names the columns,
 * and every row has as many cells as it. A last line that has no end is no row: a killed run left
 * it, and nobody knows what its last cell was to be.
 *
 *     struct csv_in in;
 *     bool good = csv_in_open(&in, path);
 *     int seed = good ? csv_in_column(&in, "seed") : -1;
 *     while (good && csv_in_row(&in)) {
 *         use(csv_in_cell(&in, seed));
 *     }
 *     good = csv_in_close(&in);
 *
 * After anything wrong, `error` has one line, "path:line: what", and every later call fails. */
#ifndef HUSTINGS_COMPARE_CSV_IN_H
#define HUSTINGS_COMPARE_CSV_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct csv_in {
    FILE *file;
    const char *path;   /* as given; must outlive it */
    size_t line, began; /* the line being read, and where the row began; from 1 */
    char *bytes;        /* the row's cells, each ended by a NUL */
    size_t length, capacity;
    size_t *cells; /* where each begins */
    size_t count, room;
    size_t columns;
    char **names; /* of the columns */
    char error[512];
};

/* Opens the file and reads the names of its columns. Ends with csv_in_close() in any case. */
bool csv_in_open(struct csv_in *in, const char *path);

/* The place of a column. If there is none: -1, and `error` is set. */
int csv_in_column(struct csv_in *in, const char *name);

/* The same, of a column that may be missing: then -1, and no error. */
int csv_in_column_if_any(const struct csv_in *in, const char *name);

/* The next row. False at the end, or when `error` is set. */
bool csv_in_row(struct csv_in *in);

/* A cell of the row, valid until the next one; without the apostrophe that csv_text() puts before a
 * text that a spreadsheet would take for a formula. */
const char *csv_in_cell(const struct csv_in *in, int column);

/* Notes what is wrong with the row that was read last. Returns false. */
bool csv_in_wrong(struct csv_in *in, const char *what);

/* Closes and frees; `error` stays. False if it is set. */
bool csv_in_close(struct csv_in *in);

#endif
