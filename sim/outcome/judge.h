/* What judge() and the summary both count. */
#ifndef HUSTINGS_OUTCOME_JUDGE_H
#define HUSTINGS_OUTCOME_JUDGE_H

#include "sim/outcome/outcome.h"

/* --- of one trial --- */

/* The first violation of a check (a row of check_rows) in a trial, or NULL. Of a run's trials, the
 * first in which the check was broken always has it. */
const struct violation *first_violation(const struct outcome *outcome, size_t check);

/* Gives the first election of a trial that ended so (enum verdict). False: there is none. */
bool first_election(const struct outcome *outcome, size_t verdict, struct election *out);

/* What is looked for in trials: a check's violation, or an election's verdict. */
struct sought {
    const char *what, *name; /* for sentences: "verdict ", "dead" */
    struct expectation of;   /* EXPECTED_CHECK or EXPECTED_VERDICT */
};

enum answer { NO, YES, UNKNOWN };

/* Whether a trial has it. */
enum answer trial_has(const struct outcome *outcome, struct sought sought);

/* Whether a trial's leaders are other than those expected. */
enum answer trial_leaders_differ(const struct scenario *scenario, const struct outcome *outcome);

/* Whether a trial comes to more than a bound allows; NO if there is no bound on that total. */
enum answer trial_total_differs(const struct expectations *expect, const struct outcome *outcome,
                                enum trial_total total);

/* Whether a trial is as expected, as far as one trial can tell: its leaders, each check and verdict
 * that it never should have, or always, and the bounds that each of its elections must meet. */
bool as_expected(const struct scenario *scenario, const struct outcome *outcome);

/* The same as the verdict of its row in trials.csv. */
enum trial_verdict trial_verdict(const struct scenario *scenario, const struct outcome *outcome);

/* --- of all --- */

/* How many of the trials have a violation of this check. */
size_t trials_with_check(const struct outcome *outcomes, size_t count, size_t check);

/* How a check ended, over trials. */
struct check_tally {
    size_t trials[CHECK_ENDINGS]; /* how many ended so */
    bool
        untested; /* it could not fire, or does not apply, in all of them: nobody may say it held */
    uint8_t ending;  /* of the first trial, … */
    const char *why; /* … and its reason; NULL: none */
};
struct check_tally tally_check(const struct outcome *outcomes, size_t count, size_t check);

/* What can be said of all trials by a judgement of some, among them all that were not as expected:
 * what only all of them together can tell becomes undecided. */
void judge_by_some(const struct scenario *scenario, struct judgement *judgement);

/* The same for trials of which the last ones were not run, whatever they would have been: nothing
 * has held, but what is unmet beyond doubt stays so. */
void judge_cut_short(const struct scenario *scenario, struct judgement *judgement);

#endif
