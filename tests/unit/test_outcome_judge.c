/* Whether expectations hold over trials. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/jury.h"

static void checks_are_expected_with_a_frequency(void **state)
{
    (void)state;
    static const struct {
        uint8_t frequency;
        int seen_from, seen_to; /* the trials that have it */
        bool holds;
        uint32_t guilty;
        const char *text;
    } cases[] = {
        {EXPECT_NEVER, 1, 0, true, 0, NULL},
        {EXPECT_NEVER, 2, 3, false, 2,
         "dead_leader: expected never, but trial 2 has it (2 of 3): It broke in trial 2."},
        {EXPECT_ALWAYS, 1, 3, true, 0, NULL},
        {EXPECT_ALWAYS, 1, 2, false, 3,
         "dead_leader: expected always, but trial 3 lacks it (2 of 3 have it)"},
        {EXPECT_ALWAYS, 1, 0, false, 1,
         "dead_leader: expected always, but trial 1 lacks it (0 of 3 have it)"},
        {EXPECT_SOMETIMES, 3, 3, true, 0, NULL},
        {EXPECT_SOMETIMES, 1, 3, true, 0, NULL},
        {EXPECT_SOMETIMES, 1, 0, false, 0,
         "dead_leader: expected sometimes, but none of 3 trials has it"},
        {EXPECT_ALLOWED, 1, 3, true, 0, NULL},
        {EXPECT_ALLOWED, 1, 0, true, 0, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench = new_bench();
        bench.scenario.expect.checks[check_find("dead_leader")] = cases[i].frequency;
        for (int trial = cases[i].seen_from; trial <= cases[i].seen_to; trial++) {
            add_violation(&bench, trial, "dead_leader");
        }
        judge_bench(&bench, TRIALS);
        assert_int_equal(bench.judgement.held, cases[i].holds);
        assert_int_equal(bench.judgement.unmet.count, cases[i].holds ? 0 : 1);
        if (!cases[i].holds) {
            assert_int_equal(bench.judgement.unmet.list[0].trial, cases[i].guilty);
            assert_int_equal(bench.judgement.unmet.list[0].seed,
                             99 + (cases[i].guilty ? cases[i].guilty : 1));
            assert_string_equal(bench.judgement.unmet.list[0].text, cases[i].text);
        }
    }
}

/* For each trial how the check ended: h held, b broken, c could not fire, d does not apply, u
 * undecided. */
static void end_checks(struct bench *bench, const char *check, const char *endings)
{
    static const char letters[] = "hbcdu";
    for (int trial = 1; trial <= TRIALS; trial++) {
        struct check_verdict *verdict = &bench->checks[trial - 1][check_find(check)];
        verdict->ending = (uint8_t)(strchr(letters, endings[trial - 1]) - letters);
        if (verdict->ending == CHECK_BROKEN) {
            add_violation(bench, trial, check);
        } else if (verdict->ending != CHECK_HELD) {
            verdict->why = "of the weather";
        }
    }
}

