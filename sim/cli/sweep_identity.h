/* What makes a sweep another one: cells of one are never taken for cells of the other. */
#ifndef HUSTINGS_CLI_SWEEP_IDENTITY_H
#define HUSTINGS_CLI_SWEEP_IDENTITY_H

#include "sim/cli/sweep_told.h"

/* All that has a say in what comes of the cells, as text: words, scenario, tables of pauses and of
 * the network, version. The caller's to free(). NULL: memory is out. */
char *sweep_identity(const struct sweeping *sweeping);

#endif
