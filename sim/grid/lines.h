/* The lines of a file of cells, as grid.h says what they are. */
#ifndef HUSTINGS_GRID_LINES_H
#define HUSTINGS_GRID_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What stands before a cell's text in its line: the number of the cell, and one for what it says,
 * so that a line which somebody has changed is not taken for ours. */
#define LINE_HEAD 48
void line_head(size_t cell, const char *line, char out[LINE_HEAD]);

struct lines_reader {
    const char *path; /* for messages */
    const char *head; /* the first line as it must be, without its end */
    size_t cells;
    void *self;
    /* A cell's line, without head and end, and where it begins in the file. False with a line in
     * `error`: no more. */
    bool (*take)(void *self, size_t cell, const char *line, int64_t at, char *error, size_t size);
};

/* Reads from the beginning to the end; `*whole` is where the last whole line ends. False with one
 * line in `error`: the head is another one, a line is not one of ours, `take` said so, or reading
 * failed. */
bool lines_read(const struct lines_reader *reader, FILE *file, int64_t *whole, char *error,
                size_t size);

#endif
