/* Whether the expectations of a scenario held over all its trials.
 *
 * Checks and verdicts are expected with a frequency over the trials:
 *
 *     never       no trial has it; the first one that does is named
 *     always      every trial has it; the first one that does not is named
 *     sometimes   at least one trial has it: proof that the situation did occur
 *     allowed     whatever
 *
 * Leaders are expected of each trial; bounds on times of all elections of all trials together. A
 * bound on something that never happened is not met: an expectation that cannot fail is worth
 * nothing. */
#include "sim/results/judge.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/results/times.h"

struct jury {
    const struct scenario *scenario;
    const struct outcome *outcomes;
    size_t count;
    struct judgement *judgement;
};

/* Says that an expectation was not met; `guilty` is a trial, or NULL for all of them together. */
__attribute__((format(printf, 3, 4))) static void
unmet(struct jury *jury, const struct outcome *guilty, const char *format, ...)
{
    struct judgement *judgement = jury->judgement;
    judgement->held = false;
    if (judgement->count++ >= UNMET_MAX) {
        return;
    }
    struct unmet *entry = &judgement->unmet[judgement->count - 1];
    entry->trial = guilty ? guilty->trial : 0;
    entry->seed = guilty ? guilty->seed : jury->scenario->seed;
    va_list values;
    va_start(values, format);
    vsnprintf(entry->text, sizeof entry->text, format, values);
    va_end(values);
}

const struct violation *first_violation(const struct outcome *outcome, size_t check)
{
    for (size_t i = 0; i < outcome->violations.count; i++) {
        if (outcome->violations.list[i].check == check) {
            return &outcome->violations.list[i];
        }
    }
    return NULL;
}

const struct election *first_election(const struct outcome *outcome, size_t verdict)
{
    for (size_t i = 0; i < outcome->election_count; i++) {
        if (outcome->elections[i].verdict == verdict) {
            return &outcome->elections[i];
        }
    }
    return NULL;
}

/* What is looked for over the trials: a check's violation, or an election's verdict. */
struct sought {
    const char *what, *name;
    bool is_check;
    size_t which;
};

static bool has(const struct outcome *outcome, struct sought sought)
{
    return sought.is_check ? first_violation(outcome, sought.which) != NULL
                           : first_election(outcome, sought.which) != NULL;
}

/* The first trial that has it, or that has it not; NULL: none. Counts those that have it. */
static const struct outcome *first_trial(const struct jury *jury, struct sought sought, bool having,
                                         size_t *trials)
{
    const struct outcome *first = NULL;
    *trials = 0;
    for (size_t i = 0; i < jury->count; i++) {
        bool found = has(&jury->outcomes[i], sought);
        *trials += found;
        if (found == having && !first) {
            first = &jury->outcomes[i];
        }
    }
    return first;
}

/* What was found where nothing should have been: "node 1 was elected …", "election 2 (crash)". */
static void describe(const struct outcome *outcome, struct sought sought, char *out, size_t size)
{
    if (sought.is_check) {
        snprintf(out, size, "%s", first_violation(outcome, sought.which)->explanation);
        return;
    }
    const struct election *election = first_election(outcome, sought.which);
    snprintf(out, size, "election %" PRIu32 ", due at %.3f ms by cause %s, ended so", election->nth,
             (double)election->due_ns / 1e6, cause_names[election->cause]);
}

static void expect_frequency(struct jury *jury, struct sought sought, uint8_t frequency)
{
    size_t trials;
    const struct outcome *guilty = first_trial(jury, sought, frequency != EXPECT_ALWAYS, &trials);
    char found[sizeof((struct violation *)0)->explanation];

    switch ((enum frequency)frequency) {
    case EXPECT_NEVER:
        if (guilty) {
            describe(guilty, sought, found, sizeof found);
            unmet(jury, guilty,
                  "%s%s: expected never, but trial %" PRIu32 " has it (%zu of %zu): %s",
                  sought.what, sought.name, guilty->trial, trials, jury->count, found);
        }
        break;
    case EXPECT_ALWAYS:
        if (guilty) {
            unmet(jury, guilty,
                  "%s%s: expected always, but trial %" PRIu32 " lacks it (%zu of %zu have it)",
                  sought.what, sought.name, guilty->trial, trials, jury->count);
        }
        break;
    case EXPECT_SOMETIMES:
        if (trials == 0) {
            unmet(jury, NULL, "%s%s: expected sometimes, but none of %zu trials has it",
                  sought.what, sought.name, jury->count);
        }
        break;
    case EXPECT_ALLOWED:
        break;
    }
}

size_t trials_with_check(const struct outcome *outcomes, size_t count, size_t check)
{
    size_t trials = 0;
    for (size_t i = 0; i < count; i++) {
        trials += first_violation(&outcomes[i], check) != NULL;
    }
    return trials;
}

bool leaders_as_expected(const struct scenario *scenario, const struct outcome *outcome)
{
    const struct expectations *expect = &scenario->expect;
    return !expect->has_leaders || (expect->leader_count == outcome->leader_count &&
                                    memcmp(expect->leaders, outcome->leaders,
                                           outcome->leader_count * sizeof *outcome->leaders) == 0);
}

static bool frequency_as_expected(const struct outcome *outcome, struct sought sought,
                                  uint8_t frequency)
{
    return (frequency != EXPECT_NEVER && frequency != EXPECT_ALWAYS) ||
           has(outcome, sought) == (frequency == EXPECT_ALWAYS);
}

