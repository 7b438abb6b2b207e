/* What one trial tells by itself. See trial_verdict.h. */
#include "sim/outcome/trial_verdict.h"

#include <assert.h>
#include <string.h>

#include "sim/outcome/bounds.h"
#include "sim/outcome/totals.h"

const struct violation *first_violation(const struct outcome *outcome, size_t check)
{
    assert(check < check_count());
    for (size_t i = 0; i < outcome->violations.count; i++) {
        if (outcome->violations.list[i].check == check) {
            return &outcome->violations.list[i];
        }
    }
    return NULL;
}

static bool has_election(const struct outcome *outcome, size_t verdict)
{
    assert(verdict < VERDICTS);
    for (uint32_t i = 0; i < outcome->election_count; i++) {
        if (outcome->elections[i].verdict == verdict) {
            return true;
        }
    }
    return false;
}

enum answer trial_has(const struct outcome *outcome, struct expectation of)
{
    assert(of.kind == EXPECTED_CHECK || of.kind == EXPECTED_VERDICT);
    if (of.kind == EXPECTED_CHECK) {
        uint8_t ending = outcome->checks[of.which].ending;
        return ending == CHECK_BROKEN ? YES : ending == CHECK_UNDECIDED ? UNKNOWN : NO;
    }
    if (outcome->undecided) {
        return UNKNOWN;
    }
    return has_election(outcome, of.which) ? YES : NO;
}

enum answer trial_leaders_differ(const struct scenario *scenario, const struct outcome *outcome)
{
    const struct expectations *expect = &scenario->expect;
    if (!expect->has_leaders) {
        return NO;
    }
    if (outcome->undecided) {
        return UNKNOWN;
    }
    size_t count = outcome->leader_count;
    bool same = expect->leader_count == count &&
                (count == 0 ||
                 memcmp(expect->leaders, outcome->leaders, count * sizeof *outcome->leaders) == 0);
    return same ? NO : YES;
}

static enum answer graver(enum answer a, enum answer b)
{
    assert(a < ANSWERS && b < ANSWERS);
    return a == YES || b == YES ? YES : a == UNKNOWN || b == UNKNOWN ? UNKNOWN : NO;
}

/* Whether one trial shows by itself that a frequency is not what was expected. */
static enum answer frequency_differs(const struct outcome *outcome, struct expectation of,
                                     uint8_t frequency)
{
    if (frequency != EXPECT_NEVER && frequency != EXPECT_ALWAYS) {
        return NO;
    }
    enum answer answer = trial_has(outcome, of);
    if (answer == UNKNOWN || frequency == EXPECT_NEVER) {
        return answer;
    }
    return answer == YES ? NO : YES;
}

/* Whether one trial shows by itself that its elections took longer than each of them may. */
static enum answer bounds_differ(const struct expectations *expect, const struct outcome *outcome)
{
    if (outcome->undecided) {
        return expect->elect.ns[BOUND_MAX] || expect->settle.ns[BOUND_MAX] ? UNKNOWN : NO;
    }
    return bounds_hold_in(expect, outcome) ? NO : YES;
}

enum answer trial_total_differs(const struct expectations *expect, const struct outcome *outcome,
                                enum trial_total total)
{
    assert(total < TOTALS);
    if (!expect->totals[total].is) {
        return NO;
    }
    return outcome->undecided ? UNKNOWN : total_is_exceeded(expect, outcome, total) ? YES : NO;
}

static enum answer trial_differs(const struct scenario *scenario, const struct outcome *outcome)
{
    const struct expectations *expect = &scenario->expect;
    enum answer differs =
        graver(trial_leaders_differ(scenario, outcome), bounds_differ(expect, outcome));
    for (enum trial_total total = 0; total < TOTALS; total++) {
        differs = graver(differs, trial_total_differs(expect, outcome, total));
    }
    for (size_t check = 0; check < check_count(); check++) {
        const struct expectation of = {EXPECTED_CHECK, check};
        differs = graver(differs, frequency_differs(outcome, of, expect->checks[check]));
    }
    for (size_t verdict = 0; verdict < VERDICTS; verdict++) {
        const struct expectation of = {EXPECTED_VERDICT, verdict};
        differs = graver(differs, frequency_differs(outcome, of, expect->verdicts[verdict]));
    }
    return differs;
}

enum trial_verdict trial_verdict(const struct scenario *scenario, const struct outcome *outcome)
{
    enum answer differs = trial_differs(scenario, outcome);
    return differs == YES ? TRIAL_FAILED : differs == UNKNOWN ? TRIAL_UNDECIDED : TRIAL_PASSED;
}