/* A definite answer decides; else one that nobody has leaves it open. */
static void the_undecided_leave_open_what_the_others_do_not_settle(void **state)
{
    (void)state;
    static const struct {
        uint8_t frequency;
        const char *endings;
        uint32_t unmet, open; /* how many expectations are */
        const char *text;     /* of the first */
    } cases[] = {
        {EXPECT_NEVER, "huh", 0, 1,
         "dead_leader: expected never, but it could not be decided in 1 of 3 trials; trial 2: of "
         "the weather"},
        {EXPECT_NEVER, "uhb", 1, 0,
         "dead_leader: expected never, but trial 3 has it (1 of 3): It broke in trial 3."},
        {EXPECT_NEVER, "hcd", 0, 0, NULL},
        {EXPECT_ALWAYS, "bub", 0, 1, NULL},
        {EXPECT_ALWAYS, "buh", 1, 0, NULL},
        {EXPECT_ALWAYS, "bcb", 1, 0,
         "dead_leader: expected always, but trial 2 lacks it (2 of 3 have it): it could not fire, "
         "since of the weather"},
        {EXPECT_ALWAYS, "ddd", 1, 0,
         "dead_leader: expected always, but trial 1 lacks it (0 of 3 have it): it does not apply, "
         "since of the weather"},
        {EXPECT_SOMETIMES, "uub", 0, 0, NULL},
        {EXPECT_SOMETIMES, "hhu", 0, 1, NULL},
        {EXPECT_SOMETIMES, "hcd", 1, 0, NULL},
        {EXPECT_ALLOWED, "uuu", 0, 0, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench = new_bench();
        const struct judgement *judgement = &bench.judgement;
        bench.scenario.expect.checks[check_find("dead_leader")] = cases[i].frequency;
        end_checks(&bench, "dead_leader", cases[i].endings);
        judge_bench(&bench, TRIALS);
        assert_int_equal(judgement->unmet.count, cases[i].unmet);
        assert_int_equal(judgement->open.count, cases[i].open);
        assert_int_equal(judgement->held, !cases[i].unmet && !cases[i].open);
        assert_int_equal(judgement->undecided, !cases[i].unmet && cases[i].open);
        if (cases[i].text) {
            assert_string_equal(cases[i].unmet ? judgement->unmet.list[0].text
                                               : judgement->open.list[0].text,
                                cases[i].text);
        }
    }
}

/* What is expected of elections is not known of a trial that cannot be judged. */
static void an_undecided_trial_leaves_elections_open(void **state)
{
    (void)state;
    static char why[] = "at 1.000 s: the harness was late";
    struct bench bench = new_bench();
    bench.scenario.expect.verdicts[VERDICT_WRONG] = EXPECT_NEVER;
    bench.scenario.expect.has_leaders = true;
    bench.scenario.expect.elect.ns[BOUND_MAX] = 20 * MS;
    add_election(&bench, 1, VERDICT_OK, 10);
    add_election(&bench, 2, VERDICT_WRONG, 50);
    bench.trials[1].undecided = why;
    judge_bench(&bench, TRIALS);
    assert_true(bench.judgement.undecided);
    assert_int_equal(bench.judgement.open.count, 3);
    assert_string_equal(bench.judgement.open.list[0].text,
                        "verdict wrong: expected never, but it could not be decided in 1 of 3 "
                        "trials; trial 2: at 1.000 s: the harness was late");
    assert_string_equal(bench.judgement.open.list[1].text,
                        "leaders: everybody was expected to follow nobody, but it could not be "
                        "decided in 1 of 3 trials; trial 2: at 1.000 s: the harness was late");
    assert_string_equal(bench.judgement.open.list[2].text,
                        "elect_ms: max was expected to be at most 20.0 ms, but 1 of 3 trials "
                        "are undecided");

    add_election(&bench, 3, VERDICT_OK, 30); /* the worst of all, whatever trial 2 was */
    judge_bench(&bench, TRIALS);
    assert_false(bench.judgement.undecided);
    assert_false(bench.judgement.held);
    assert_int_equal(bench.judgement.unmet.count, 1);
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[0]), TRIAL_PASSED);
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[1]), TRIAL_UNDECIDED);
}

static void verdicts_are_expected_likewise(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    bench.scenario.expect.verdicts[VERDICT_OK] = EXPECT_ALWAYS;
    bench.scenario.expect.verdicts[VERDICT_WRONG] = EXPECT_NEVER;
    bench.scenario.expect.verdicts[VERDICT_DEAD] = EXPECT_SOMETIMES;
    for (int trial = 1; trial <= TRIALS; trial++) {
        add_election(&bench, trial, VERDICT_OK, 1);
    }
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.unmet.count, 1);
    assert_string_equal(bench.judgement.unmet.list[0].text,
                        "verdict dead: expected sometimes, but none of 3 trials has it");

    add_election(&bench, 2, VERDICT_WRONG, 1);
    add_election(&bench, 3, VERDICT_DEAD, 1);
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.unmet.count, 2);
    assert_string_equal(bench.judgement.unmet.list[0].text,
                        "verdict ok: expected always, but trial 2 lacks it (1 of 3 have it)");
    assert_string_equal(bench.judgement.unmet.list[1].text,
                        "verdict wrong: expected never, but trial 2 has it (1 of 3): election 1, "
                        "due at 0.000 s by cause start, ended so");
}

static void leaders_are_expected_of_each_trial(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    bench.scenario.expect.has_leaders = true;
    bench.scenario.expect.leader_count = 2;
    bench.scenario.expect.leaders[0] = 1;
    bench.scenario.expect.leaders[1] = 4;
    for (int i = 0; i < TRIALS; i++) {
        bench.trials[i].leader_count = 2;
        bench.leaders[i][0] = 1;
        bench.leaders[i][1] = 4;
    }
    judge_bench(&bench, TRIALS);
    assert_true(bench.judgement.held);

    bench.trials[1].leader_count = 3;
    bench.leaders[1][2] = 0;
    bench.trials[2].leader_count = 0;
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.unmet.count, 1);
    assert_int_equal(bench.judgement.unmet.list[0].trial, 2);
    assert_string_equal(bench.judgement.unmet.list[0].text,
                        "leaders: everybody was expected to follow 1, 4, but in trial 2 it was "
                        "1, 4, 0 (2 of 3 differ)");

    bench.trials[1].leader_count = 64; /* more than a line holds: that is to be seen */
    for (int i = 0; i < 64; i++) {
        bench.leaders[1][i] = 1000 + i;
    }
    judge_bench(&bench, TRIALS);
    assert_non_null(strstr(bench.judgement.unmet.list[0].text, ", 1025, … (2 of 3 differ)"));

    bench.scenario.expect.leader_count = 0; /* nobody, at no time */
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.unmet.list[0].trial, 1);
    assert_non_null(strstr(bench.judgement.unmet.list[0].text, "follow nobody, but"));
}

