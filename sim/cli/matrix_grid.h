/* One `hustings matrix`: its folder, the grid in it, and what its shards leave there. */
#ifndef HUSTINGS_CLI_MATRIX_GRID_H
#define HUSTINGS_CLI_MATRIX_GRID_H

#include "sim/cli/matrix_options.h"
#include "sim/grid/grid.h"
#include "sim/terminal/terminal.h"

struct cJSON;
struct merged;

struct matrix_verb {
    struct matrix_asked asked;
    struct matrix matrix;
    const struct merged *merged; /* shards to be taken, instead of running anything; or NULL */
    struct terminal_options terminal;

    /* while it runs */
    char *folder;      /* owned */
    struct grid *grid; /* owned */
    struct cJSON *run; /* owned; run.json */
    char error[MATRIX_ERROR];
};

/* Makes the folder and opens the grid. EXIT_HELD, or the code to end with:
 * with EXIT_WORLD there is a line in verb->error, with EXIT_USAGE one on stderr. */
int matrix_grid_open(struct matrix_verb *verb);

/* Takes in what the shards have finished, lines and scenarios; all must be there. Likewise. */
int matrix_grid_take(struct matrix_verb *verb);

/* Says so in verb->error. False. */
bool matrix_out_of_memory(struct matrix_verb *verb);

#endif
