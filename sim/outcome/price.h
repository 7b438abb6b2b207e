/* The price of a split brain, where members work: for how long two of them led at once, by their
 * own words, and what came of that at the protected resource. Beliefs and effects differ, so both
 * are told. */
#ifndef HUSTINGS_OUTCOME_PRICE_H
#define HUSTINGS_OUTCOME_PRICE_H

#include "sim/outcome/outcome.h"

/* Over all trials: for how long two led, or were inside, at once; in how many trials. */
struct price_sum {
    int64_t overlap_ns;
    size_t trials, overlaps;
    struct work_count work;
};

/* Takes in a trial. */
void price_take(struct price_sum *sum, const struct scenario *scenario,
                const struct outcome *outcome);

#define PRICE_SIZE 640

/* "2 leaders at once for 450.0 ms; 3 stale writes got through." False: nobody works. */
bool price_sentence(const struct scenario *scenario, const struct price_sum *sum,
                    char out[PRICE_SIZE]);

#endif
