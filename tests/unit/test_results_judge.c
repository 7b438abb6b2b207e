/* Whether expectations hold over trials. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "sim/results/judge.h"

#define TRIALS 3
#define MS INT64_C(1000000)

/* Three trials, each with at most one violation and one election. */
struct bench {
    struct scenario scenario;
    struct outcome trials[TRIALS];
    struct violation violations[TRIALS];
    struct election elections[TRIALS];
    struct judgement judgement;
};

static struct bench new_bench(void)
{
    struct bench bench = {.scenario = {.name = "bench", .seed = 100}};
    memset(bench.scenario.expect.verdicts, EXPECT_ALLOWED, VERDICTS);
    return bench;
}

static void judge_bench(struct bench *bench, size_t trials)
{
    for (uint32_t i = 0; i < TRIALS; i++) {
        bench->trials[i].trial = i + 1;
        bench->trials[i].seed = 100 + i;
        bench->trials[i].violations.list = &bench->violations[i];
        bench->trials[i].elections = &bench->elections[i];
    }
    judge(&bench->scenario, bench->trials, trials, &bench->judgement);
}

static void add_violation(struct bench *bench, int trial, const char *check)
{
    struct violation *violation = &bench->violations[trial - 1];
    violation->check = (uint16_t)check_find(check);
    snprintf(violation->explanation, sizeof violation->explanation, "It broke in trial %d.", trial);
    bench->trials[trial - 1].violations.count = 1;
    bench->trials[trial - 1].checks[violation->check].ending = CHECK_BROKEN;
}

static void add_election(struct bench *bench, int trial, uint8_t verdict, int64_t elect_ms)
{
    bench->elections[trial - 1] = (struct election){.nth = 1,
                                                    .verdict = verdict,
                                                    .published_ns = elect_ms * MS,
                                                    .settled_ns = 2 * elect_ms * MS};
    if (elect_ms == 0) {
        bench->elections[trial - 1].published_ns = NEVER_NS;
        bench->elections[trial - 1].settled_ns = NEVER_NS;
    }
    bench->trials[trial - 1].election_count = 1;
}

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
        assert_int_equal(bench.judgement.count, cases[i].holds ? 0 : 1);
        if (!cases[i].holds) {
            assert_int_equal(bench.judgement.unmet[0].trial, cases[i].guilty);
            assert_int_equal(bench.judgement.unmet[0].seed,
                             99 + (cases[i].guilty ? cases[i].guilty : 1));
            assert_string_equal(bench.judgement.unmet[0].text, cases[i].text);
        }
    }
}

/* For each trial how the check ended: h held, b broken, c could not fire, d does not apply, u
 * undecided. */
static void end_checks(struct bench *bench, const char *check, const char *endings)
{
    static const char letters[] = "hbcdu";
    for (int trial = 1; trial <= TRIALS; trial++) {
        struct check_verdict *verdict = &bench->trials[trial - 1].checks[check_find(check)];
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
        assert_int_equal(judgement->count, cases[i].unmet);
        assert_int_equal(judgement->open.count, cases[i].open);
        assert_int_equal(judgement->held, !cases[i].unmet && !cases[i].open);
        assert_int_equal(judgement->undecided, !cases[i].unmet && cases[i].open);
        if (cases[i].text) {
            assert_string_equal(cases[i].unmet ? judgement->unmet[0].text
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
    bench.scenario.expect.elect.max_ns = 20 * MS;
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
                        "elect_ms: max was expected to be at most 20.000 ms, but 1 of 3 trials "
                        "are undecided");

    add_election(&bench, 3, VERDICT_OK, 30); /* the worst of all, whatever trial 2 was */
    judge_bench(&bench, TRIALS);
    assert_false(bench.judgement.undecided);
    assert_false(bench.judgement.held);
    assert_int_equal(bench.judgement.count, 1);
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
    assert_int_equal(bench.judgement.count, 1);
    assert_string_equal(bench.judgement.unmet[0].text,
                        "verdict dead: expected sometimes, but none of 3 trials has it");

    add_election(&bench, 2, VERDICT_WRONG, 1);
    add_election(&bench, 3, VERDICT_DEAD, 1);
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.count, 2);
    assert_string_equal(bench.judgement.unmet[0].text,
                        "verdict ok: expected always, but trial 2 lacks it (1 of 3 have it)");
    assert_string_equal(bench.judgement.unmet[1].text,
                        "verdict wrong: expected never, but trial 2 has it (1 of 3): election 1, "
                        "due at 0.000 ms by cause start, ended so");
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
        bench.trials[i].leaders[0] = 1;
        bench.trials[i].leaders[1] = 4;
    }
    judge_bench(&bench, TRIALS);
    assert_true(bench.judgement.held);

    bench.trials[1].leader_count = 3;
    bench.trials[1].leaders[2] = 0;
    bench.trials[2].leader_count = 0;
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.count, 1);
    assert_int_equal(bench.judgement.unmet[0].trial, 2);
    assert_string_equal(bench.judgement.unmet[0].text,
                        "leaders: everybody was expected to follow 1, 4, but in trial 2 it was "
                        "1, 4, 0 (2 of 3 differ)");

    bench.scenario.expect.leader_count = 0; /* nobody, at no time */
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.unmet[0].trial, 1);
    assert_non_null(strstr(bench.judgement.unmet[0].text, "follow nobody, but"));
}

