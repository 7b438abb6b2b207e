/* What is known of the scenarios of two results folders while they are compared. */
#ifndef HUSTINGS_COMPARE_COMPARED_H
#define HUSTINGS_COMPARE_COMPARED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/compare/sample.h"
#include "sim/outcome/times.h"

enum side { SIDE_A, SIDE_B, SIDES };

enum kind {
    KIND_LEADERS,  /* an order in which leaders were published ("1 4 3"), among trials */
    KIND_CHECKS,   /* a check that was broken, among the trials in which that is known */
    KIND_VERDICTS, /* how elections were judged, among elections */
    KINDS
};
extern const char *const compared_names[KINDS]; /* "leaders", … */

/* `name` was so often seen. */
struct share {
    char *name;
    size_t count[SIDES];
    size_t unknown[SIDES]; /* checks: trials in which they could not fire, or nobody can tell */
    uint64_t last[SIDES];  /* checks: the trial that was counted last */
    size_t of[SIDES];      /* matched: `count` of so many */
    double chance;         /* matched: chance_of(); below 0: not compared */
};
struct shares {
    struct share *list; /* matched: those that were seen; leaders the most frequent first */
    size_t count, capacity;
};

struct trial_seen {
    uint64_t number;
    char *leaders; /* whom published results named, in order, repeats as one; NULL: nobody */
};
struct trials {
    struct trial_seen *list; /* ascending */
    size_t count, capacity;
    size_t at;        /* where the last one was found */
    size_t undecided; /* left out */
};

struct compared {
    char *scenario;
    struct trials trials[SIDES];
    size_t elections[SIDES];
    struct shares shares[KINDS];
    struct sample times[ELECTION_TIMES][SIDES]; /* ns; FOREVER_NS: never. Matched: ascending */
};

/* Owned by the caller: comparison_free(). Start with a zeroed one. */
struct comparison {
    const char *folder[SIDES];
    struct compared *list; /* matched: those in both folders, in A's order, come first */
    size_t count, capacity;
    size_t both;     /* matched: how many are in both */
    size_t tests;    /* matched: how many chances were computed */
    char error[512]; /* one line */
};

/* The scenario of this name, made if it is not there. NULL: memory is out. */
struct compared *comparison_scenario(struct comparison *comparison, const char *name);

/* The share of this name, made if it is not there. NULL: memory is out. */
struct share *shares_of(struct shares *shares, const char *name);

void comparison_free(struct comparison *comparison);

#endif
