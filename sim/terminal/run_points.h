/* The points of a run that may have been stopped. */
#ifndef HUSTINGS_TERMINAL_RUN_POINTS_H
#define HUSTINGS_TERMINAL_RUN_POINTS_H

#include "sim/outcome/points.h"
#include "sim/terminal/terminal.h"

/* Puts the point "trials: all ran" before the others: an error if something stopped the scenario.
 * Then what did not fail is skipped; so is all, with that point, of one that has not begun. Of one
 * that was refused, nothing else is known. `stop` NULL: all ran. */
void points_of_run(struct points *points, const struct stop *stop);

#endif
