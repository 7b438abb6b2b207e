/* What is told of a matrix when it is done: a table, matrix.csv, a picture. */
#ifndef HUSTINGS_MATRIX_TOLD_H
#define HUSTINGS_MATRIX_TOLD_H

#include "sim/matrix/matrix.h"
#include "sim/terminal/terminal.h"

/* A matrix and its cells, as far as they are there. */
struct told_matrix {
    const struct matrix *matrix;
    const struct cell *cells; /* [matrix_cells()] */
    const bool *has;          /* likewise: whether the cell was run, or does not apply */
};

/* The table, what the combinations come to, and the legend. */
void told_table(const struct terminal_options *options, const struct told_matrix *told);

/* matrix.csv: a row a cell. The bytes are the caller's to free(); NULL: memory is out. */
char *told_csv(const struct told_matrix *told, size_t *length);

/* Writes what describes matrix.csv to programs into its folder (results/describing.h). False with
 * one line in `error`. */
bool matrix_describe(const char *folder, char error[MATRIX_ERROR]);

/* matrix.svg, likewise. */
char *told_picture(const struct told_matrix *told, size_t *length);

/* One cell, and the command that shows it; `command`: that, or NULL. */
void told_cell(const struct terminal_options *options, const struct told_matrix *told,
               size_t number, const char *command);

#endif
