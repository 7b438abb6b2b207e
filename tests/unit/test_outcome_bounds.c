/* Bounds on the times of elections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/jury.h"

static void bounds_are_on_all_elections_together(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    add_election(&bench, 1, VERDICT_OK, 10);
    add_election(&bench, 2, VERDICT_OK, 20);
    add_election(&bench, 3, VERDICT_OK, 30);
    bench.scenario.expect.elect = (struct percentile_bounds){
        .ns[BOUND_P50] = 20 * MS, .ns[BOUND_P90] = 30 * MS, .ns[BOUND_MAX] = 30 * MS};
    bench.scenario.expect.settle = (struct percentile_bounds){.ns[BOUND_P50] = 40 * MS};
    judge_bench(&bench, TRIALS);
    assert_true(bench.judgement.held);

    bench.scenario.expect.elect.ns[BOUND_P99] = 30 * MS - 1;
    bench.scenario.expect.settle.ns[BOUND_MAX] = 60 * MS - 1;
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.unmet.count, 2);
    assert_int_equal(bench.judgement.unmet.list[0].trial, 0);
    assert_string_equal(bench.judgement.unmet.list[0].text,
                        "elect_ms: p99 was expected to be at most 30.0 ms, but was 30.0 ms "
                        "(of 3 elections)");
    assert_non_null(strstr(bench.judgement.unmet.list[1].text, "settle_ms: max"));
}

static void a_bound_on_what_never_happened_is_not_met(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    bench.scenario.expect.elect.ns[BOUND_P50] = 1000 * MS;
    judge_bench(&bench, TRIALS);
    assert_false(bench.judgement.held);
    assert_string_equal(bench.judgement.unmet.list[0].text,
                        "elect_ms: p50 was expected to be at most 1,000.0 ms, but no election "
                        "has one");
}

/* How elections ended that were not published, and what becomes of bounds. */
static void never_is_beyond_every_bound(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    add_election(&bench, 1, VERDICT_OK, 10);
    add_election(&bench, 2, VERDICT_OK, 20);
    add_election(&bench, 3, VERDICT_NONE, 0); /* waited for 5 s */
    bench.scenario.expect.elect = (struct percentile_bounds){
        .ns[BOUND_P50] = 20 * MS, .ns[BOUND_P90] = 700 * MS, .ns[BOUND_MAX] = 700 * MS};
    bench.scenario.expect.settle = (struct percentile_bounds){.ns[BOUND_P99] = 700 * MS};
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.unmet.count, 3);
    assert_int_equal(bench.judgement.unmet.list[0].trial, 0);
    assert_string_equal(bench.judgement.unmet.list[0].text,
                        "elect_ms: p90 was expected to be at most 700.0 ms, but 1 never was "
                        "published (of 3 elections)");
    assert_int_equal(bench.judgement.unmet.list[1].trial, 3);
    assert_int_equal(bench.judgement.unmet.list[1].seed, 102);
    assert_string_equal(bench.judgement.unmet.list[1].text,
                        "elect_ms: max was expected to be at most 700.0 ms, but election 1 of "
                        "trial 3, due since 0.000 s, never was published (of 3 elections)");
    assert_string_equal(bench.judgement.unmet.list[2].text,
                        "settle_ms: p99 was expected to be at most 700.0 ms, but 1 never "
                        "settled (of 3 elections)");
    assert_int_equal(trial_verdict(&bench.scenario, &bench.trials[0]), TRIAL_PASSED);
    assert_int_not_equal(trial_verdict(&bench.scenario, &bench.trials[2]), TRIAL_PASSED);
}

static void what_was_withdrawn_or_open_is_left_out_and_counted(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    add_election(&bench, 1, VERDICT_OK, 800);
    add_election(&bench, 2, VERDICT_NONE, 0);
    bench.elections[1].ended = ENDED_WITHDRAWN;
    bench.elections[1].unsettled = false;
    add_election(&bench, 3, VERDICT_NONE, 0);
    bench.elections[2].ended = ENDED_CENSORED;
    bench.elections[2].until_ns = 699 * MS;
    bench.scenario.expect.elect = (struct percentile_bounds){.ns[BOUND_MAX] = 700 * MS};
    judge_bench(&bench, TRIALS);
    assert_int_equal(bench.judgement.unmet.count, 1);
    assert_int_equal(bench.judgement.unmet.list[0].trial, 1);
    assert_string_equal(bench.judgement.unmet.list[0].text,
                        "elect_ms: max was expected to be at most 700.0 ms, but was 800.0 ms "
                        "in election 1 of trial 1, due since 0.000 s (of 1 election; not "
                        "counted: 1 withdrawn, 1 open at the end)");

    bench.elections[0].published_ns = 700 * MS;
    judge_bench(&bench, TRIALS);
    assert_true(bench.judgement.held);
}

static void nobody_knows_where_every_trial_ended_too_early(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    add_election(&bench, 1, VERDICT_NONE, 0);
    bench.elections[0].ended = ENDED_CENSORED;
    bench.elections[0].until_ns = 699 * MS;
    bench.scenario.expect.elect = (struct percentile_bounds){.ns[BOUND_MAX] = 700 * MS};
    judge_bench(&bench, 1);
    assert_false(bench.judgement.held);
    assert_true(bench.judgement.undecided);

    /* Each bound asks for itself: 600 ms have passed in vain. */
    bench.scenario.expect.elect.ns[BOUND_P50] = 600 * MS;
    judge_bench(&bench, 1);
    assert_int_equal(bench.judgement.unmet.count, 1);
    assert_non_null(strstr(bench.judgement.unmet.list[0].text, "p50 was expected"));
}

static void the_clock_of_a_superseded_election_runs_on(void **state)
{
    (void)state;
    struct bench bench = new_bench();
    add_election(&bench, 1, VERDICT_OK, 100);
    bench.elections[0].since_ns = -3500 * MS;
    bench.scenario.expect.elect = (struct percentile_bounds){.ns[BOUND_MAX] = 700 * MS};
    judge_bench(&bench, 1);
    assert_int_equal(bench.judgement.unmet.count, 1);
    assert_non_null(strstr(bench.judgement.unmet.list[0].text, "but was 3,600.0 ms in election 1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_on_all_elections_together),
        cmocka_unit_test(a_bound_on_what_never_happened_is_not_met),
        cmocka_unit_test(never_is_beyond_every_bound),
        cmocka_unit_test(what_was_withdrawn_or_open_is_left_out_and_counted),
        cmocka_unit_test(nobody_knows_where_every_trial_ended_too_early),
        cmocka_unit_test(the_clock_of_a_superseded_election_runs_on),
    };
    return cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
