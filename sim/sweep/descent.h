/* Finds up to where the best choice bears what befalls: between the last value of the grid that was
 * safe and the next one, at which the brain was split, by halving; then that value must pass the
 * test of the many trials. If it does not, it takes the largest value of the grid that does, found
 * by halving the grid, and goes up again from there. So there are few tests, whatever the grid. */
#ifndef HUSTINGS_SWEEP_DESCENT_H
#define HUSTINGS_SWEEP_DESCENT_H

#include "sim/sweep/trying.h"

/* `at`: the place of the last value that was safe; `split`: at the next the brain was split. Fills
 * search->edge: `found`, or none passes, or it ended early. */
void descent_find(struct search *search, size_t at, bool split);

#endif
