/* Bounds on what a trial comes to as a whole: `expect: {leaderless_ms: {max: 3000}}`. Each is met
 * by every trial, or is not: what is bounded is the column of that name in trials.csv. */
#ifndef HUSTINGS_OUTCOME_TOTALS_H
#define HUSTINGS_OUTCOME_TOTALS_H

#include "sim/history/text.h"
#include "sim/outcome/outcome.h"

/* What it came to in a trial, in ns or as a count. */
int64_t total_of(const struct outcome *outcome, enum trial_total total);

/* Whether a trial, which is decided, exceeds a bound of the scenario; false if there is none on it.
 */
bool total_is_exceeded(const struct expectations *expect, const struct outcome *outcome,
                       enum trial_total total);

/* The total as text, "1,000.0 ms" or "12,000". */
struct short_text total_text(enum trial_total total, int64_t value);

#endif
