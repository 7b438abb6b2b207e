/* What is told of a matrix when it is done: a table, matrix.csv, a picture. */
#ifndef HUSTINGS_MATRIX_TOLD_H
#define HUSTINGS_MATRIX_TOLD_H

#include <stdio.h>

#include "sim/matrix/matrix.h"
#include "sim/terminal/terminal.h"

/* A matrix, and where its cells are read from: one after the other, so that there may be many. */
struct told_matrix {
    const struct matrix *matrix;
    void *self;
    /* False: the cell is not finished. */
    bool (*read)(void *self, size_t number, struct cell *cell);
};

/* In how many percent of its trials a cell breaks, or blocks, 1 to 99; 0: in all or none. */
unsigned told_percent(const struct cell *cell);

/* The table, what the combinations come to, and the legend. */
void told_table(const struct terminal_options *options, const struct told_matrix *told);

/* Writes matrix.csv: a row a cell. False: memory is out, or it could not be written. */
bool told_csv(const struct told_matrix *told, FILE *file);

/* Writes what describes matrix.csv to programs into its folder (results/describing.h). False with
 * one line in `error`. */
bool matrix_describe(const char *folder, char error[MATRIX_ERROR]);

/* matrix.svg, likewise. */
bool told_picture(const struct told_matrix *told, FILE *file);

/* One cell that is finished, and the command that shows it; `command`: that, or NULL. */
void told_cell(const struct terminal_options *options, const struct told_matrix *told,
               size_t number, const char *command);

#endif
