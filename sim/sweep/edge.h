/* Up to where a choice really bears what befalls: the edge between the last value of the grid that
 * was safe and the first that was not, found by halving, and confirmed with many more trials, by
 * another seed than that of the grid and of the halving; and so, by fewer trials, are the lesser
 * values of the grid, for what befalls longer does not always hurt more. What these trials show
 * counts: the choices are ranked by it again, and the next best is tried, until the best of all is
 * one that was confirmed. */
#ifndef HUSTINGS_SWEEP_EDGE_H
#define HUSTINGS_SWEEP_EDGE_H

#include "sim/sweep/advice.h"
#include "sim/sweep/sweep.h"

#define EDGE_TRIALS 10000
/* So many choices are tried at most. */
#define EDGE_CHOICES 16

struct edge {
    bool found;             /* a value was confirmed */
    bool gave_up;           /* EDGE_CHOICES were tried, and by the grid another one is better */
    char value[SIZE_TEXT];  /* of what befalls, as it was tried; "" if nothing does */
    char broken[SIZE_TEXT]; /* the least value that was seen to break, likewise; "": none was */
    uint32_t failed;        /* values that were to be confirmed, of any choice, and were not */
    uint32_t run, asked;    /* trials that were run of each setting, and that were asked for */
    uint64_t trials;        /* those that tested it, and confirm it: in each the brain was whole */
    uint64_t lesser_trials; /* by so many each … */
    size_t lesser;          /* … so many lesser values of the grid were confirmed, too */
    size_t settings;        /* of the other axes of what befalls: each had so many trials */
    int64_t leaderless_ns;  /* p99 of those that confirm it */
    uint64_t seed;          /* of the trials that confirm it, and of no others */
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

/* Finds it for the best choice that holds. TRIAL_RAN, with `edge->found` or not: then no choice is
 * best; or why it ended early, with what was refuted until then. */
enum trial_end edge_find(const struct edge_work *work, struct edge *edge, char *error);

/* The words of the best choice at a value of what befalls, "" if nothing does; the other axes have
 * their last values, but there is no seed among them. `room` holds one of the words. Returns how
 * many. */
#define EDGE_WORD 300
size_t edge_words(const struct advice *advice, const char *value, const char *words[AXES_MAX],
                  char room[EDGE_WORD]);

/* Of so many trials none broke: with 95 % confidence, fewer than this share of all do. */
double edge_bound(uint64_t trials);

/* The same as percent, "0.03": two digits, rounded up, for it is a bound. Returns `out`. */
char *edge_bound_text(uint64_t trials, char out[16]);

#endif
