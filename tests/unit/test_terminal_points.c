/* The points that the formats for machines report: one for each expectation. */
#include "tests/terminal/canned.h"
#include "tests/terminal/golden.h"

#include "sim/outcome/judge.h"
#include "sim/outcome/points.h"
#include "src/owners.h"
#include "src/protocol.h"

static struct canned canned;

static void make_points(struct points *points)
{
    struct trials *trials = canned_trials(&canned);
    points_make(&canned.scenario, trials, &canned.judgement, points);
    trials_free(trials);
}

static void judge_canned(void)
{
    struct trials *trials = canned_trials(&canned);
    judge(trials, &canned.judgement);
    trials_free(trials);
}

static const struct point *find_point(const struct points *points, const char *name)
{
    for (size_t i = 0; i < points->count; i++) {
        if (strcmp(points->list[i].name, name) == 0) {
            return &points->list[i];
        }
    }
    return NULL;
}

static void every_expectation_is_a_point(void **unused)
{
    (void)unused;
    struct points points;
    canned_dead(&canned, 1);
    canned.scenario.expect.verdicts[VERDICT_WRONG] = EXPECT_NEVER;
    canned.scenario.expect.elect.ns[BOUND_P99] = MS(500);
    make_points(&points);
    assert_int_equal(points.failed, 0);
    assert_int_equal(points.count, check_count() + 5);
    assert_non_null(find_point(&points, "leaderless_ms max"));
    assert_string_equal(find_point(&points, "dead_leader")->expected, "always");
    assert_string_equal(find_point(&points, "leaders")->expected, "1");
    assert_non_null(find_point(&points, "verdict wrong"));
    assert_non_null(find_point(&points, "elect_ms p99"));
    assert_non_null(find_point(&points, "settles_within"));
}

static void an_unmet_expectation_fails_its_point_alone(void **unused)
{
    (void)unused;
    struct points points;
    canned_dead(&canned, 2);
    canned_unmet(&canned, 2, "leaders: expected 1, but trial 2: 1, 4");
    make_points(&points);
    assert_int_equal(points.failed, 1);
    assert_ptr_equal(find_point(&points, "leaders")->unmet, &canned.judgement.unmet.list[0]);

    canned_dead(&canned, 2);
    canned_unmet(&canned, 1, "no_leader: expected never, but trial 1: nobody was elected");
    make_points(&points);
    assert_int_equal(points.failed, 2);
    assert_non_null(find_point(&points, "settles_within")->failure);
    assert_non_null(find_point(&points, "no_leader")->failure);
}

/* What nothing in any trial could have broken has not held. */
static void what_was_not_put_to_the_test_is_skipped(void **unused)
{
    (void)unused;
    struct points points;
    int check = check_find("starvation");
    canned_dead(&canned, 2);
    for (size_t i = 0; i < canned.count; i++) {
        canned.outcomes[i].checks[check] = check_could_not_fire("nobody asked for the lock");
    }
    make_points(&points);
    assert_int_equal(points.skipped, 1);
    assert_int_equal(points.failed, 0);
    assert_string_equal(find_point(&points, "starvation")->skipped, "nobody asked for the lock");

    /* In one trial it could have been. */
    canned.outcomes[1].checks[check] = check_held();
    make_points(&points);
    assert_int_equal(points.skipped, 0);

    /* Expected always, it is not skipped: it failed. */
    canned.outcomes[1].checks[check] = check_could_not_fire("nobody asked for the lock");
    canned.scenario.expect.checks[check] = EXPECT_ALWAYS;
    judge_canned();
    make_points(&points);
    assert_null(find_point(&points, "starvation")->skipped);
    assert_non_null(find_point(&points, "starvation")->failure);
}

/* Nobody says that it settled in time of a run that may do without a leader. */
static void settling_is_judged_only_if_a_leader_is_demanded(void **unused)
{
    (void)unused;
    struct points points;
    canned_dead(&canned, 1);
    make_points(&points);
    assert_null(find_point(&points, "settles_within")->skipped);
    canned.scenario.expect.checks[check_find("no_leader")] = EXPECT_ALLOWED;
    make_points(&points);
    assert_non_null(find_point(&points, "settles_within")->skipped);
}

/* Of programs that only lock nobody is elected: nothing can settle, or fail to. */
static void nothing_settles_where_nobody_is_elected(void **unused)
{
    (void)unused;
    struct points points;
    canned_dead(&canned, 1);
    int row = owner_find(OWNER_PROTOCOL, protocol_own_lock.name);
    assert_true(row >= 0);
    settings_choose(&canned.scenario.settings, OWNER_PROTOCOL, (uint8_t)row);
    make_points(&points);
    assert_null(find_point(&points, "settles_within"));
}

static void verdicts_are_judged_only_if_an_election_became_due(void **unused)
{
    (void)unused;
    struct points points;
    canned_dead(&canned, 1);
    canned.scenario.expect.verdicts[VERDICT_WRONG] = EXPECT_NEVER;
    canned.outcomes[0].election_count = 0;
    make_points(&points);
    assert_string_equal(find_point(&points, "verdict wrong")->skipped, "no election became due");
}

/* Whatever judge() says, a run that failed has a point that failed. */
static void no_failure_is_lost(void **unused)
{
    (void)unused;
    struct points points;
    canned_first(&canned);
    for (int i = 0; i < UNMET_MAX; i++) {
        canned_unmet(&canned, 1, "dead_leader: expected never, but it was seen");
    }
    canned.judgement.unmet.count++;
    canned.judgement.undecided = true;
    make_points(&points);
    assert_int_equal(points.failed, 3);
    assert_non_null(find_point(&points, "dead_leader")->failure);
    assert_non_null(find_point(&points, "further")->failure);
    assert_non_null(find_point(&points, "decided")->failure);
}

static void what_was_seen_is_told(void **unused)
{
    (void)unused;
    struct points points;
    canned_dead(&canned, 2);
    make_points(&points);
    assert_string_equal(find_point(&points, "dead_leader")->seen, "2 of 2 trials");
    assert_string_equal(find_point(&points, "leaders")->seen, "2 of 2 trials had others");
    canned.scenario.settings.nodes = 1;
    points_make(&canned.scenario, NULL, &canned.judgement, &points);
    assert_string_equal(find_point(&points, "dead_leader")->seen, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_expectation_is_a_point),
        cmocka_unit_test(an_unmet_expectation_fails_its_point_alone),
        cmocka_unit_test(what_was_not_put_to_the_test_is_skipped),
        cmocka_unit_test(settling_is_judged_only_if_a_leader_is_demanded),
        cmocka_unit_test(nothing_settles_where_nobody_is_elected),
        cmocka_unit_test(verdicts_are_judged_only_if_an_election_became_due),
        cmocka_unit_test(no_failure_is_lost),
        cmocka_unit_test(what_was_seen_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
