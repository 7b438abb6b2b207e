/* A sweep without its trials: axes, points, what is made of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sweep/advice.h"
#include "sim/sweep/curve.h"
#include "sim/sweep/edge.h"
#include "src/units.h"

/* --- axes ------------------------------------------------------------------------------------- */

static void assert_values(const char *text, const char *expected)
{
    struct axes axes = {0};
    char why[400], values[1000] = "";
    if (!axes_add(&axes, text, why, sizeof why)) {
        fail_msg("%s: %s", text, why);
    }
    for (size_t i = 0; i < axes.list[0].count; i++) {
        strcat(values, i > 0 ? " | " : "");
        strcat(values, axis_value(&axes.list[0], i));
    }
    assert_string_equal(values, expected);
    axes_free(&axes);
}

static void lists_and_ranges_are_read(void **state)
{
    (void)state;
    assert_values("a=1", "1");
    assert_values("lock.token.ttl=500ms,1s, 2s", "500ms | 1s | 2s");
    assert_values("a={b: 1, c: [2, 3]},x,\"p,q\"", "{b: 1, c: [2, 3]} | x | \"p,q\"");
    assert_values("a=100ms..10s/log3", "100ms | 1s | 10s");
    assert_values("a=100ms..10s/log8",
                  "100ms | 193ms | 373ms | 720ms | 1.39s | 2.68s | 5.18s | 10s");
    assert_values("a=1s..2s/3", "1s | 1.5s | 2s");
    assert_values("nodes=3..9/4", "3 | 5 | 7 | 9");
    assert_values("faults.1.for=1.001s..1.004s/4", "1.001s | 1.002s | 1.003s | 1.004s");
    assert_values("a=1234ms..1240ms/4", "1234ms | 1.236s | 1.238s | 1240ms");
    assert_values("a=1us..2us/5", "1us | 1.25us | 1.5us | 1.75us | 2us");
    assert_values("a=0.0..1.0/5", "0.0 | 0.25 | 0.5 | 0.75 | 1.0");
    assert_values("a=0.00001..0.1/log3", "0.00001 | 0.001 | 0.1");
    assert_values("a=100..1000000/log3", "100 | 10000 | 1000000");
    assert_values("a=30s..90s/3", "30s | 1m | 90s");
    assert_values("a=0.1..0.2/3", "0.1 | 0.15 | 0.2");
    assert_values("a=../gc.log,./b..log/3", "../gc.log | ./b..log/3");
    assert_values("a= 3 , 4 ", "3 | 4");
}

static void assert_no_axis(const char *text, const char *words)
{
    struct axes axes = {0};
    char why[400];
    assert_false(axes_add(&axes, text, why, sizeof why));
    if (!strstr(why, words)) {
        fail_msg("%s: %s", text, why);
    }
    axes_free(&axes);
}

static void wrong_axes_are_refused(void **state)
{
    struct axes axes = {0};
    char why[400];
    (void)state;
    assert_no_axis("a", "no values");
    assert_no_axis("=3", "no values");
    assert_no_axis("a=", "empty");
    assert_no_axis("a=1,,2", "empty");
    assert_no_axis("a=2s..1s/3", "LOW..HIGH/N");
    assert_no_axis("a=1s..10s", "LOW..HIGH/N");
    assert_no_axis("a=1..x/3", "LOW..HIGH/N");
    assert_no_axis("a=1,2,1", "the value 1 is there twice");
    assert_no_axis("a=2s,1s,2000ms", "2s and 2000ms are the same value");
    assert_no_axis("nodes=1..3/9", "of its 9 values some are the same whole number");
    assert_no_axis("a=0..1/5", "or ends such as 1.0 if fractions are meant");
    assert_no_axis("a=1s..2s/1", "LOW..HIGH/N");
    assert_no_axis("a=0s..2s/log3", "from more than 0");
    assert_true(axes_add(&axes, "a=1,2", why, sizeof why));
    assert_false(axes_add(&axes, "a=3", why, sizeof why));
    assert_non_null(strstr(why, "values already"));
    axes_free(&axes);
}

