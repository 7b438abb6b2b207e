/* The picture of a sweep: what a choice costs. To the right, how often another was elected although
 * the leader lived; upwards, for how long nobody led; red is where the brain was split. */
#ifndef HUSTINGS_SWEEP_CURVE_H
#define HUSTINGS_SWEEP_CURVE_H

#include "sim/sweep/table.h"

/* The picture as SVG; the caller's to free(). NULL: memory is out. Of more than CURVE_POINTS_MAX
 * points the first ones are drawn, and the picture says so. */
#define CURVE_POINTS_MAX 5000
char *curve_draw(const struct points *points, const char *name, size_t *length);

#endif
