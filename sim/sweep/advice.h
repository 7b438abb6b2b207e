/* What the points of a sweep say: of each combination of values that one chooses (a lock's times,
 * fencing), up to where of what befalls (a pause, a delay) the brain was never split, and what
 * that costs. The best of them is the one that bears most, and among those the one under which the
 * time without a leader is least; of equals it is the one with the shortest lease, which costs
 * least after a crash. A value counts as safe only if its trials could have shown a split brain,
 * and all of them can be judged. Under different protocols the time without a leader is not counted
 * alike: of those that bear as much, the best is of the protocol that was given first. */
#ifndef HUSTINGS_SWEEP_ADVICE_H
#define HUSTINGS_SWEEP_ADVICE_H

#include "sim/sweep/table.h"

/* What values of what befalls cost. */
struct price {
    int64_t leaderless_ns; /* p99 of a trial, the largest of their points */
    double takeovers;      /* false ones, a trial, the mean of them */
};

struct choice {
    size_t points; /* that are finished */
    size_t safe;   /* so many values of what befalls, from the first on, and never a split */
    /* Likewise, by all that is known: `safe`, until trials by other seeds show that it is less. It
     * is what a choice is ranked by. */
    size_t bears;
    bool tried;          /* these were run; see edge.h … */
    double reaches;      /* … and up to this size it was whole; 0: it was nowhere */
    bool weak;           /* but too few of them tested it: only if there is no other is it best */
    uint64_t refuted;    /* the brain was split in one of so many of these; 0: it was not … */
    double refuted_size; /* … at the least value of this size … */
    char refuted_at[SIZE_TEXT]; /* … "": nothing befalls */
    uint64_t split,
        of; /* at the value after the safe ones: trials with a split brain, of so many */
    uint64_t undecided, untested;     /* likewise: that cannot be judged, or tested nothing */
    uint64_t not_valid, points_there; /* likewise: points that are no valid scenario, of so many */
    uint64_t settings;    /* at the last safe one: of what else befalls, but for seeds */
    uint64_t behind;      /* trials of each there that tested it, all without a split brain */
    uint64_t tested, run; /* the fewest of a safe point that tested it, and how many were run */
    struct price *prices; /* of each value of what befalls that is safe; not owned */
    int64_t lease_ns;     /* how long its lease is; 0: it has none, or it is not known */
    const char *protocol; /* its name; NULL: it is not known */
};

struct advice {
    const struct points *points;
    size_t befalls;       /* the axis of which one says "up to"; AXES_MAX: there is none */
    size_t values;        /* it has; 1: there is none */
    struct choice *list;  /* owned */
    struct price *prices; /* owned: of all choices */
    size_t unread;        /* the number of a point that cannot be read, from 1; 0: there is none */
    size_t count, best;   /* `best` == `count`: none bears anything */
    bool tried_alone;     /* only those that were tried are ranked */
    bool weak;            /* so are those that are weak: there is no other */
    bool crashes;         /* a leader died in some trial: a long lease has its price */
    bool split;           /* some point had a split brain, or a trial by another seed */
};

/* All points must be finished, and no sample. advice_free() in any case. False: memory is out, or
 * `unread` cannot be read. */
bool advice_make(struct advice *advice, const struct points *points);
void advice_free(struct advice *advice);

/* With another seed the brain was split under a choice, in one of so many trials, at a value of
 * what befalls ("" if nothing does), of this size: it bears less than that. */
void advice_refute(struct advice *advice, size_t choice, const char *value, double size,
                   uint64_t trials);

/* Whether a choice of another protocol bears as much: which of them is better is not known. */
bool advice_rivals(const struct advice *advice, size_t choice);

/* What the first so many values of what befalls cost under a choice, as far as they are safe. */
struct price advice_price(const struct choice *choice, size_t values);

/* Ranks the choices anew: sets `best`. Of those that bear as many values of the grid, one that
 * reaches further between them is better. */
void advice_rank(struct advice *advice);

/* The values that a choice has on the axes that are chosen; on the others 0. */
void advice_values(const struct advice *advice, size_t choice, size_t values[AXES_MAX]);

/* "lock.token.ttl 2s, fencing true"; "" if nothing that is chosen varies. */
void advice_name(const struct advice *advice, size_t choice, char *out, size_t size);

#endif
