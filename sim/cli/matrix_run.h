/* What one `hustings matrix` does. */
#ifndef HUSTINGS_CLI_MATRIX_RUN_H
#define HUSTINGS_CLI_MATRIX_RUN_H

#include "sim/cli/matrix_options.h"
#include "sim/grid/grid.h"
#include "sim/terminal/terminal.h"

struct merged;

struct matrix_verb {
    struct matrix_asked asked;
    struct matrix matrix;
    const struct merged *merged; /* shards to be taken, instead of running anything; or NULL */
    struct terminal_options terminal;

    /* while it runs */
    char *folder;      /* owned */
    struct grid *grid; /* owned */
    char error[MATRIX_ERROR];
};

/* Makes the folder, runs the cells that are not finished in it, tells what came of all of them.
 * Returns the exit code. */
int matrix_verb_run(struct matrix_verb *verb);

#endif
