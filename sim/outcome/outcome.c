/* The words of outcomes, and their end. See outcome.h; derive.c makes them. */
#include "sim/outcome/outcome.h"

#include <stdlib.h>

const char *const cause_names[CAUSES] = {
    "start", "flip",   "crash",       "restart", "pause",     "resume", "partition",
    "clock", "expiry", "resignation", "loss",    "overwrite", "submit", "other",
};
const char *const trial_verdict_names[TRIAL_VERDICTS] = {"passed", "failed", "undecided"};
const char *const ending_names[ENDINGS] = {"published", "withdrawn", "superseded", "censored",
                                           "never"};

void outcome_free(struct outcome *outcome)
{
    free(outcome->elections);
    free(outcome->not_done);
    free(outcome->undecided);
    free(outcome->leaders);
    free(outcome->checks);
    violations_free(&outcome->violations);
    *outcome = (struct outcome){.final_leader = NOBODY, .idle.id = NOBODY};
}

bool splits(const struct outcome *outcome)
{
    return outcome->two_leaders_ns > 0 || outcome->two_lock_holders_ns > 0 ||
           outcome->work.stale > 0;
}
