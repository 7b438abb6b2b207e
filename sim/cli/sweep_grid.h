/* The folder of a sweep, and the grid in it. What makes a sweep another one is in it as a digest:
 * cells of one are never taken for cells of the other. */
#ifndef HUSTINGS_CLI_SWEEP_GRID_H
#define HUSTINGS_CLI_SWEEP_GRID_H

#include "sim/cli/sweep_told.h"

/* Makes the folder, opens the grid, takes in shards that are merged, and leaves beside it what says
 * how it came about. EXIT_HELD, or the code to end with, after a line on stderr. */
int sweep_grid_open(struct sweeping *sweeping);

/* Says one line on stderr. False. */
bool sweep_say(const struct sweeping *sweeping, const char *what);

#endif