/* Whatever fails the run for a trial's sake is to be seen at that trial. */
static void a_trial_that_is_not_as_expected_did_not_pass(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    for (int trial = 1; trial <= TRIALS; trial++) {
        add_election(&bench, trial, VERDICT_OK, 1);
    }
    add_election(&bench, 2, VERDICT_WRONG, 1);
    judge_bench(&bench, TRIALS);
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[1]), TRIAL_PASSED);
    bench.scenario.expect.verdicts[VERDICT_WRONG] = EXPECT_NEVER;
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[0]), TRIAL_PASSED);
    assert_int_not_equal(trial_verdict(&bench.scenario, &bench.trials[1]), TRIAL_PASSED);
    bench.scenario.expect.verdicts[VERDICT_WRONG] = EXPECT_ALLOWED;
    bench.scenario.expect.verdicts[VERDICT_OK] = EXPECT_ALWAYS;
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[0]), TRIAL_PASSED);
    assert_int_not_equal(trial_verdict(&bench.scenario, &bench.trials[1]), TRIAL_PASSED);
    bench.scenario.expect.verdicts[VERDICT_OK] = EXPECT_SOMETIMES;
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[1]), TRIAL_PASSED);
}

static void without_a_trial_nothing_is_decided(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    judge_bench(&bench, 0);
    assert_true(bench.judgement.undecided);
    assert_false(bench.judgement.held);
    assert_int_equal(bench.judgement.unmet.count, 0);
}

static void more_unmet_than_kept_are_counted(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    memset(bench.scenario.expect.checks, EXPECT_ALWAYS, sizeof bench.scenario.expect.checks);
    memset(bench.scenario.expect.verdicts, EXPECT_ALWAYS, VERDICTS);
    bench.scenario.expect.elect = (struct percentile_bounds){.ns = {1, 1, 1, 1}};
    bench.scenario.expect.settle = (struct percentile_bounds){.ns = {1, 1, 1, 1}};
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.unmet.count, check_count() + VERDICTS + 8);
    assert_true(bench.judgement.unmet.count > UNMET_MAX);
}

/* A bound on what a trial comes to: the first that exceeds it is named; else one that cannot be
 * judged leaves it open. */
static void totals_are_bounded_in_each_trial(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    bench.scenario.expect.totals[TOTAL_LEADERLESS] = (struct total_bound){true, 300 * MS};
    bench.scenario.expect.totals[TOTAL_TWO_LEADERS] = (struct total_bound){true, 0};
    bench.scenario.expect.totals[TOTAL_REQUESTS] = (struct total_bound){true, 2000};
    bench.trials[0].leaderless_ns = 300 * MS;
    bench.trials[1].undecided = "of the weather";
    bench.trials[1].leaderless_ns = 900 * MS;
    bench.trials[2].leaderless_ns = 300 * MS + 1;
    bench.trials[2].requests = 2001;
    judge_bench(&bench, TRIALS);
    const struct judgement *judgement = &bench.judgement;
    assert_int_equal(judgement->unmet.count, 2);
    assert_string_equal(
        judgement->unmet.list[0].text,
        "leaderless_ms: expected to be at most 300.0 ms in all, but in trial 3 it was "
        "300.0 ms (1 of 3 exceed it)");
    assert_string_equal(
        judgement->unmet.list[1].text,
        "requests: expected to be at most 2,000 in all, but in trial 3 it was 2,001 (1 of "
        "3 exceed it)");
    assert_int_equal(judgement->open.count, 1);
    assert_string_equal(judgement->open.list[0].text,
                        "two_leaders_ms: expected to be at most 0.0 ms in all, but it could not be "
                        "decided in 1 of 3 trials; trial 2: of the weather");
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[0]), TRIAL_PASSED);
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[1]), TRIAL_UNDECIDED);
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[2]), TRIAL_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_are_expected_with_a_frequency),
        cmocka_unit_test(the_undecided_leave_open_what_the_others_do_not_settle),
        cmocka_unit_test(an_undecided_trial_leaves_elections_open),
        cmocka_unit_test(verdicts_are_expected_likewise),
        cmocka_unit_test(leaders_are_expected_of_each_trial),
        cmocka_unit_test(a_trial_that_is_not_as_expected_did_not_pass),
        cmocka_unit_test(without_a_trial_nothing_is_decided),
        cmocka_unit_test(more_unmet_than_kept_are_counted),
        cmocka_unit_test(totals_are_bounded_in_each_trial),
    };
    return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