static void what_befalls_is_told_from_what_is_chosen(void **state)
{
    struct axes axes = {0};
    char why[400];
    (void)state;
    assert_true(axes_add(&axes, "faults.1.for=1s,2s", why, sizeof why));
    assert_true(axes_add(&axes, "lock.token.ttl=1s,500ms", why, sizeof why));
    assert_true(axes_add(&axes, "fencing=true,false", why, sizeof why));
    assert_false(axes.list[0].chosen);
    assert_true(axes.list[0].ascends && axes.list[0].is_time);
    assert_true(axes.list[1].chosen);
    assert_false(axes.list[1].ascends);
    assert_null(axes.list[2].sizes);
    assert_true(axes_add(&axes, "seed=1,2,3", why, sizeof why));
    assert_false(axes.list[3].chosen || axes.list[3].ascends); /* there is no "up to a seed" */
    assert_true(axes_add(&axes, "pauses.mean=1s,2s", why, sizeof why));
    assert_false(axes.list[4].ascends); /* the longer that is, the rarer are pauses */
    axes_free(&axes);
}

/* --- plans ------------------------------------------------------------------------------------ */

static void the_last_axis_varies_fastest(void **state)
{
    struct axes axes = {0};
    struct plan plan;
    const char *words[AXES_MAX];
    char why[400];
    (void)state;
    assert_true(axes_add(&axes, "a=1,2", why, sizeof why));
    assert_true(axes_add(&axes, "b=5", why, sizeof why));
    assert_true(axes_add(&axes, "c=x,y,z", why, sizeof why));
    assert_true(plan_make(&plan, &axes, 0, 1, why, sizeof why));
    assert_int_equal(plan.cells, 6);
    assert_int_equal(plan_words(&plan, 4, words), 3);
    assert_string_equal(words[0], "a=2");
    assert_string_equal(words[1], "b=5");
    assert_string_equal(words[2], "c=y");
    plan_free(&plan);
    axes_free(&axes);
}

static void a_sample_has_each_combination_once(void **state)
{
    struct axes axes = {0};
    char why[400];
    (void)state;
    assert_true(axes_add(&axes, "a=1..100/100", why, sizeof why));
    assert_true(axes_add(&axes, "b=1..30/30", why, sizeof why));
    for (size_t count = 1; count < 3000; count += 371) {
        struct plan plan, again;
        assert_true(plan_make(&plan, &axes, count, 7, why, sizeof why));
        assert_true(plan_make(&again, &axes, count, 7, why, sizeof why));
        assert_int_equal(plan.cells, count);
        assert_memory_equal(plan.sample, again.sample, count * sizeof *plan.sample);
        for (size_t i = 1; i < count; i++) {
            assert_true(plan.sample[i] > plan.sample[i - 1] && plan.sample[i] < 3000);
        }
        plan_free(&plan);
        plan_free(&again);
    }
    struct plan plan;
    assert_true(axes_add(&axes, "c=1..1000/1000", why, sizeof why));
    assert_false(plan_make(&plan, &axes, 0, 7, why, sizeof why));
    assert_non_null(strstr(why, "--sample"));
    plan_free(&plan);
    axes_free(&axes);
}

/* --- points ----------------------------------------------------------------------------------- */

static void a_point_is_a_line_and_back(void **state)
{
    struct point point = {0}, back = {0};
    char *line = NULL;
    size_t size = 0;
    (void)state;
    for (int i = 0; i < FIGURES; i++) {
        point.of[i] = i == 4 ? NEVER_NS : i == 7 ? FOREVER_NS : i * 1000003;
    }
    FILE *file = open_memstream(&line, &size);
    assert_non_null(file);
    point_write(&point, file);
    fclose(file);
    assert_true(point_read(line, &back));
    assert_memory_equal(&point, &back, sizeof point);
    line[strlen(line) - 1] = 'x';
    assert_false(point_read(line, &back));
    assert_false(point_read("1 2 3", &back));
    assert_false(point_read("", &back));
    free(line);
    point_not_valid(&point, "faults.1.for=0:\tout\nof bounds");
    file = open_memstream(&line, &size);
    assert_non_null(file);
    point_write(&point, file);
    fclose(file);
    assert_null(strpbrk(line, "\t\n"));
    assert_true(point_read(line, &back));
    assert_string_equal(back.why, "faults.1.for=0: out of bounds");
    free(line);
}

