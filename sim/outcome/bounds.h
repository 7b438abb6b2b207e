/* Bounds on the times of elections: `expect: {elect_ms: {p99: 500}}`.
 *
 * A bound is met by elections that came to their end in time. What never did is beyond every bound
 * that it waited for; what was withdrawn, or censored before the bound had passed, is left out and
 * counted. A superseded election's clock runs on into the next one, so times are counted from
 * since_ns here, not from due_ns.
 *
 * Whether a bound is met is exact, however many elections there are; what a percentile was, as it
 * is told, is as exact as spread.h says. */
#ifndef HUSTINGS_OUTCOME_BOUNDS_H
#define HUSTINGS_OUTCOME_BOUNDS_H

#include "sim/outcome/spread.h"

/* A trial that is to blame. */
struct guilty {
    uint32_t trial; /* 0: all of them together */
    uint64_t seed;
};

/* What one bound has seen of the elections so far. */
struct bound_count {
    size_t beyond; /* came to their end, but later */
    size_t never;  /* waited for longer, and in vain */
    size_t open;   /* were not waited for so long */
};

/* What the bounds on one time have seen of the elections so far. All zero to begin with; `times` is
 * to be freed. */
struct bound_watch {
    struct spread times;     /* of those that came to their end */
    int64_t seen_ns[BOUNDS]; /* after bound_watch_end(): the percentiles */
    size_t withdrawn, superseded;
    struct bound_count of[BOUNDS];
    /* For `max`: the one that took longest, if there is one. */
    bool has_longest;
    struct guilty guilty;
    uint32_t nth;
    int64_t since_ns, longest_ns;
};

/* Takes in the elections of a trial that can be judged. False: memory is out. */
bool bound_watch(struct bound_watch *watch, const struct percentile_bounds *bounds,
                 enum election_time time, const struct outcome *outcome);

/* All trials have come. */
void bound_watch_end(struct bound_watch *watch);

enum bound_verdict { BOUND_MET, BOUND_BROKEN, BOUND_UNDECIDED };

struct bound_finding {
    enum bound_verdict verdict;
    struct guilty guilty; /* who broke it */
    bool trials_are_why;  /* it is undecided since trials are, as a whole */
    char text[280];       /* "elect_ms: max was expected to be at most …, but …" */
};

/* A bound on one time. */
struct bound_case {
    enum election_time time;
    enum bound rank;
    int64_t bound_ns;
};

/* Whether a bound on all elections of all trials together is met. Without any election that came to
 * an end it is not: an expectation that cannot fail is worth nothing. It is undecided if all were
 * censored, or if some of the trials are undecided as a whole and none of the others breaks it
 * alone. */
void bound_judge(const struct bound_watch *watch, struct bound_case of, size_t trials,
                 size_t undecided, struct bound_finding *finding);

/* Whether there is any bound. */
bool is_bounded(const struct percentile_bounds *bounds);

/* Whether the elections of one trial, which is decided, meet the bounds that each of them must
 * meet: `max`. */
bool bounds_hold_in(const struct expectations *expect, const struct outcome *outcome);

#endif
