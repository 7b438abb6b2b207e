/* One line on the screen: how far a grid is, and how long it will take.
 *
 *     sweep  37 of 48 cells  ━━━━━━━━━━━━━━━━━━━━━──────  1,204 trials a second  12 s left
 */
#ifndef HUSTINGS_GRID_ETA_H
#define HUSTINGS_GRID_ETA_H

#include "sim/grid/grid_run.h"

/* Writes the line over the last one (on a terminal: carriage return, erase) to `to`. */
void eta_show(FILE *to, const char *kind, const struct grid_progress *progress);

/* Takes the line away. */
void eta_erase(FILE *to);

/* "12 s", "3 min 20 s", "1 h 5 min" into `out`; "?" while nothing is known. Returns `out`. */
char *eta_text(const struct grid_progress *progress, char *out, size_t size);

#endif
