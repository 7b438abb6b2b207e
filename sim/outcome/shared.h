/* What the outcomes of many trials have in common is kept once, so that a run of a million trials
 * needs little memory for each. */
#ifndef HUSTINGS_OUTCOME_SHARED_H
#define HUSTINGS_OUTCOME_SHARED_H

#include "sim/outcome/outcome.h"

/* What is shared: each way in which the checks ended, and each order of leaders, that was seen. */
struct shared;

/* NULL: memory is out. */
struct shared *shared_new(void);

/* Before this, the outcomes that share its parts are freed. */
void shared_free(struct shared *shared);

/* Whose violations are kept. */
enum keep_violations {
    KEEP_ALL_VIOLATIONS,
    KEEP_FIRST_VIOLATIONS /* of the first trials in which each check was broken */
};

/* Makes a finished outcome smaller: its checks and its leaders become those that an earlier one had
 * as well; its violations are dropped if each of their checks was broken in an earlier one. Which
 * checks were broken is still told by `checks`. What there is no memory to share stays its own. */
void shared_take(struct shared *shared, struct outcome *outcome, enum keep_violations keep);

#endif
