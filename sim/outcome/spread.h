/* How many times there are, and their percentiles: so many of them as you like in little memory.
 *
 * The first SPREAD_MAX different values are kept as they are, so the percentiles of so many are
 * exact. When there are more, values are rounded to whole µs, which is what is shown of them
 * anywhere; then, while too many are still different, to twice the unit again and again. A
 * percentile is then off by less than a unit, which is at most 1/12,000 of the distance from the
 * smallest value to the largest: 33 µs of 400 ms. The largest value is always exact. */
#ifndef HUSTINGS_OUTCOME_SPREAD_H
#define HUSTINGS_OUTCOME_SPREAD_H

#include "sim/outcome/times.h"

#define SPREAD_MAX 32768

/* A value, and how often it came. */
struct spread_value {
    int64_t ns;
    uint64_t times;
};

/* All zero: empty. */
struct spread {
    struct spread_value *list; /* owned: spread_free(); in any order, some perhaps twice */
    size_t count, capacity;
    bool in_order;       /* they are, and each is there once */
    int64_t unit_ns;     /* 0: nothing was rounded */
    uint64_t ended;      /* values that came, … */
    uint64_t never;      /* … and those that were FOREVER_NS, besides */
    int64_t smallest_ns; /* of those that ended */
    int64_t largest_ns;
};

/* What scenarios put bounds on: the percentiles of enum bound. */
struct ranks {
    int64_t ns[BOUNDS]; /* NEVER_NS: there was no value; FOREVER_NS ranks last */
};

/* Which percentile each enum bound is about: 50 to 100. */
extern const double bound_percents[BOUNDS];

/* Adds a value; NEVER_NS is none. False: memory is out, and it is not in. */
bool spread_add(struct spread *spread, int64_t ns);

/* Adds all of another one. False: memory is out, and not all are in. */
bool spread_merge(struct spread *into, const struct spread *from);

/* A percentile (nearest rank), if so many were FOREVER_NS; NEVER_NS: there was no value. Puts the
 * values in order. */
int64_t spread_percentile(struct spread *spread, uint64_t never, double p);

/* All of them, by what was added. */
struct ranks spread_ranks(struct spread *spread);

void spread_free(struct spread *spread);

#endif
