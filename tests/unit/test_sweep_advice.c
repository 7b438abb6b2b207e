/* What a sweep advises, for grids of every shape: it recommends nothing that it cannot know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sweep/words.h"
#include "src/units.h"

/* A grid: a text for each choice, a letter for each value of what befalls it.
 *
 *     .  whole in all trials          s  split in 3 of 100
 *     ?  2 of 100 cannot be judged    u  nothing was tested    h  half was tested
 *     -  no valid scenario            c  whole, and a leader crashed
 */
struct grid {
    struct plan *plan;
    const char *const *rows;
    const int64_t *leases; /* how long the lease is of each choice */
};

static bool read_letter(void *self, size_t cell, struct point *point)
{
    const struct grid *grid = self;
    size_t values[AXES_MAX];
    plan_values(grid->plan, cell, values);
    char letter = grid->rows[values[0]][values[1]];
    *point = (struct point){0};
    if (letter == '-') {
        point_not_valid(point, "\"5s\": too long");
        return false;
    }
    point->of[FIGURE_TRIALS] = 100;
    point->of[FIGURE_SPLIT_TRIALS] = letter == 's' ? 3 : 0;
    point->of[FIGURE_UNDECIDED] = letter == '?' ? 2 : 0;
    point->of[FIGURE_UNTESTED] = letter == 'u' ? 100 : letter == 'h' ? 50 : 0;
    point->of[FIGURE_LEADER_CRASHES] = letter == 'c';
    point->of[FIGURE_LEADERLESS_P99] = NS_PER_S;
    return true;
}

static void look_into(void *self, size_t cell, int64_t *lease_ns, const char **protocol)
{
    const struct grid *grid = self;
    size_t values[AXES_MAX];
    plan_values(grid->plan, cell, values);
    *lease_ns = grid->leases[values[0]];
    *protocol = "lease";
}

/* The words for a grid of two leases and four pauses; the caller's to free(). */
static char *advise_leases(const char *one, const char *other, const int64_t leases[2],
                           const struct edge *edge)
{
    const char *const rows[] = {one, other};
    struct axes axes = {0};
    struct plan plan;
    struct advice advice;
    struct scenario scenario = {.settings.work_every_ns = NS_PER_MS};
    char why[400], *text = NULL;
    size_t size = 0;
    assert_true(axes_add(&axes, "lock.token.ttl=1s,2s", why, sizeof why));
    assert_true(axes_add(&axes, "network.latency=1s,2s,3s,4s", why, sizeof why));
    assert_true(plan_make(&plan, &axes, 0, 1, why, sizeof why));
    struct grid grid = {&plan, rows, leases};
    const struct points points = {&plan, &grid, read_letter, look_into};
    assert_true(advice_make(&advice, &points));
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    words_advice(file, &advice, &scenario, edge, "that is done on the model alone");
    fclose(file);
    advice_free(&advice);
    plan_free(&plan);
    axes_free(&axes);
    return text;
}

static char *advise(const char *one, const char *other, const struct edge *edge)
{
    static const int64_t leases[] = {NS_PER_S, 2 * NS_PER_S};
    return advise_leases(one, other, leases, edge);
}

static void assert_told(const char *one, const char *other, const char *told)
{
    char *text = advise(one, other, NULL);
    if (!strstr(text, told)) {
        fail_msg("\"%s\" is not in:\n%s", told, text);
    }
    free(text);
}

static void assert_nothing(const char *one, const char *other)
{
    char *text = advise(one, other, NULL);
    if (strstr(text, "Recommended") || strstr(text, "Least") || strstr(text, "onfirmed") ||
        !strstr(text, "Nothing is recommended: ")) {
        fail_msg("%s %s:\n%s", one, other, text);
    }
    free(text);
}

static void an_edge_within(void **state)
{
    (void)state;
    assert_told(
        "..ss", ".sss",
        "lock.token.ttl 1s: no split brain up to network.latency 2s, but at 3s the brain was "
        "split in 3 of 100 trials;");
    assert_told("..ss", ".sss",
                "Recommended: lock.token.ttl 1s: no split brain up to network.latency 2s;");
    assert_told("..ss", ".sss",
                "Not confirmed: that is done on the model alone. Behind it stand 100 trials "
                "without a split brain, so it is split in fewer than 3.2 % of all");
}

static void an_edge_at_the_border(void **state)
{
    (void)state;
    assert_told("....", "...s",
                "ttl 1s: no split brain up to network.latency 4s, the most that was");
    assert_told("....", "...s",
                "Recommended: lock.token.ttl 1s: no split brain up to network.latency");
    assert_told("ssss", "sss.",
                "ttl 1s: at network.latency 1s already, the brain was split in 3 of 100 trials.");
    assert_told("ssss", "sss.",
                "Nothing is recommended: under each choice the brain was split where least");
}

