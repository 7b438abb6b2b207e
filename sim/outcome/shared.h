/* What the outcomes of many trials have in common is kept once, so that a run of a million trials
 * needs little memory for each. */
#ifndef HUSTINGS_OUTCOME_SHARED_H
#define HUSTINGS_OUTCOME_SHARED_H

#include "sim/outcome/outcome.h"

/* What is shared: each way in which the checks ended, and each order of leaders, that was seen; and
 * the memory of packed elections. */
struct shared;

/* NULL: memory is out. */
struct shared *shared_new(void);

/* Before this, the outcomes that share its parts are freed. */
void shared_free(struct shared *shared);

/* How much of an outcome is kept. */
enum keep_outcome {
    KEEP_WHOLE, /* all of it is told */
    KEEP_SMALL  /* what is told of many trials together: its elections packed (packed.h), and of its
                   violations those that are the first of a check */
};

/* Makes a finished outcome smaller: its checks and its leaders become those that an earlier one had
 * as well. Of a small one the violations are dropped if each of their checks was broken in an
 * earlier one; which checks were broken is still told by `checks`. What there is no memory to share
 * stays its own. */
void shared_take(struct shared *shared, struct outcome *outcome, enum keep_outcome keep);

#endif
