/* Which points a sweep looks at: all combinations of the values of its axes, the last axis varying
 * fastest, or a sample of them. */
#ifndef HUSTINGS_SWEEP_PLAN_H
#define HUSTINGS_SWEEP_PLAN_H

#include <stdint.h>

#include "sim/sweep/axis.h"

struct plan {
    const struct axes *axes; /* borrowed */
    size_t cells;
    uint64_t *sample; /* owned; which combinations, ascending; NULL: all */
};

/* `sample` 0: all; else so many of them, drawn by the seed (all, if there are no more). False with
 * one line in `why`: there are too many, or memory is out. */
bool plan_make(struct plan *plan, const struct axes *axes, size_t sample, uint64_t seed, char *why,
               size_t size);
void plan_free(struct plan *plan);

/* Which value each axis has in a cell. */
void plan_values(const struct plan *plan, size_t cell, size_t values[AXES_MAX]);

/* The same as words for scenario/set.h; borrowed from the axes. Returns how many. */
size_t plan_words(const struct plan *plan, size_t cell, const char *words[AXES_MAX]);

#endif
