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

#define ALL_CAUSES CAUSES

/* The ranks of the elections of one cause, or ALL_CAUSES, of all trials that can be judged (not
 * those that are undecided as a whole). Returns how many; `*times` is the caller's to free(), NULL
 * when there are none. False in `*ok` when memory is out. */
size_t election_times(const struct outcome *outcomes, size_t count, uint8_t cause,
                      enum election_time time, int64_t **times, bool *ok);

/* Exact percentile (nearest rank) of `count` values, p from 0 to 100; NEVER_NS if there are none.
 * Sorts `values`: FOREVER_NS ranks last. */
int64_t percentile(int64_t *values, size_t count, double p);

#endif
