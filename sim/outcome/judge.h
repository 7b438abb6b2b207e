/* Whether the expectations of a scenario hold over all its trials. What one trial tells by itself
 * is in trial_verdict.h. */
#ifndef HUSTINGS_OUTCOME_JUDGE_H
#define HUSTINGS_OUTCOME_JUDGE_H

#include "sim/outcome/trials.h"

/* After trials_end(). */
void judge(const struct trials *trials, struct judgement *judgement);

/* What can be said of all trials by a judgement of some, among them all that were not as expected:
 * what only all of them together can tell becomes undecided. */
void judge_by_some(const struct scenario *scenario, struct judgement *judgement);

/* The same for trials of which the last ones were not run, whatever they would have been: nothing
 * has held, but what is unmet beyond doubt stays so. */
void judge_cut_short(const struct scenario *scenario, struct judgement *judgement);

#endif