static void what_breaks_earlier_counts(void **state)
{
    (void)state;
    assert_told(".s..", "..s.",
                "ttl 1s: no split brain up to network.latency 1s, but at 2s the brain");
    assert_told(".s..", "..s.",
                "Recommended: lock.token.ttl 2s: no split brain up to network.latency 2s;");
}

static void nothing_breaks(void **state)
{
    (void)state;
    assert_told("....", "....", "Least without a leader: lock.token.ttl 1s");
    assert_told("....", "....",
                "No point had a split brain, so this does not show which choice is safer");
}

static void of_equals_the_shortest_lease_is_best(void **state)
{
    static const int64_t longer_first[] = {60 * NS_PER_S, 2 * NS_PER_S};
    static const int64_t equal[] = {2 * NS_PER_S, 2 * NS_PER_S};
    const char *told = "No leader died in any trial, so the price of a long lease is not in these";
    (void)state;
    char *text = advise_leases("....", "....", longer_first, NULL);
    assert_non_null(strstr(text, "Least without a leader: lock.token.ttl 2s"));
    assert_non_null(strstr(text, told));
    free(text);
    text = advise_leases(".c..", "....", longer_first, NULL);
    assert_null(strstr(text, told));
    free(text);
    text = advise_leases("....", "....", equal, NULL);
    assert_null(strstr(text, told));
    free(text);
    text = advise_leases("ssss", "ssss", longer_first, NULL);
    assert_null(strstr(text, told));
    free(text);
}

static void what_is_not_known_is_not_safe(void **state)
{
    (void)state;
    assert_nothing("????", "????");
    assert_nothing("uuuu", "uuuu");
    assert_nothing("----", "----");
    assert_nothing("?...", "u...");
    assert_nothing("-...", "s...");
    assert_told(".?..", "....", "but at 2s it cannot be known in 2 of 100 trials;");
    assert_told(".u..", "....", "but at 2s no trial could have shown a split brain");
    assert_told("..-.", "----", "but at 3s nothing was run: the values make no valid scenario");
    assert_told("..-.", "----", "ttl 2s: at network.latency 1s already, nothing was run");
    assert_told("..-.", "----", "up to network.latency 2s; nobody led");
    assert_told("hhhh", "ssss", "Behind it stand 50 trials without a split brain");
    assert_told("h...", "ssss", "; of 100 trials at a point as few as 50 could have shown one.");
}

static void what_was_confirmed_is_told(void **state)
{
    const struct edge edge = {.found = true,
                              .tests = 1,
                              .value = "2.5s",
                              .broken = "2.6s",
                              .trials = 9900,
                              .run = 9900,
                              .asked = 9900,
                              .lesser = 2,
                              .lesser_trials = 1000,
                              .leaderless_ns = 2 * NS_PER_S,
                              .settings = 3};
    (void)state;
    char *text = advise("..ss", ".sss", &edge);
    assert_non_null(strstr(text, "up to network.latency 2.5s; nobody led for 2,000.0 ms at p99 of "
                                 "the trials that confirm it."));
    assert_non_null(
        strstr(text, "Confirmed at network.latency 2.5s: in 0 of 9,900 trials the brain"));
    assert_non_null(strstr(text,
                           "fewer than 0.033 % of all, with 95 % confidence; so it is in each "
                           "of the 3 settings of what else befalls it; at 2.6s it was "
                           "split. At 2 lesser values, in 0 of 1,000 each."));
    free(text);
}

static bool read_all_but_one(void *self, size_t cell, struct point *point)
{
    (void)self;
    *point = (struct point){0};
    point->of[FIGURE_TRIALS] = 100;
    return cell != 5;
}

/* A point that is not there any more is no safe one. */
static void what_cannot_be_read_is_told(void **state)
{
    struct axes axes = {0};
    struct plan plan;
    struct advice advice;
    char why[400];
    (void)state;
    assert_true(axes_add(&axes, "network.latency=1s..9s/9", why, sizeof why));
    assert_true(plan_make(&plan, &axes, 0, 1, why, sizeof why));
    const struct points points = {.plan = &plan, .read = read_all_but_one};
    assert_false(advice_make(&advice, &points));
    assert_int_equal(advice.unread, 6);
    advice_free(&advice);
    plan_free(&plan);
    axes_free(&axes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edge_within),
        cmocka_unit_test(an_edge_at_the_border),
        cmocka_unit_test(what_breaks_earlier_counts),
        cmocka_unit_test(nothing_breaks),
        cmocka_unit_test(of_equals_the_shortest_lease_is_best),
        cmocka_unit_test(what_is_not_known_is_not_safe),
        cmocka_unit_test(what_was_confirmed_is_told),
        cmocka_unit_test(what_cannot_be_read_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
