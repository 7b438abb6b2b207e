/* How long elections took, and percentiles over many of them. */
#ifndef HUSTINGS_OUTCOME_TIMES_H
#define HUSTINGS_OUTCOME_TIMES_H

#include "sim/outcome/outcome.h"

/* The two times of an election, both counted from when it became due.
 *
 * Percentiles and bounds are about the elections that have come to their end, published or settled,
 * and those that never did, which rank last. The others are left out: nothing more was to come of
 * them (withdrawn, superseded), or the trial ended too early to tell (censored). */
enum election_time {
    TIME_ELECT,  /* until the result was published: elect_ms */
    TIME_SETTLE, /* until every live process followed it: settle_ms */
    ELECTION_TIMES
};
extern const char *const election_time_names[ELECTION_TIMES]; /* "elect_ms", … */

/* NEVER_NS: did not happen. */
int64_t election_time_ns(const struct election *election, enum election_time time);

/* In microseconds, to the nearest: ms with three decimals are whole ones of these. */
int64_t time_us(int64_t ns);

/* The same; FOREVER_NS: it never came to its end. NEVER_NS: it is left out. */
int64_t election_rank_ns(const struct election *election, enum election_time time);

/* Which of `count` values in order is their percentile (nearest rank), p from 0 to 100: from 1. */
uint64_t nearest_rank(uint64_t count, double p);

/* Exact percentile (nearest rank) of `count` values, p from 0 to 100; NEVER_NS if there are none.
 * Sorts `values`: FOREVER_NS ranks last. */
int64_t percentile(int64_t *values, size_t count, double p);

#endif
