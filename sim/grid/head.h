/* What a file of cells belongs to, which its first line says. grid.h has the rest. */
#ifndef HUSTINGS_GRID_HEAD_H
#define HUSTINGS_GRID_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GRID_CELLS_MAX 1000000
#define GRID_FILE "cells.txt"
#define GRID_HEAD 160 /* room for the first line */

struct grid_plan {
    const char *kind; /* one word: "sweep", "matrix" */
    /* All that has a say in what comes of the cells, as text: scenarios, values, trials, seed and
     * host. A digest of it is in the file: lines of another plan are never taken for this one's. */
    const char *text;
    size_t cells; /* 1 to GRID_CELLS_MAX */
    /* A number for the programs that are started, if there are any. It stands by itself: they are
     * not there where shards are merged. */
    uint64_t programs;
};

/* Writes the first line for a plan, without its end. */
void head_write(char head[GRID_HEAD], const struct grid_plan *plan);

/* Whether the file in a folder says that it belongs to this plan, programs aside: these are then
 * taken over into the plan. */
bool grid_belongs(const char *folder, struct grid_plan *plan);

/* Whether there is a file of cells in a folder that hustings left there, of whatever plan. */
bool grid_is_in(const char *folder);

/* Whether the files in two folders say that they belong to one and the same plan; of one without a
 * file that it does. */
bool grid_same(const char *folder, const char *other);

#endif
