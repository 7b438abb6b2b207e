/* Trials folded together: what is told of many of them at the end of a run is all there, although
 * their outcomes are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/checks/violation.h"
#include "sim/outcome/judge.h"
#include "sim/outcome/not_done.h"

#define DEAD_LEADER ((size_t)check_find("dead_leader"))
#define STARVATION ((size_t)check_find("starvation"))
#define MS INT64_C(1000000)

static struct fault_spec faults[] = {{.text = "crash 1", .line = 3}, {.text = "crash 2"}};

static struct scenario new_scenario(void)
{
    struct scenario scenario = {.name = "folded", .seed = 100, .faults = faults, .fault_count = 2};
    memset(scenario.expect.verdicts, EXPECT_ALLOWED, VERDICTS);
    memset(scenario.expect.checks, EXPECT_ALLOWED, SCENARIO_CHECKS_MAX);
    return scenario;
}

/* A trial whose checks all held. */
static struct outcome new_outcome(uint32_t trial)
{
    struct outcome outcome = {.trial = trial, .seed = 100 + trial, .idle.id = NOBODY};
    outcome.checks = calloc(check_count(), sizeof *outcome.checks);
    assert_non_null(outcome.checks);
    return outcome;
}

static void break_check(struct outcome *outcome, size_t check, const char *how)
{
    struct violation violation = violation_new(check_rows[check], 0);
    violation_say(&violation, "%s", how);
    violations_add(&outcome->violations, &violation);
    outcome->checks[check].ending = CHECK_BROKEN;
}

static void add_election(struct outcome *outcome, uint8_t cause, uint8_t verdict, int64_t elect_ns)
{
    size_t count = outcome->election_count;
    outcome->elections = realloc(outcome->elections, (count + 1) * sizeof *outcome->elections);
    assert_non_null(outcome->elections);
    outcome->elections[count] = (struct election){.nth = (uint32_t)count + 1,
                                                  .cause = cause,
                                                  .cause_node = NOBODY,
                                                  .verdict = verdict,
                                                  .published_ns = elect_ns,
                                                  .settled_ns = 2 * elect_ns};
    outcome->election_count++;
}

/* Takes it in; all but the first are gone then. */
static void take(struct trials *trials, struct outcome *outcome)
{
    bool first = trials->count == 0;
    assert_true(trials_take(trials, outcome));
    if (!first) {
        memset(outcome->checks, 0xff, check_count() * sizeof *outcome->checks);
        outcome_free(outcome);
    }
}

static void the_first_violation_of_each_check_stays(void **unused)
{
    (void)unused;
    const struct scenario scenario = new_scenario();
    struct trials *trials = trials_new(&scenario);
    struct outcome outcomes[] = {new_outcome(1), new_outcome(2), new_outcome(3), new_outcome(4)};
    break_check(&outcomes[1], DEAD_LEADER, "in trial 2");
    break_check(&outcomes[1], DEAD_LEADER, "again");
    outcomes[2].kept = true;
    break_check(&outcomes[2], DEAD_LEADER, "in trial 3");
    break_check(&outcomes[2], STARVATION, "in trial 3");
    for (size_t i = 0; i < 4; i++) {
        take(trials, &outcomes[i]);
    }
    const struct check_sum *dead = &trials->checks[DEAD_LEADER];
    const struct check_sum *starved = &trials->checks[STARVATION];
    assert_int_equal(trials_with_check(trials, DEAD_LEADER), 2);
    assert_string_equal(dead->violation.explanation, "in trial 2");
    assert_int_equal(dead->broken.first[YES].trial.trial, 2);
    assert_false(dead->broken.first[YES].kept);
    assert_int_equal(dead->broken.first[NO].trial.trial, 1);
    assert_int_equal(trials_with_check(trials, STARVATION), 1);
    assert_string_equal(starved->violation.explanation, "in trial 3");
    assert_true(starved->broken.first[YES].kept && trials->kept);
    trials_free(trials);
    outcome_free(&outcomes[0]);
}

/* In trial 1 the check could not fire, in trial 2 it held. */
static void what_one_trial_tested_is_tested(void **unused)
{
    (void)unused;
    const struct scenario scenario = new_scenario();
    struct trials *trials = trials_new(&scenario);
    struct outcome outcomes[] = {new_outcome(1), new_outcome(2)};
    outcomes[0].checks[STARVATION] = check_could_not_fire("it was short");
    assert_false(check_is_untested(trials, STARVATION));
    take(trials, &outcomes[0]);
    assert_true(check_is_untested(trials, STARVATION));
    assert_string_equal(trials->checks[STARVATION].first.why, "it was short");
    take(trials, &outcomes[1]);
    assert_false(check_is_untested(trials, STARVATION));
    trials_free(trials);
    outcome_free(&outcomes[0]);
}