bool as_expected(const struct scenario *scenario, const struct outcome *outcome)
{
    const struct expectations *expect = &scenario->expect;
    bool as = leaders_as_expected(scenario, outcome);
    for (size_t check = 0; as && check < check_count(); check++) {
        as = frequency_as_expected(outcome, (struct sought){"", "", true, check},
                                   expect->checks[check]);
    }
    for (size_t verdict = 0; as && verdict < VERDICTS; verdict++) {
        as = frequency_as_expected(outcome, (struct sought){"", "", false, verdict},
                                   expect->verdicts[verdict]);
    }
    return as;
}

static bool is_bounded(const struct percentile_bounds *bounds)
{
    return bounds->p50_ns || bounds->p90_ns || bounds->p99_ns || bounds->max_ns;
}

void judge_by_some(const struct scenario *scenario, struct judgement *judgement)
{
    uint32_t together = 0;
    for (uint32_t i = 0; i < judgement->count && i < UNMET_MAX; i++) {
        together += judgement->unmet[i].trial == 0;
    }
    bool only_together = judgement->count > 0 && together == judgement->count;
    bool bounded = is_bounded(&scenario->expect.elect) || is_bounded(&scenario->expect.settle);
    if (only_together || (judgement->held && bounded)) {
        judgement->held = false;
        judgement->undecided = true;
    }
}

/* "1, 4", "nobody". */
static void leader_list(const int32_t *leaders, uint32_t count, char *out, size_t size)
{
    size_t length = (size_t)snprintf(out, size, "%s", count ? "" : "nobody");
    for (uint32_t i = 0; i < count && length < size; i++) {
        length +=
            (size_t)snprintf(out + length, size - length, "%s%" PRId32, i ? ", " : "", leaders[i]);
    }
}

static void expect_leaders(struct jury *jury)
{
    const struct expectations *expect = &jury->scenario->expect;
    const struct outcome *guilty = NULL;
    size_t trials = 0;
    for (size_t i = 0; i < jury->count; i++) {
        if (!leaders_as_expected(jury->scenario, &jury->outcomes[i])) {
            guilty = guilty ? guilty : &jury->outcomes[i];
            trials++;
        }
    }
    if (guilty) {
        char expected[80];
        char had[80];
        leader_list(expect->leaders, expect->leader_count, expected, sizeof expected);
        leader_list(guilty->leaders, guilty->leader_count, had, sizeof had);
        unmet(jury, guilty,
              "leaders: everybody was expected to follow %s, but in trial %" PRIu32
              " it was %s (%zu of %zu differ)",
              expected, guilty->trial, had, trials, jury->count);
    }
}

static void expect_bound(struct jury *jury, const char *column, const char *rank, double p,
                         int64_t bound_ns, int64_t *times, size_t have)
{
    if (bound_ns == 0) {
        return;
    }
    if (have == 0) {
        unmet(jury, NULL, "%s: %s was expected to be at most %.3f ms, but no election has one",
              column, rank, (double)bound_ns / 1e6);
        return;
    }
    int64_t seen = percentile(times, have, p);
    if (seen > bound_ns) {
        unmet(jury, NULL,
              "%s: %s was expected to be at most %.3f ms, but was %.3f ms (of %zu elections)",
              column, rank, (double)bound_ns / 1e6, (double)seen / 1e6, have);
    }
}

static void expect_bounds(struct jury *jury, const char *column, enum election_time time,
                          const struct percentile_bounds *bounds)
{
    int64_t *times;
    bool ok;
    size_t have = election_times(jury->outcomes, jury->count, time, &times, &ok);
    if (!ok) {
        jury->judgement->undecided = true;
        return;
    }
    expect_bound(jury, column, "p50", 50, bounds->p50_ns, times, have);
    expect_bound(jury, column, "p90", 90, bounds->p90_ns, times, have);
    expect_bound(jury, column, "p99", 99, bounds->p99_ns, times, have);
    expect_bound(jury, column, "max", 100, bounds->max_ns, times, have);
    free(times);
}

void judge(const struct scenario *scenario, const struct outcome *outcomes, size_t count,
           struct judgement *judgement)
{
    struct jury jury = {scenario, outcomes, count, judgement};
    *judgement = (struct judgement){.held = count > 0, .undecided = count == 0};
    if (count == 0) {
        return;
    }
    assert(check_count() <= SCENARIO_CHECKS_MAX);
    for (size_t check = 0; check < check_count(); check++) {
        struct sought sought = {"", check_rows[check]->name, true, check};
        expect_frequency(&jury, sought, scenario->expect.checks[check]);
    }
    for (size_t verdict = 0; verdict < VERDICTS; verdict++) {
        struct sought sought = {"verdict ", verdict_names[verdict], false, verdict};
        expect_frequency(&jury, sought, scenario->expect.verdicts[verdict]);
    }
    if (scenario->expect.has_leaders) {
        expect_leaders(&jury);
    }
    expect_bounds(&jury, "elect_ms", TIME_ELECT, &scenario->expect.elect);
    expect_bounds(&jury, "settle_ms", TIME_SETTLE, &scenario->expect.settle);
    if (judgement->undecided) {
        judgement->held = false;
    }
}
