/* The picture of a sweep: what a choice costs. To the right, how often another was elected although
 * the leader lived; upwards, for how long nobody led (p99 of the trials). Red is where the brain
 * was split, hollow where that is unknown. Dots that lie together share their names. */
#ifndef HUSTINGS_SWEEP_CURVE_H
#define HUSTINGS_SWEEP_CURVE_H

#include "sim/sweep/table.h"

/* Writes the picture as SVG. False: memory is out, or it could not be written. Of more than
 * CURVE_POINTS_MAX points the first ones are drawn, and the picture says so. */
#define CURVE_POINTS_MAX 5000
bool curve_draw(const struct points *points, const char *name, FILE *file);

#endif
