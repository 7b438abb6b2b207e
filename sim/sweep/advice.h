/* What the points of a sweep say: of each combination of values that one chooses (a lock's times,
 * fencing), up to where of what befalls (a pause, a delay) the brain was never split, and what
 * that costs. The best of them is the one that bears most, and among those the one under which the
 * time without a leader is least; of equals it is the one with the shortest lease, which costs
 * least after a crash. A value counts as safe only if its trials could have shown a split brain,
 * and all of them can be judged. */
#ifndef HUSTINGS_SWEEP_ADVICE_H
#define HUSTINGS_SWEEP_ADVICE_H

#include "sim/sweep/table.h"

struct choice {
    size_t points;      /* that are finished */
    size_t safe;        /* so many values of what befalls, from the first on, and never a split */
    uint64_t split, of; /* at the next one: trials with a split brain, of so many */
    uint64_t undecided, untested; /* likewise: that cannot be judged, or tested nothing */
    bool not_valid;               /* likewise: it is no valid scenario */
    uint64_t behind; /* trials at the last safe one that tested it, all without a split brain */
    int64_t leaderless_ns; /* p99 of a trial, the largest of its safe points */
    double takeovers;      /* false ones, a trial, likewise the mean */
    int64_t lease_ns;      /* how long its lease is; 0: it has none, or it is not known */
    uint64_t refuted;    /* with another seed the brain was split in one of so many trials; 0: no */
    char refuted_at[40]; /* the value of what befalls there; "": there is none */
};

struct advice {
    const struct points *points;
    size_t befalls;      /* the axis of which one says "up to"; AXES_MAX: there is none */
    size_t values;       /* it has; 1: there is none */
    struct choice *list; /* owned */
    size_t count, best;  /* `best` == `count`: none bears anything, or all were refuted */
    bool crashes;        /* a leader died in some trial: a long lease has its price */
    bool split;          /* some point, or a trial that was to confirm one, had a split brain */
};

/* All points must be finished, and no sample. advice_free() in any case. False: memory is out. */
bool advice_make(struct advice *advice, const struct points *points);
void advice_free(struct advice *advice);

/* The best choice is none: with another seed the brain was split, at a value of what befalls, in
 * one of so many trials. The next best takes its place. */
void advice_refute(struct advice *advice, const char *value, uint64_t trials);

/* The values that a choice has on the axes that are chosen; on the others 0. */
void advice_values(const struct advice *advice, size_t choice, size_t values[AXES_MAX]);

/* "lock.token.ttl 2s, fencing true"; "" if nothing that is chosen varies. */
void advice_name(const struct advice *advice, size_t choice, char *out, size_t size);

#endif
