/* The trials of a scenario, folded together. See trials.h. */
#include "sim/outcome/trials.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/history/text.h"
#include "sim/outcome/totals.h"

struct trials *trials_new(const struct scenario *scenario)
{
    struct trials *trials = calloc(1, sizeof *trials);
    if (trials) {
        trials->scenario = scenario;
        trials->idle.id = NOBODY;
        trials->not_done = calloc(scenario->fault_count + 1u, sizeof *trials->not_done);
    }
    if (trials && !trials->not_done) {
        free(trials);
        return NULL;
    }
    return trials;
}

void trials_free(struct trials *trials)
{
    if (trials) {
        for (int time = 0; time < ELECTION_TIMES; time++) {
            spread_free(&trials->bounds[time].times);
        }
        groups_free(&trials->groups);
        free(trials->not_done);
        free(trials);
    }
}

/* --- the parts of an outcome ------------------------------------------------------------------ */

static struct witness witness_of(const struct outcome *outcome, struct check_verdict check)
{
    struct witness witness = {.trial = {outcome->trial, outcome->seed},
                              .kept = outcome->kept,
                              .undecided = outcome->undecided != NULL,
                              .check = check};
    const char *why = outcome->undecided ? outcome->undecided : check.why;
    snprintf(witness.why, sizeof witness.why, "%s", why ? why : "");
    return witness;
}

static void note(struct poll *poll, enum answer answer, const struct outcome *outcome,
                 struct check_verdict check)
{
    assert(answer < ANSWERS);
    if (poll->count[answer]++ == 0) {
        poll->first[answer] = witness_of(outcome, check);
    }
}

static void take_check(struct check_sum *sum, const struct outcome *outcome, size_t check)
{
    struct check_verdict verdict = outcome->checks[check];
    enum answer broken = trial_has(outcome, (struct expectation){EXPECTED_CHECK, check});
    const struct violation *first =
        sum->broken.count[YES] == 0 ? first_violation(outcome, check) : NULL;
    assert(verdict.ending < CHECK_ENDINGS && (broken == YES || !first));
    note(&sum->broken, broken, outcome, verdict);
    sum->endings[verdict.ending]++;
    if (first) {
        sum->violation = *first;
        sum->has_violation = true;
    }
}

static void take_verdict(struct verdict_sum *sum, const struct outcome *outcome, size_t verdict)
{
    enum answer had = trial_has(outcome, (struct expectation){EXPECTED_VERDICT, verdict});
    bool is_first = had == YES && sum->had.count[YES] == 0;
    note(&sum->had, had, outcome, (struct check_verdict){0});
    for (uint32_t i = 0; i < outcome->election_count; i++) {
        if (outcome->elections[i].verdict == verdict) {
            sum->election = is_first ? outcome->elections[i] : sum->election;
            is_first = false;
            sum->elections++;
        }
    }
}

static void take_leaders(struct trials *trials, const struct outcome *outcome)
{
    enum answer differ = trial_leaders_differ(trials->scenario, outcome);
    if (differ == YES && trials->leaders_differ.count[YES] == 0) {
        leaders_text(outcome->leaders, outcome->leader_count, trials->leaders,
                     sizeof trials->leaders);
    }
    note(&trials->leaders_differ, differ, outcome, (struct check_verdict){0});
}

static void take_total(struct trials *trials, const struct outcome *outcome, enum trial_total total)
{
    struct total_sum *sum = &trials->totals[total];
    enum answer exceeded = trial_total_differs(&trials->scenario->expect, outcome, total);
    if (exceeded == YES && sum->exceeded.count[YES] == 0) {
        sum->value = total_of(outcome, total);
    }
    if (!outcome->undecided && total_of(outcome, total) > sum->largest) {
        sum->largest = total_of(outcome, total);
    }
    note(&sum->exceeded, exceeded, outcome, (struct check_verdict){0});
}

