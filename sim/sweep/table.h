/* sweep.csv: a row for each point, the keys that vary as columns, then the figures. */
#ifndef HUSTINGS_SWEEP_TABLE_H
#define HUSTINGS_SWEEP_TABLE_H

#include "sim/sweep/plan.h"
#include "sim/sweep/point.h"

/* Where the points of a sweep are read from: one after the other, so that there may be many. */
struct points {
    const struct plan *plan;
    void *self;
    /* False: the cell is not finished, or its values make no valid scenario; then `point->why` says
     * why, else it is "". */
    bool (*read)(void *self, size_t cell, struct point *point);
    /* How long the lease of a cell is, and the name of its protocol; leaves both alone if there is
     * none, or it is no valid scenario. NULL: nobody knows. */
    void (*look)(void *self, size_t cell, int64_t *lease_ns, const char **protocol);
};

/* Writes the table to `path`, of the cells that are finished: those that are no
 * valid scenario have no figures, and say why. False: errno says why. */
bool table_write(const struct points *points, const char *path);

/* Writes what describes the table to programs into its folder (results/describing.h). False with
 * one line in `error`. */
bool table_describe(const struct axes *axes, const char *folder, char *error, size_t error_size);

#endif
