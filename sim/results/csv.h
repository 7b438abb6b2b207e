/* Rows of CSV (RFC 4180: fields quoted only where they must be, lines end with CR LF), gathered in
 * memory so that a whole trial goes out in one write.
 *
 * Cells are put in the order of the columns; csv_end_row() asserts that a row has as many as its
 * table has columns. When memory runs out the buffer remembers it in `failed`, and later calls do
 * nothing: ask once, at the end. */
#ifndef HUSTINGS_RESULTS_CSV_H
#define HUSTINGS_RESULTS_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv {
    char *bytes; /* owned: csv_free() */
    size_t length, capacity;
    size_t cells; /* of the row so far */
    bool failed;
};

void csv_free(struct csv *csv);

/* Text is cleaned (text/clean.h), so it stands on one line. A spreadsheet takes a cell that begins
 * with one of = + - @ for a formula: before such a text, apostrophes and blanks in front of it or
 * not, stands one more apostrophe. csv_in takes it off again. */
void csv_text(struct csv *csv, const char *text);
bool csv_is_formula(const char *text);
void csv_integer(struct csv *csv, int64_t value);
void csv_unsigned(struct csv *csv, uint64_t value);
void csv_empty(struct csv *csv);

/* Milliseconds with three decimals, rounded to the nearest microsecond; NEVER_NS and
 * FOREVER_NS: empty. */
void csv_ms(struct csv *csv, int64_t ns);

/* A process; NOBODY: empty. */
void csv_id(struct csv *csv, int32_t id);

void csv_end_row(struct csv *csv, size_t columns);

#endif
