/* Up to where a choice really bears what befalls: the edge between the last value of the grid that
 * was safe and the first that was not, found by halving, and confirmed with many more trials, by
 * another seed than that of the grid; and so, by fewer trials, are the lesser values of the grid,
 * for what befalls longer does not always hurt more. */
#ifndef HUSTINGS_SWEEP_EDGE_H
#define HUSTINGS_SWEEP_EDGE_H

#include "sim/sweep/advice.h"
#include "sim/sweep/sweep.h"

#define EDGE_TRIALS 10000

struct edge {
    bool found;      /* a value was confirmed */
    char value[40];  /* of what befalls; "" if nothing does */
    char broken[40]; /* the least value that was seen to break; "": none was */
    uint64_t trials; /* that tested it and confirm it: in each of them the brain was whole; or, if
                         * it was not found, all until it was split */
    size_t lesser;   /* so many lesser values of the grid were confirmed, too … */
    uint64_t lesser_trials; /* … each by so many trials */
    bool split;             /* if it was not found: the brain was split; else it is not known */
    int64_t leaderless_ns;  /* p99 of these */
    size_t settings;        /* of the other axes of what befalls: so many times those trials */
    uint64_t seed;          /* of these trials */
};

struct edge_work {
    const struct sweep *sweep;
    const struct advice *advice;
    uint32_t jobs, trials; /* `trials`: EDGE_TRIALS */
    void *self;
    /* Before each value that is tried. False: stop. May be NULL. */
    bool (*goes_on)(void *self, const char *value);
};

/* Whether the settings of the other axes of what befalls are few enough that all of them can be
 * tried. Else nothing is confirmed: some of them alone would say nothing of the rest. */
bool edge_can_be_tried(const struct advice *advice);

/* Finds it for the best choice, which edge_can_be_tried(). TRIAL_RAN, with `edge->found` or not; or
 * why it ended early. */
enum trial_end edge_find(const struct edge_work *work, struct edge *edge, char *error);

/* The words of the best choice at a value of what befalls, "" if nothing does; the other axes have
 * their last values. `room` holds one of the words. Returns how many. */
#define EDGE_WORD 300
size_t edge_words(const struct advice *advice, const char *value, const char *words[AXES_MAX],
                  char room[EDGE_WORD]);

/* Of so many trials none broke: with 95 % confidence, fewer than this share of all do. */
double edge_bound(uint64_t trials);

/* The same as percent, "0.03": two digits, rounded up, for it is a bound. Returns `out`. */
char *edge_bound_text(uint64_t trials, char out[16]);

#endif
