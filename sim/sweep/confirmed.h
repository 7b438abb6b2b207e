/* What was confirmed of a choice, and what it takes to do so. See edge.h. */
#ifndef HUSTINGS_SWEEP_CONFIRMED_H
#define HUSTINGS_SWEEP_CONFIRMED_H

#include "sim/sweep/advice.h"
#include "sim/sweep/sweep.h"

struct edge {
    bool found;             /* a value was confirmed */
    bool gave_up;           /* EDGE_CHOICES were tried, and another one may be better */
    char value[SIZE_TEXT];  /* of what befalls, as it was tried; "" if nothing does */
    double size;            /* likewise; 0: nothing does */
    char broken[SIZE_TEXT]; /* the least value that was seen to break, likewise; "": none was */
    uint32_t tests;         /* by the many trials, until its own and with it; see edge_bound() */
    uint32_t failed;     /* of these, of whichever choice, and also later ones: those that failed */
    uint32_t run, asked; /* trials that were run of each setting, and that were asked for */
    uint64_t trials;     /* those that tested it, and confirm it: in each the brain was whole */
    uint64_t lesser_trials; /* by so many each … */
    size_t lesser;          /* … so many lesser values were confirmed, too */
    size_t settings;        /* of the other axes of what befalls: each had so many trials */
    int64_t leaderless_ns;  /* p99 of those of a value, the most of it and of all lesser ones … */
    char leaderless_at[SIZE_TEXT]; /* … under this one; "": under its own */
    uint64_t seed;                 /* of the trials that confirm it, and of no others */
};

struct edge_work {
    struct advice *advice; /* what the trials show of a choice is noted there, `best` among it */
    uint32_t jobs, trials; /* `trials`: EDGE_TRIALS */
    uint64_t seed;         /* of the sweep; the trials have others, drawn by it */
    void *self;
    /* Runs trials with values set, as sweep_load() and sweep_run() do. */
    enum trial_end (*run)(void *self, const struct set_words *words,
                          const struct sweep_trials *trials, struct point_sum *sum, char *error);
    /* Before each value that is tried. May be NULL. */
    void (*tries)(void *self, const char *value);
};

#endif