static void bounds_are_on_all_elections_together(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    add_election(&bench, 1, VERDICT_OK, 10);
    add_election(&bench, 2, VERDICT_OK, 20);
    add_election(&bench, 3, VERDICT_OK, 30);
    bench.scenario.expect.elect =
        (struct percentile_bounds){.p50_ns = 20 * MS, .p90_ns = 30 * MS, .max_ns = 30 * MS};
    bench.scenario.expect.settle = (struct percentile_bounds){.p50_ns = 40 * MS};
    judge_bench(&bench, TRIALS);
    assert_true(bench.judgement.held);

    bench.scenario.expect.elect.p99_ns = 30 * MS - 1;
    bench.scenario.expect.settle.max_ns = 60 * MS - 1;
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.count, 2);
    assert_int_equal(bench.judgement.unmet[0].trial, 0);
    assert_string_equal(bench.judgement.unmet[0].text,
                        "elect_ms: p99 was expected to be at most 30.000 ms, but was 30.000 ms "
                        "(of 3 elections)");
    assert_non_null(strstr(bench.judgement.unmet[1].text, "settle_ms: max"));
}

static void a_bound_on_what_never_happened_is_not_met(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    add_election(&bench, 1, VERDICT_NONE, 0);
    bench.scenario.expect.elect.p50_ns = 1000 * MS;
    judge_bench(&bench, TRIALS);
    assert_false(bench.judgement.held);
    assert_string_equal(bench.judgement.unmet[0].text,
                        "elect_ms: p50 was expected to be at most 1000.000 ms, but no election "
                        "has one");
}

static void without_a_trial_nothing_is_decided(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    judge_bench(&bench, 0);
    assert_true(bench.judgement.undecided);
    assert_false(bench.judgement.held);
    assert_int_equal(bench.judgement.count, 0);
}

static void more_unmet_than_kept_are_counted(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    memset(bench.scenario.expect.checks, EXPECT_ALWAYS, sizeof bench.scenario.expect.checks);
    memset(bench.scenario.expect.verdicts, EXPECT_ALWAYS, VERDICTS);
    bench.scenario.expect.elect = (struct percentile_bounds){1, 1, 1, 1};
    bench.scenario.expect.settle = (struct percentile_bounds){1, 1, 1, 1};
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.count, check_count() + VERDICTS + 8);
    assert_true(bench.judgement.count > UNMET_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_are_expected_with_a_frequency),
        cmocka_unit_test(the_undecided_leave_open_what_the_others_do_not_settle),
        cmocka_unit_test(an_undecided_trial_leaves_elections_open),
        cmocka_unit_test(verdicts_are_expected_likewise),
        cmocka_unit_test(leaders_are_expected_of_each_trial),
        cmocka_unit_test(bounds_are_on_all_elections_together),
        cmocka_unit_test(a_bound_on_what_never_happened_is_not_met),
        cmocka_unit_test(without_a_trial_nothing_is_decided),
        cmocka_unit_test(more_unmet_than_kept_are_counted),
    };
    return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
