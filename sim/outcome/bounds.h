/* Bounds on the times of elections: `expect: {elect_ms: {p99: 500}}`.
 *
 * A bound is met by elections that came to their end in time. What never did is beyond every bound
 * that it waited for; what was withdrawn, or censored before the bound had passed, is left out and
 * counted. A superseded election's clock runs on into the next one, so times are counted from
 * since_ns here, not from due_ns. */
#ifndef HUSTINGS_OUTCOME_BOUNDS_H
#define HUSTINGS_OUTCOME_BOUNDS_H

#include "sim/outcome/times.h"

enum bound_verdict { BOUND_MET, BOUND_BROKEN, BOUND_UNDECIDED };

struct bound_finding {
    enum bound_verdict verdict;
    const struct outcome *guilty; /* the trial that broke it; NULL: all of them together */
    bool trials_are_why;          /* it is undecided since trials are, as a whole */
    char text[280];               /* "elect_ms: max was expected to be at most …, but …" */
};

/* Which percentile each enum bound is about: 50 to 100. */
extern const double bound_percents[BOUNDS];

/* Whether a bound on all elections of all trials together is met. Without any election that came to
 * an end it is not: an expectation that cannot fail is worth nothing. It is undecided if all were
 * censored, or if some trial as a whole is undecided and none of the others breaks it alone; or
 * when memory is out. */
void bound_judge(const struct outcome *outcomes, size_t count, enum election_time time,
                 enum bound rank, int64_t bound_ns, struct bound_finding *finding);

/* Whether the elections of one trial, which is decided, meet the bounds that each of them must
 * meet: `max`. */
bool bounds_hold_in(const struct expectations *expect, const struct outcome *outcome);

#endif
