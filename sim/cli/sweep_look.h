/* The points of a sweep, looked at before any runs. */
#ifndef HUSTINGS_CLI_SWEEP_LOOK_H
#define HUSTINGS_CLI_SWEEP_LOOK_H

#include "sim/cli/sweep_told.h"

/* Loads the scenario at every point (of very many: at some that lie at equal distances). The first
 * one that is valid becomes `sweeping->base`. Of those that are not, says so on stderr: they will
 * not be run. False after a line on stderr: none is valid, or one may not run here, unless
 * `merges`: shards that are merged run nothing any more. */
bool sweep_look(struct sweeping *sweeping, bool merges);

#endif
