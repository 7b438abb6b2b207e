/* The columns of the CSV files: the one place that says their names, order, types, units and
 * meanings. The header rows, datapackage.json and the scripts that load the files into a database
 * (load.h) are made from it, the rows are checked against it, and a test compares results/README.md
 * with it.
 *
 * How to add a column: a row in the table of columns.c, and a cell at the same place in rows.c; an
 * assertion stops a row with too few or too many. Then a row in results/README.md. */
#ifndef HUSTINGS_RESULTS_COLUMNS_H
#define HUSTINGS_RESULTS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

enum results_table { TABLE_ELECTIONS, TABLE_TRIALS, TABLE_VIOLATIONS, TABLE_SUMMARY, TABLES };

struct column {
    const char *name;
    const char *type; /* of Frictionless: "string", "integer", "number" */
    const char *unit; /* "ms"; "": none */
    bool required;    /* never empty */
    const char *description;
};

struct table {
    const char *name; /* "elections": its file is elections.csv */
    const char *title;
    const struct column *columns; /* the fixed ones; ends with a NULL name */
};

extern const struct table results_tables[TABLES];

/* How many columns a table has. summary.csv has one a check between its fixed ones. */
size_t column_count(enum results_table table);

/* The column at `index`, from 0. */
struct column column_at(enum results_table table, size_t index);

#endif