static void elections_are_counted_by_cause(void **unused)
{
    (void)unused;
    const struct scenario scenario = new_scenario();
    struct trials *trials = trials_new(&scenario);
    struct outcome outcomes[3] = {new_outcome(1), new_outcome(2), new_outcome(3)};
    for (size_t i = 0; i < 3; i++) {
        add_election(&outcomes[i], CAUSE_START, VERDICT_OK, (int64_t)(i + 1) * MS);
        for (size_t j = 0; i > 0 && j < 10; j++) {
            add_election(&outcomes[i], CAUSE_CRASH, j == 3 ? VERDICT_WRONG : VERDICT_OK, 7 * MS);
        }
    }
    outcomes[2].undecided = strdup("the harness was late"); /* its times are left out */
    for (size_t i = 0; i < 3; i++) {
        take(trials, &outcomes[i]);
    }
    assert_true(trials_end(trials));
    const struct cause_sum *causes = trials->groups.causes;
    assert_int_equal(causes[CAUSE_START].trials, 3);
    assert_int_equal(causes[CAUSE_CRASH].trials, 2);
    assert_int_equal(causes[CAUSE_CRASH].elections, 20);
    assert_int_equal(causes[ALL_CAUSES].elections, 23);
    assert_int_equal(causes[CAUSE_START].ranks[TIME_ELECT].ns[BOUND_MAX], 2 * MS);
    assert_int_equal(causes[CAUSE_CRASH].ranks[TIME_SETTLE].ns[BOUND_P50], 14 * MS);
    assert_int_equal(causes[ALL_CAUSES].ranks[TIME_ELECT].ns[BOUND_P50], 7 * MS);
    assert_int_equal(trials->verdicts[VERDICT_WRONG].elections, 2);
    assert_int_equal(trials->verdicts[VERDICT_WRONG].election.nth, 5);
    assert_int_equal(trials->verdicts[VERDICT_WRONG].had.count[UNKNOWN], 1);
    size_t place = 0, groups = 0;
    while (groups_next(&trials->groups, &place)) {
        groups++;
    }
    assert_int_equal(groups, GROUPS_NTH); /* the later ones are only counted */
    trials_free(trials);
    outcome_free(&outcomes[0]);
}

static void the_first_undecided_trials_are_named(void **unused)
{
    (void)unused;
    const struct scenario scenario = new_scenario();
    struct trials *trials = trials_new(&scenario);
    struct outcome first = new_outcome(1);
    take(trials, &first);
    for (uint32_t i = 2; i < 12; i++) {
        struct outcome outcome = new_outcome(i);
        char why[40];
        snprintf(why, sizeof why, "late in trial %u", (unsigned)i);
        outcome.undecided = i % 2 ? strdup(why) : NULL;
        take(trials, &outcome);
    }
    assert_int_equal(trials->undecided, 5);
    for (uint32_t i = 0; i < UNDECIDED_TOLD; i++) {
        assert_int_equal(trials->undecided_first[i].trial.trial, 3 + 2 * i);
        assert_non_null(strstr(trials->undecided_first[i].why, "late in trial"));
    }
    trials_free(trials);
    outcome_free(&first);
}

static void faults_that_were_not_done_are_counted(void **unused)
{
    (void)unused;
    const struct scenario scenario = new_scenario();
    struct trials *trials = trials_new(&scenario);
    struct outcome outcomes[] = {new_outcome(1), new_outcome(2), new_outcome(3)};
    char sentence[NOT_DONE_SIZE];
    for (size_t i = 1; i < 3; i++) {
        outcomes[i].not_done = calloc(1, sizeof *outcomes[i].not_done);
        assert_non_null(outcomes[i].not_done);
        snprintf(outcomes[i].not_done->why, sizeof outcomes[i].not_done->why, "reason %zu", i);
        outcomes[i].not_done_count = 1;
    }
    for (size_t i = 0; i < 3; i++) {
        take(trials, &outcomes[i]);
    }
    assert_true(not_done_sentence(trials, sentence, sizeof sentence));
    assert_string_equal(sentence, "Not done: crash 1 (line 3) in 2 of 3 trials, since reason 1.");
    trials_free(trials);
    outcome_free(&outcomes[0]);
}

/* Although times are rounded when there are many, a bound is not: one of these is beyond it, by a
 * nanosecond. */
static void a_bound_is_exact_over_many_trials(void **unused)
{
    (void)unused;
    const uint32_t many = 3 * SPREAD_MAX;
    for (int beyond = 0; beyond < 2; beyond++) {
        static struct judgement judgement;
        struct scenario scenario = new_scenario();
        scenario.expect.elect.ns[BOUND_MAX] = 900 * MS;
        scenario.expect.elect.ns[BOUND_P99] = 900 * MS;
        struct trials *trials = trials_new(&scenario);
        struct outcome outcome = new_outcome(1), first = new_outcome(1);
        add_election(&first, CAUSE_START, VERDICT_OK, MS);
        add_election(&outcome, CAUSE_START, VERDICT_OK, 0);
        assert_true(trials_take(trials, &first));
        for (uint32_t i = 1; i < many; i++) {
            outcome.trial = i + 1;
            outcome.elections[0].published_ns =
                i == 77 ? 900 * MS + beyond : INT64_C(7919) * i % (899 * MS);
            assert_true(trials_take(trials, &outcome));
        }
        assert_true(trials_end(trials));
        judge(trials, &judgement);
        assert_int_equal(judgement.held, !beyond);
        assert_int_equal(judgement.unmet.count, beyond);
        if (beyond) {
            assert_int_equal(judgement.unmet.list[0].trial, 78);
        }
        trials_free(trials);
        outcome_free(&outcome);
        outcome_free(&first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_violation_of_each_check_stays),
        cmocka_unit_test(what_one_trial_tested_is_tested),
        cmocka_unit_test(elections_are_counted_by_cause),
        cmocka_unit_test(the_first_undecided_trials_are_named),
        cmocka_unit_test(faults_that_were_not_done_are_counted),
        cmocka_unit_test(a_bound_is_exact_over_many_trials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
