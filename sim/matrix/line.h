/* A cell as one line of text, by which a matrix that was broken off, or is one of several shards,
 * is put together again. */
#ifndef HUSTINGS_MATRIX_LINE_H
#define HUSTINGS_MATRIX_LINE_H

#include <stdio.h>

#include "sim/matrix/cell.h"

/* Writes it, without its line break. */
void line_write(FILE *file, const struct cell *cell);

/* Reads what line_write() wrote. False: it is something else. */
bool line_read(const char *line, struct cell *cell);

#endif
