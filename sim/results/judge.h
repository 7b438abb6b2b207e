/* What judge() and the summary both count. */
#ifndef HUSTINGS_RESULTS_JUDGE_H
#define HUSTINGS_RESULTS_JUDGE_H

#include "sim/results/results.h"

/* The first violation of a check (a row of check_rows) in a trial, or NULL. */
const struct violation *first_violation(const struct outcome *outcome, size_t check);

/* The first election of a trial that ended so (enum verdict), or NULL. */
const struct election *first_election(const struct outcome *outcome, size_t verdict);

/* How many of the trials have a violation of this check. */
size_t trials_with_check(const struct outcome *outcomes, size_t count, size_t check);

/* Whether a trial is as expected, as far as one trial can tell: its leaders, and each check and
 * verdict that it never should have, or always. */
bool as_expected(const struct scenario *scenario, const struct outcome *outcome);

/* What can be said of all trials by a judgement of some, among them all that were not as expected:
 * what only all of them together can tell becomes undecided. */
void judge_by_some(const struct scenario *scenario, struct judgement *judgement);

/* Whether a trial's leaders are the expected ones, or none are expected. */
bool leaders_as_expected(const struct scenario *scenario, const struct outcome *outcome);

#endif
