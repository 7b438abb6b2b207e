/* The axes of a sweep: keys of a scenario, each with the values that it is to have.
 *
 *     lock.token.ttl=500ms,1s,2s          these, in this order
 *     faults.1.for=100ms..10s/log8        eight, from 100 ms to 10 s, each so many times the last
 *     nodes=3..9/4                        four, at equal distances
 *     protocol.lease={duration: 3s, renew_deadline: 2s},{duration: 6s, renew_deadline: 4s}
 *
 * A comma within brackets or quotes is part of a value. Values of a range are rounded to three
 * digits, or to as many more as make them differ, or to whole numbers if its ends are such; both
 * ends are exact.
 */
#ifndef HUSTINGS_SWEEP_AXIS_H
#define HUSTINGS_SWEEP_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/sweep/range.h"

#define AXES_MAX 16
#define AXIS_VALUES_MAX RANGE_VALUES_MAX

struct axis {
    char *key;    /* "faults.1.for" */
    char *column; /* of sweep.csv: the key, "faults.1.for_ms" if its values are times */
    char **words; /* "faults.1.for=100ms", as scenario/set.h takes them */
    size_t count; /* of values; 1: it does not vary */
    /* Whoever runs the service chooses it (a lock's times, fencing); else it befalls them (faults,
     * pauses, the network). */
    bool chosen;
    /* Its values are numbers or times, each larger than the last, and a larger one is worse if
     * it makes a difference (the list is in axis.c): one may say "up to". */
    bool ascends;
    bool grows_worse; /* the same, but that its values need not ascend */
    bool is_time;     /* they are times */
    bool measured;    /* all of them are numbers or times … */
    /* … and this is how large: a number, or ns. The last may be misspelt ("24h", "1e0s") and larger
     * than all (INFINITY): their points are not run. NULL: others are neither. */
    double *sizes;
};

struct axes {
    struct axis list[AXES_MAX];
    size_t count;
};

/* Adds one, "KEY=VALUES". False with one line in `why`. axes_free() in any case. */
bool axes_add(struct axes *axes, const char *text, char *why, size_t size);
void axes_free(struct axes *axes);

/* The value at `index` of an axis, as typed. */
const char *axis_value(const struct axis *axis, size_t index);

#endif
