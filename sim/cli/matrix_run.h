/* What one `hustings matrix` does. */
#ifndef HUSTINGS_CLI_MATRIX_RUN_H
#define HUSTINGS_CLI_MATRIX_RUN_H

#include "sim/grid/grid_run.h"
#include "sim/matrix/matrix.h"
#include "sim/terminal/terminal.h"

struct matrix_verb {
    const char *program;
    struct matrix matrix;
    const char *against, *into, *cell; /* as given; `into` and `cell` may be NULL */
    struct shard shard;
    bool shard_given, fail_fast;
    uint32_t jobs;    /* cells side by side, on the model */
    int64_t until_ns; /* CLOCK_MONOTONIC; 0: no bound */
    struct terminal_options terminal;

    /* while it runs */
    char *folder;       /* owned */
    struct grid *grid;  /* owned */
    struct cell *cells; /* owned; by number */
    bool *has;          /* owned; likewise */
    char error[MATRIX_ERROR];
};

/* Makes the folder, runs the cells that are not finished in it, tells what came of all of them.
 * Returns the exit code. */
int matrix_verb_run(struct matrix_verb *verb);

#endif
