/* What the figures of a sweep do not show. */
#ifndef HUSTINGS_SWEEP_LEFT_OUT_H
#define HUSTINGS_SWEEP_LEFT_OUT_H

#include <stdio.h>

#include "sim/scenario/scenario.h"
#include "sim/sweep/advice.h"

/* Lines: which question the advice leaves open, and what to add to the scenario to answer it. */
void left_out_tell(FILE *file, const struct advice *advice, const struct scenario *scenario);

#endif