static void take_not_done(struct trials *trials, const struct outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->not_done_count; i++) {
        const struct not_done *entry = &outcome->not_done[i];
        assert(entry->fault < trials->scenario->fault_count);
        struct not_done_sum *sum = &trials->not_done[entry->fault];
        if (sum->trials++ == 0) {
            sum->first = *entry;
        }
    }
}

static void take_undecided(struct trials *trials, const struct outcome *outcome)
{
    assert(outcome->undecided);
    if (trials->undecided < UNDECIDED_TOLD) {
        trials->undecided_first[trials->undecided] = witness_of(outcome, (struct check_verdict){0});
    }
    trials->undecided++;
}

static bool take_bounds(struct trials *trials, const struct outcome *outcome)
{
    const struct expectations *expect = &trials->scenario->expect;
    return bound_watch(&trials->bounds[TIME_ELECT], &expect->elect, TIME_ELECT, outcome) &&
           bound_watch(&trials->bounds[TIME_SETTLE], &expect->settle, TIME_SETTLE, outcome);
}

/* --- all of it -------------------------------------------------------------------------------- */

bool trials_take(struct trials *trials, const struct outcome *outcome)
{
    assert(!trials->ended && outcome->checks && outcome->verdict < TRIAL_VERDICTS);
    trials->first = trials->count == 0 ? outcome : trials->first;
    for (size_t check = 0; check < check_count(); check++) {
        if (trials->count == 0) {
            trials->checks[check].first = outcome->checks[check];
        }
        take_check(&trials->checks[check], outcome, check);
    }
    for (size_t verdict = 0; verdict < VERDICTS; verdict++) {
        take_verdict(&trials->verdicts[verdict], outcome, verdict);
    }
    for (enum trial_total total = 0; total < TOTALS; total++) {
        take_total(trials, outcome, total);
    }
    take_leaders(trials, outcome);
    take_not_done(trials, outcome);
    price_take(&trials->price, trials->scenario, outcome);
    if (outcome->undecided) {
        take_undecided(trials, outcome);
    } else {
        stalls_take(&trials->stalls, outcome);
    }
    if (outcome->idle.how != IDLE_NOT && outcome->idle.lasted_ns > trials->idle.lasted_ns) {
        trials->idle = outcome->idle;
    }
    trials->count++;
    trials->passed += outcome->verdict == TRIAL_PASSED;
    trials->kept = trials->kept || outcome->kept;
    trials->lasted_s += (double)outcome->duration_ns / 1e9;
    return groups_take(&trials->groups, outcome) &&
           (outcome->undecided || take_bounds(trials, outcome));
}

/* Of the time that nobody led because of a stall: that of the elections which stalls made due. 0:
 * not known. */
static int64_t p99_of_stalls(const struct cause_sum *causes)
{
    bool alone = causes[CAUSE_RESUME].elections == 0; /* stalls have made those due, too */
    int64_t ns = causes[CAUSE_PAUSE].ranks[TIME_ELECT].ns[BOUND_P99];
    return alone && ns != NEVER_NS && ns != FOREVER_NS ? ns : 0;
}

bool trials_end(struct trials *trials)
{
    assert(!trials->ended && trials->undecided <= trials->count);
    trials->ended = true;
    for (int time = 0; time < ELECTION_TIMES; time++) {
        bound_watch_end(&trials->bounds[time]);
    }
    bool whole = groups_end(&trials->groups);
    trials->stalls.p99_ns = p99_of_stalls(trials->groups.causes);
    return whole;
}

size_t trials_with_check(const struct trials *trials, size_t check)
{
    assert(check < check_count());
    return trials->checks[check].endings[CHECK_BROKEN];
}

bool check_is_untested(const struct trials *trials, size_t check)
{
    assert(check < check_count());
    const size_t *endings = trials->checks[check].endings;
    size_t untested = endings[CHECK_COULD_NOT_FIRE] + endings[CHECK_DOES_NOT_APPLY];
    assert(untested <= trials->count);
    return trials->count > 0 && untested == trials->count;
}
