/* What one trial tells by itself: whether it has what is looked for, and whether it is as expected.
 * See judge.h. */
#include <assert.h>
#include <string.h>

#include "sim/outcome/bounds.h"
#include "sim/outcome/judge.h"
#include "sim/outcome/packed.h"
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

bool first_election(const struct outcome *outcome, size_t verdict, struct election *out)
{
    assert(verdict < VERDICTS);
    struct election_walk walk = election_walk(outcome);
    for (const struct election *election; (election = election_next(&walk));) {
        if (election->verdict == verdict) {
            *out = *election;
            return true;
        }
    }
    return false;
}

struct check_tally tally_check(const struct outcome *outcomes, size_t count, size_t check)
{
    assert(check < check_count());
    struct check_tally tally = {0};
    for (size_t i = 0; i < count; i++) {
        assert(outcomes[i].checks[check].ending < CHECK_ENDINGS);
        tally.trials[outcomes[i].checks[check].ending]++;
    }
    size_t untested = tally.trials[CHECK_COULD_NOT_FIRE] + tally.trials[CHECK_DOES_NOT_APPLY];
    tally.untested = count > 0 && untested == count;
    tally.ending = count ? outcomes[0].checks[check].ending : CHECK_HELD;
    tally.why = count ? outcomes[0].checks[check].why : NULL;
    return tally;
}

size_t trials_with_check(const struct outcome *outcomes, size_t count, size_t check)
{
    size_t trials = 0;
    for (size_t i = 0; i < count; i++) {
        assert(outcomes[i].checks[check].ending < CHECK_ENDINGS);
        trials += outcomes[i].checks[check].ending == CHECK_BROKEN;
    }
    return trials;
}

enum answer trial_has(const struct outcome *outcome, struct sought sought)
{
    assert(sought.of.kind == EXPECTED_CHECK || sought.of.kind == EXPECTED_VERDICT);
    if (sought.of.kind == EXPECTED_CHECK) {
        uint8_t ending = outcome->checks[sought.of.which].ending;
        return ending == CHECK_BROKEN ? YES : ending == CHECK_UNDECIDED ? UNKNOWN : NO;
    }
    if (outcome->undecided) {
        return UNKNOWN;
    }
    struct election election;
    return first_election(outcome, sought.of.which, &election) ? YES : NO;
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
    return a == YES || b == YES ? YES : a == UNKNOWN || b == UNKNOWN ? UNKNOWN : NO;
}

/* Whether one trial shows by itself that a frequency is not what was expected. */
static enum answer frequency_differs(const struct outcome *outcome, struct sought sought,
                                     uint8_t frequency)
{
    if (frequency != EXPECT_NEVER && frequency != EXPECT_ALWAYS) {
        return NO;
    }
    enum answer answer = trial_has(outcome, sought);
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
        struct sought sought = {"", "", {EXPECTED_CHECK, check}};
        differs = graver(differs, frequency_differs(outcome, sought, expect->checks[check]));
    }
    for (size_t verdict = 0; verdict < VERDICTS; verdict++) {
        struct sought sought = {"", "", {EXPECTED_VERDICT, verdict}};
        differs = graver(differs, frequency_differs(outcome, sought, expect->verdicts[verdict]));
    }
    return differs;
}

bool as_expected(const struct scenario *scenario, const struct outcome *outcome)
{
    return trial_differs(scenario, outcome) == NO;
}

enum trial_verdict trial_verdict(const struct scenario *scenario, const struct outcome *outcome)
{
    enum answer differs = trial_differs(scenario, outcome);
    return differs == YES ? TRIAL_FAILED : differs == UNKNOWN ? TRIAL_UNDECIDED : TRIAL_PASSED;
}