/* All checks but that of stale writes held; nobody else wrote. */
static struct check_verdict *some_verdicts(void)
{
    static struct check_verdict verdicts[32];
    assert_in_range(check_count(), 1, 32);
    for (size_t i = 0; i < check_count(); i++) {
        verdicts[i].ending =
            check_rows[i] == &check_stale_write ? CHECK_COULD_NOT_FIRE : CHECK_HELD;
    }
    return verdicts;
}

static struct outcome an_outcome(struct election *election)
{
    return (struct outcome){.verdict = TRIAL_PASSED,
                            .checks = some_verdicts(),
                            .election_count = 1,
                            .elections = election,
                            .duration_ns = 10 * NS_PER_S,
                            .leaderless_ns = 2 * NS_PER_S,
                            .requests = 50};
}

static void figures_are_those_of_the_trials(void **state)
{
    struct election election = {.cause = CAUSE_PAUSE,
                                .cause_node = 1,
                                .ended = ENDED_PUBLISHED,
                                .elected = 2,
                                .due_ns = NS_PER_S,
                                .since_ns = NS_PER_S,
                                .published_ns = 3 * NS_PER_S,
                                .settled_ns = 4 * NS_PER_S};
    struct outcome outcome = an_outcome(&election);
    struct point_sum sum = {0};
    struct point point;
    (void)state;
    assert_true(point_take(&sum, &outcome));
    outcome.work.stale = 1;
    outcome.verdict = TRIAL_FAILED;
    election.elected = 1; /* again: no takeover */
    assert_true(point_take(&sum, &outcome));
    outcome.work.stale = 0;
    outcome.two_leaders_ns = NS_PER_S;
    outcome.leaderless_ns = 5 * NS_PER_S;
    election.cause = CAUSE_CRASH;
    election.elected = 2; /* of one that is dead: not a false one */
    assert_true(point_take(&sum, &outcome));
    outcome.verdict = TRIAL_UNDECIDED;
    assert_true(point_take(&sum, &outcome));
    point_end(&sum, &point);
    point_sum_free(&sum);
    assert_int_equal(point.of[FIGURE_TRIALS], 4);
    assert_int_equal(point.of[FIGURE_FAILED], 2);
    assert_int_equal(point.of[FIGURE_UNDECIDED], 1);
    assert_int_equal(point.of[FIGURE_ELECTIONS], 3);
    assert_int_equal(point.of[FIGURE_FALSE_TAKEOVERS], 1);
    assert_int_equal(point.of[FIGURE_SPLIT_TRIALS], 2);
    assert_int_equal(point.of[FIGURE_UNFENCED], 1);
    assert_int_equal(point.of[FIGURE_ELECT_P50], 2 * NS_PER_S);
    assert_int_equal(point.of[FIGURE_SETTLE_MAX], 3 * NS_PER_S);
    assert_int_equal(point.of[FIGURE_LEADERLESS_MEAN], 3 * NS_PER_S);
    assert_int_equal(point.of[FIGURE_LEADERLESS_MAX], 5 * NS_PER_S);
    assert_int_equal(point.of[FIGURE_OVERLAP_MAX], NS_PER_S);
    assert_int_equal(point.of[FIGURE_REQUESTS], 5000);
}

/* Counts of a point with one trial. */
static struct point point_of(const struct outcome *outcome)
{
    struct point_sum sum = {0};
    struct point point;
    assert_true(point_take(&sum, outcome));
    point_end(&sum, &point);
    point_sum_free(&sum);
    return point;
}

