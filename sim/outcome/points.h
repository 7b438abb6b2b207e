/* Points: every expectation of a scenario as one thing that held or did not; what the machine
 * formats, run.json and the report tell.
 *
 * Whether a point held is judge()'s word alone: a point fails if its expectation is unmet, and is
 * undecided if it is open. If more are unmet than judge() keeps, that is a point of its own.
 */
#ifndef HUSTINGS_OUTCOME_POINTS_H
#define HUSTINGS_OUTCOME_POINTS_H

#include "sim/outcome/trials.h"

#define POINTS_MAX (1 + SCENARIO_CHECKS_MAX + VERDICTS + 1 + 2 * BOUNDS + TOTALS + 4)

struct point {
    char name[64];       /* "dead_leader", "elect_ms p99" */
    char expected[64];   /* "always", "at most 500 ms"; may be empty */
    char seen[80];       /* "1 of 3 trials", "412.0 ms"; empty if nothing could be */
    const char *failure; /* NULL: it held; otherwise what broke, in a sentence */
    bool undecided;      /* it is not known whether it held: `failure` says why */
    bool error;          /* it could not be put to the test: `failure` says why */
    const char *skipped; /* not NULL: it was not judged, or not put to the test, as this says */
    const struct unmet *unmet; /* the expectation behind it; may be NULL even if it failed */
};

struct points {
    size_t count;
    size_t failed;    /* the undecided ones are among them: nobody is to take them for held */
    size_t undecided; /* of these */
    size_t errors;    /* likewise */
    size_t skipped;   /* not among them */
    struct point list[POINTS_MAX];
};

/* The points of a scenario whose trials were judged so. What nothing in any trial could have broken
 * is skipped, not held. `trials` NULL: which points there will be. */
void points_make(const struct scenario *scenario, const struct trials *trials,
                 const struct judgement *judgement, struct points *points);

/* Counts them anew, after somebody changed the list. */
void points_count(struct points *points);

#endif
