/* An open grid, for the files of this room. */
#ifndef HUSTINGS_GRID_GRID_FILE_H
#define HUSTINGS_GRID_GRID_FILE_H

#include "sim/grid/grid.h"

struct grid {
    char *path; /* of the file */
    int fd;
    char head[160];   /* the first line, without its end */
    int64_t length;   /* of the file */
    int64_t *offsets; /* [cells]: where the line of a cell begins; 0: it is not finished */
    size_t cells, finished;
};

/* Appends the line of a cell that is not finished. False: errno says why, and nothing is there. */
bool grid_add(struct grid *grid, size_t cell, const char *line);

#endif
