/* What one `hustings matrix` does. */
#ifndef HUSTINGS_CLI_MATRIX_RUN_H
#define HUSTINGS_CLI_MATRIX_RUN_H

#include "sim/cli/matrix_grid.h"

/* Makes the folder, runs the cells that are not finished in it, tells what came of all of them.
 * Returns the exit code. */
int matrix_verb_run(struct matrix_verb *verb);

#endif
