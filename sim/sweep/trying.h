/* Tries a value of what befalls the best choice, in all settings. */
#ifndef HUSTINGS_SWEEP_TRYING_H
#define HUSTINGS_SWEEP_TRYING_H

#include "sim/sweep/confirmed.h"

/* A value of what befalls. */
struct value {
    double size;
    char text[SIZE_TEXT]; /* as it is typed, and told */
};

/* What a lesser value costs. */
struct lesser {
    struct value value;
    int64_t leaderless_ns; /* p99 of its trials */
};

/* So many are kept. Of any more the dearest stands for all of them. */
#define LESSER_KEPT 128

struct search {
    const struct edge_work *work;
    const struct axis *axis; /* of what befalls; NULL: there is none */
    struct edge *edge;       /* of the choice that is tried */
    enum trial_end end;
    char *error;
    uint32_t seeds; /* were drawn */
    uint64_t halving_seed;
    bool split;             /* at the value that was tried last; if it did not hold, and was not
                             * split there, it cannot be known */
    bool high_split;        /* at the least value that failed, likewise */
    uint32_t tests, failed; /* values that were tried by the many trials; that did not hold then */
    double lesser_held;     /* lesser values up to this size held; -1: none was tried */
    struct lesser lesser[LESSER_KEPT]; /* those that were tried and held, the least first */
    size_t lesser_count;
};

/* Another seed than all before. */
uint64_t search_seed(struct search *search);

/* Whether the brain stays whole at a value, in all settings. False, too, if it ends early. */
bool search_holds(struct search *search, const struct value *value, uint32_t trials, uint64_t seed);

/* The same in the many trials, of a seed of their own: one test more. */
bool search_passes(struct search *search, const struct value *value);

/* Keeps what a value costs that held just now, larger than all that are kept. */
void search_keep_price(struct search *search, const struct value *value);

/* Sets the price of what passed just now: a lesser value that held may cost more. */
void search_set_price(struct search *search, const struct value *value);

#endif
