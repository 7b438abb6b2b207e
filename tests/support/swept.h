/* A sweep over trials that need no model: which of them are split is written down. */
#ifndef HUSTINGS_TESTS_SUPPORT_SWEPT_H
#define HUSTINGS_TESTS_SUPPORT_SWEPT_H

#include "sim/sweep/words.h"

#define SEEDS_MAX 1000

/* What the trials of a search find. */
struct world {
    const char *split;   /* "KEY=VALUE" with which the brain is split in every trial */
    uint64_t split_in;   /* that trial, of those in which it is; 0: the seventh */
    double from;         /* likewise, from this size of what befalls on; 0: of none … */
    double until;        /* … but no more from this size on; 0: for ever */
    const char *under;   /* … if the first key has this value; NULL: any */
    double rare_from;    /* from this size on it is split in so few trials that 1,000 show none */
    double undecided_at; /* at this size of it alone one trial cannot be judged; 0: of none */
    uint64_t untested;   /* of the other trials */
    const char *untests; /* … if the first key has this value; NULL: any */
    uint64_t ends_after; /* so many runs it is interrupted; 0: it is not */
    double dear_at;      /* at this size of it alone nobody leads for 9 s; else for 1 s */
    uint64_t runs, confirmations, seeds[SEEDS_MAX];
    size_t seed_count, seeds_again; /* seeds that confirm, and were there before */
    bool fractions;                 /* some value was no whole number */
};

/* A sweep: its grid, what was found, and in which words. */
struct swept {
    struct axes axes;
    struct plan plan;
    struct points points;
    struct advice advice;
    struct edge edge;
    char *text;
    /* By the grid: of values of what befalls from this place on, so many seconds without a leader
     * for one; 0: all cost alike, the first choice 1 s, the second 2 s … */
    size_t dear_from;
    int64_t dear;
    bool protocols;          /* the choices are of one each, by the value … */
    size_t protocol_axis;    /* … of this axis */
    const char *const *rows; /* of each choice a letter for each value of what befalls; NULL: . */
};

/* Sweeps keys ("KEY=VALUES", up to NULL) with all trials of a world. Of `swept`, which is else all
 * zero, the letters count, and whether it has protocols. swept_free() it. */
enum trial_end sweep_with(struct swept *swept, struct world *world, const char *const *keys);

/* The same with a grid in which no point is split; it must not end early. */
void sweep_of(struct swept *swept, struct world *world, const char *const *keys);

void swept_free(struct swept *swept);

/* Fails the test if its words have not these among them. */
void swept_says(const struct swept *swept, const char *told);

#endif
