/* Runs the cells of a grid side by side. See grid.h for what a grid is. */
#ifndef HUSTINGS_GRID_GRID_RUN_H
#define HUSTINGS_GRID_GRID_RUN_H

#include <stdio.h>

#include "sim/grid/grid.h"
#include "sim/grid/shard.h"
#include "sim/host/spare.h"

struct grid_progress {
    size_t finished, cells; /* of this shard; `finished` with those that were there before */
    size_t run;             /* finished just now, in this call */
    int64_t ns;             /* that this took so far */
};

struct grid_work {
    void *self;
    struct shard shard; /* which cells are run here: shard_all() for all */
    /* So many cells side by side, each on a thread. With 1 there is no thread: for cells that fork.
     */
    uint32_t jobs;
    /* Who finds no other cell gives his processor here; what runs in a cell may take it. NULL: it
     * stays idle. */
    struct spare *spare;
    int64_t until_ns; /* no cell is begun after this (CLOCK_MONOTONIC); 0: no bound */
    /* Runs one cell, and writes its line, of any length, without its end, to `line`. Only one call
     * at a time has this `worker`, which is below `jobs`. False: it was interrupted, or, with one
     * line in `error` (GRID_ERROR bytes), the world failed. */
    bool (*cell)(void *self, size_t cell, uint32_t worker, FILE *line, char *error);
    /* A cell is finished, and its line is in the file; only one call at a time, in any thread.
     * False: begin no other one. May be NULL. */
    bool (*done)(void *self, size_t cell, const char *line);
    /* Is asked first of each cell of the shard that was finished before; the same of false. May be
     * NULL. */
    bool (*there)(void *self, size_t cell, const char *line);
    /* Some times a second, in the caller's thread; with one job, after each cell. May be NULL. */
    void (*progress)(void *self, const struct grid_progress *progress);
};

enum grid_end {
    GRID_WHOLE,       /* every cell of the shard is finished */
    GRID_STOPPED,     /* `done` or `there` said so, or the time was over */
    GRID_INTERRUPTED, /* by Ctrl-C; what is finished is in the file */
    GRID_FAILED       /* the world failed: one line in `error` */
};

/* Runs the cells of the shard that are not finished, in their order. */
enum grid_end grid_run(struct grid *grid, const struct grid_work *work, char *error,
                       size_t error_size);

#endif
