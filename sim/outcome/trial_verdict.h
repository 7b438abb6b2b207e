/* What one trial tells by itself: whether it has what is looked for, and is as expected. */
#ifndef HUSTINGS_OUTCOME_TRIAL_VERDICT_H
#define HUSTINGS_OUTCOME_TRIAL_VERDICT_H

#include "sim/outcome/outcome.h"

/* Whether a trial has what is looked for. */
enum answer { NO, YES, UNKNOWN, ANSWERS };

/* The first violation of a check (a row of check_rows) in a trial, or NULL. */
const struct violation *first_violation(const struct outcome *outcome, size_t check);

/* Whether a trial has a check's violation (EXPECTED_CHECK), or an election with a verdict
 * (EXPECTED_VERDICT). */
enum answer trial_has(const struct outcome *outcome, struct expectation of);

/* Whether a trial's leaders are other than those expected. */
enum answer trial_leaders_differ(const struct scenario *scenario, const struct outcome *outcome);

/* Whether a trial comes to more than a bound allows; NO if there is no bound on that total. */
enum answer trial_total_differs(const struct expectations *expect, const struct outcome *outcome,
                                enum trial_total total);

/* Whether a trial is as expected, as far as one trial can tell: its leaders, each check and verdict
 * that it never should have, or always, and the bounds that each of its elections must meet. */
enum trial_verdict trial_verdict(const struct scenario *scenario, const struct outcome *outcome);

#endif
