/* The points of a sweep on the screen. */
#ifndef HUSTINGS_SWEEP_TOLD_POINTS_H
#define HUSTINGS_SWEEP_TOLD_POINTS_H

#include "sim/sweep/table.h"
#include "sim/terminal/terminal.h"

/* "Sweep of NAME: 40 points of 200 trials"; and, if there are not too many, a line for each point,
 * and what the signs in it mean. */
void told_points(const struct terminal_options *options, const char *name,
                 const struct points *points, uint32_t trials);

#endif