static void what_could_not_split_is_untested(void **state)
{
    struct election election = {.elected = 1};
    struct outcome outcome = an_outcome(&election);
    size_t leaders = 0, holders = 0;
    (void)state;
    while (check_rows[leaders] != &check_two_leaders) {
        leaders++;
    }
    while (check_rows[holders] != &check_two_lock_holders) {
        holders++;
    }
    assert_int_equal(point_of(&outcome).of[FIGURE_UNTESTED], 0);
    outcome.not_done_count = 1;
    assert_int_equal(point_of(&outcome).of[FIGURE_UNTESTED], 1);
    outcome.two_leaders_ns = 1; /* what split all the same did split */
    assert_int_equal(point_of(&outcome).of[FIGURE_UNTESTED], 0);
    outcome.two_leaders_ns = 0;
    outcome.not_done_count = 0;
    outcome.checks[leaders].ending = CHECK_DOES_NOT_APPLY;
    assert_int_equal(point_of(&outcome).of[FIGURE_UNTESTED], 0);
    outcome.checks[holders].ending = CHECK_COULD_NOT_FIRE;
    assert_int_equal(point_of(&outcome).of[FIGURE_UNTESTED], 1);
    outcome.checks[leaders].ending = CHECK_HELD;
    outcome.checks[holders].ending = CHECK_UNDECIDED;
    assert_int_equal(point_of(&outcome).of[FIGURE_UNTESTED], 1);
}

/* --- advice ----------------------------------------------------------------------------------- */

/* The longer the lease, the longer the pause that it bears, and the time without a leader. */
static bool made_up(void *self, size_t cell, struct point *point)
{
    size_t values[AXES_MAX];
    plan_values(self, cell, values);
    *point = (struct point){0};
    point->of[FIGURE_TRIALS] = 100;
    point->of[FIGURE_LEADERLESS_P99] = point->of[FIGURE_LEADERLESS_MEAN] =
        (int64_t)(values[0] + 1) * NS_PER_S;
    point->of[FIGURE_FALSE_TAKEOVERS] = 50;
    point->of[FIGURE_SPLIT_TRIALS] = values[1] > values[0] ? 7 : 0;
    return true;
}

static void what_bears_most_is_best(void **state)
{
    struct axes axes = {0};
    struct plan plan;
    struct advice advice;
    char why[400], name[100];
    (void)state;
    assert_true(axes_add(&axes, "lock.token.ttl=1s,2s,3s", why, sizeof why));
    assert_true(axes_add(&axes, "faults.1.for=1s,2s,3s,4s", why, sizeof why));
    assert_true(plan_make(&plan, &axes, 0, 1, why, sizeof why));
    const struct points points = {.plan = &plan, .self = &plan, .read = made_up};
    assert_true(advice_make(&advice, &points));
    assert_int_equal(advice.count, 3);
    assert_int_equal(advice.befalls, 1);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(advice.list[i].safe, i + 1);
        assert_int_equal(advice.list[i].split, 7);
        assert_int_equal(advice.list[i].of, 100);
        struct price price = advice_price(&advice.list[i], i + 1);
        assert_int_equal(price.leaderless_ns, (int64_t)(i + 1) * NS_PER_S);
        assert_true(fabs(price.takeovers - 0.5) < 1e-9);
    }
    assert_int_equal(advice.best, 2);
    advice_name(&advice, 2, name, sizeof name);
    assert_string_equal(name, "lock.token.ttl 3s");
    size_t length = 0;
    char *picture = NULL;
    FILE *file = open_memstream(&picture, &length);
    assert_non_null(file);
    assert_true(curve_draw(&points, "a <b> & c", file));
    assert_int_equal(fclose(file), 0);
    assert_non_null(strstr(picture, "<title>a &lt;b&gt; &amp; c: leaderless"));
    assert_non_null(strstr(picture, "split brain"));
    assert_int_equal(length, strlen(picture));
    free(picture);
    advice_free(&advice);
    plan_free(&plan);
    axes_free(&axes);
}

static void a_bound_is_that_of_no_break(void **state)
{
    (void)state;
    assert_true(fabs(edge_bound(10000, 1) - 0.00032184) < 1e-7);
    assert_true(fabs(edge_bound(1, 1) - 0.96) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_and_ranges_are_read),
        cmocka_unit_test(wrong_axes_are_refused),
        cmocka_unit_test(what_befalls_is_told_from_what_is_chosen),
        cmocka_unit_test(the_last_axis_varies_fastest),
        cmocka_unit_test(a_sample_has_each_combination_once),
        cmocka_unit_test(a_point_is_a_line_and_back),
        cmocka_unit_test(figures_are_those_of_the_trials),
        cmocka_unit_test(what_could_not_split_is_untested),
        cmocka_unit_test(what_bears_most_is_best),
        cmocka_unit_test(a_bound_is_that_of_no_break),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
