/* What the points of a sweep look like: on the screen and in the picture, nothing that is not known
 * looks as if it were safe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sweep/curve.h"
#include "sim/sweep/dots.h"
#include "sim/sweep/told_points.h"
#include "src/units.h"

/* A sweep of one key, by a letter a point:
 *
 *     .  whole in all trials          s  split in 3 of 100
 *     ?  2 of 100 cannot be judged    u  nothing was tested    h  half was tested
 *     -  no valid scenario
 */
struct row {
    const char *letters;
    struct axes axes;
    struct plan plan;
};

static bool read_letter(void *self, size_t cell, struct point *point)
{
    const struct row *row = self;
    char letter = row->letters[cell];
    *point = (struct point){0};
    if (letter == '-') {
        point_not_valid(point, "too long");
        return false;
    }
    point->of[FIGURE_TRIALS] = 100;
    point->of[FIGURE_SPLIT_TRIALS] = letter == 's' ? 3 : 0;
    point->of[FIGURE_UNDECIDED] = letter == '?' ? 2 : 0;
    point->of[FIGURE_UNTESTED] = letter == 'u' ? 100 : letter == 'h' ? 50 : 0;
    point->of[FIGURE_LEADERLESS_P99] = (int64_t)(cell + 1) * NS_PER_S;
    return true;
}

static struct points points_of(struct row *row, const char *letters, const char *axis)
{
    char why[400];
    *row = (struct row){.letters = letters};
    assert_true(axes_add(&row->axes, axis, why, sizeof why));
    assert_true(plan_make(&row->plan, &row->axes, 0, 1, why, sizeof why));
    assert_int_equal(row->plan.cells, strlen(letters));
    return (struct points){.plan = &row->plan, .self = row, .read = read_letter};
}

static void row_free(struct row *row)
{
    plan_free(&row->plan);
    axes_free(&row->axes);
}

static void a_point_is_of_one_kind(void **state)
{
    (void)state;
    static const char letters[] = ".s?uh-";
    static const enum point_kind kinds[] = {POINT_HOLDS,    POINT_SPLIT, POINT_UNDECIDED,
                                            POINT_UNTESTED, POINT_HOLDS, POINT_NOT_RUN};
    static const uint64_t tested[] = {100, 97, 98, 0, 50, 0};
    struct row row = {.letters = letters};
    for (size_t i = 0; letters[i]; i++) {
        struct point point;
        read_letter(&row, i, &point);
        assert_int_equal(point_kind(&point), kinds[i]);
        assert_int_equal(point_tested(&point), tested[i]);
    }
}

/* The table; the caller's to free(). */
static char *table_of(const char *letters, const char *axis)
{
    struct row row;
    const struct points points = points_of(&row, letters, axis);
    struct terminal_state state = {0};
    char *text = NULL;
    size_t size = 0;
    struct terminal_options options = {.columns = 80, .state = &state};
    options.out = open_memstream(&text, &size);
    assert_non_null(options.out);
    told_points(&options, "mine", &points, 100);
    fclose(options.out);
    row_free(&row);
    return text;
}

static void assert_line(const char *text, const char *line)
{
    if (!strstr(text, line)) {
        fail_msg("\"%s\" is not in:\n%s", line, text);
    }
}

static void what_is_not_known_is_no_zero(void **state)
{
    (void)state;
    char *text = table_of(".s?uh-", "faults.1.for=1s,2s,3s,4s,5s,6s");
    assert_line(text, "  1    1s                            0 ");
    assert_line(text, "  2    2s                            3 ");
    assert_line(text, "  3    3s                            ? ");
    assert_line(text, "  4    4s                            ? ");
    assert_line(text, "  5    5s                           0* ");
    assert_line(text, "  6    6s                      not run\n");
    assert_line(text, "\n  values of faults.1.for\n  point ");
    assert_line(text, "\n  ?: of some trials");
    assert_line(text, "\n  *: in those trials");
    free(text);
}

static void signs_that_are_not_there_are_not_explained(void **state)
{
    (void)state;
    char *text = table_of(".s", "faults.1.for=1s,2s");
    assert_line(text, "\n  split brain: trials in which");
    assert_null(strstr(text, "?"));
    assert_null(strstr(text, "*"));
    free(text);
    text = table_of("-", "faults.1.for=1s");
    assert_null(strstr(text, "split brain: "));
    free(text);
}

/* --- the picture ------------------------------------------------------------------------------ */

/* The caller's to free(). */
static char *draw_points(const struct points *points)
{
    char *picture = NULL;
    size_t length;
    FILE *file = open_memstream(&picture, &length);
    assert_non_null(file);
    assert_true(curve_draw(points, "mine", file));
    assert_int_equal(fclose(file), 0);
    return picture;
}

static char *picture_of(const char *letters, const char *axis)
{
    struct row row;
    const struct points points = points_of(&row, letters, axis);
    char *picture = draw_points(&points);
    row_free(&row);
    return picture;
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static void what_is_not_known_is_hollow(void **state)
{
    (void)state;
    char *picture = picture_of(".s?uh-", "lock.token.ttl=1s,2s,3s,4s,5s,6s");
    assert_int_equal(count_of(picture, "fill=\"#fff\" stroke="), 3); /* and one in the legend */
    assert_int_equal(count_of(picture, "fill=\"#c62828\""), 2);
    assert_int_equal(count_of(picture, ", no split brain</title>"), 2);
    assert_line(picture, ", some trials cannot be judged</title>");
    assert_line(picture, ", no trial could have shown a split brain</title>");
    assert_line(picture, ">not known</text>");
    free(picture);
    picture = picture_of(".s", "lock.token.ttl=1s,2s");
    assert_null(strstr(picture, "not known"));
    assert_null(strstr(picture, "stroke-width=\"2\"/>"));
    free(picture);
}

static bool read_same(void *self, size_t cell, struct point *point)
{
    (void)self;
    (void)cell;
    *point = (struct point){.of[FIGURE_TRIALS] = 100, .of[FIGURE_LEADERLESS_P99] = NS_PER_S};
    return true;
}

static void dots_that_lie_together_share_their_names(void **state)
{
    (void)state;
    struct row row;
    struct points points = points_of(&row, "......", "lock.token.ttl=1s,2s,3s,4s,5s,6s");
    points.read = read_same;
    char *picture = draw_points(&points);
    assert_int_equal(count_of(picture, ">1s 2s 3s 4s 5s 6s</text>"), 1);
    assert_int_equal(count_of(picture, "s</text>"), 1);
    assert_line(picture, "; and 2 more</title>");
    free(picture);
    row_free(&row);
}

/* Values too long to stand beside a dot have letters; of more values than letters, numbers. */
static void more_leases_than_letters_have_numbers(void **state)
{
    char axis[3000] = "protocol.lease.duration=", letters[31] = "";
    struct row row;
    (void)state;
    for (int i = 0; i < 30; i++) {
        snprintf(axis + strlen(axis), 60, "%s%d.000000000s", i > 0 ? "," : "", i + 1);
        letters[i] = '.';
    }
    struct points points = points_of(&row, letters, axis);
    char *picture = draw_points(&points);
    assert_int_equal(count_of(picture, ">30: 30.000000000s</text>"), 1);
    assert_int_equal(count_of(picture, ">29</text>"), 1);
    free(picture);
    row_free(&row);
}

/* However long the values of the other keys are, each combination of them is a line of its own. */
static void lines_with_long_names_are_not_joined(void **state)
{
    char axis[1000] = "network.latency=";
    struct row row;
    struct dots dots;
    char why[400];
    (void)state;
    struct points points = points_of(&row, "..", "lock.token.ttl=1s,2s");
    plan_free(&row.plan);
    snprintf(axis + strlen(axis), 900, "{a: %0200d},{a: %0200d}", 1, 2);
    assert_true(axes_add(&row.axes, axis, why, sizeof why));
    snprintf(axis, sizeof axis, "pauses={a: %0200d},{a: %0200d}", 1, 2);
    assert_true(axes_add(&row.axes, axis, why, sizeof why));
    assert_true(axes_add(&row.axes, "faults.1.for=1s,2s", why, sizeof why));
    assert_true(plan_make(&row.plan, &row.axes, 0, 1, why, sizeof why));
    points.read = read_same;
    assert_true(dots_gather(&dots, &points, 100));
    assert_int_equal(dots.count, 16);
    for (size_t i = 0; i < dots.count; i++) {
        assert_int_equal(dots.list[i].line, i / 2);
        assert_non_null(strstr(dots.list[i].rest, " \u2026"));
    }
    dots_free(&dots);
    row_free(&row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_is_of_one_kind),
        cmocka_unit_test(what_is_not_known_is_no_zero),
        cmocka_unit_test(signs_that_are_not_there_are_not_explained),
        cmocka_unit_test(what_is_not_known_is_hollow),
        cmocka_unit_test(dots_that_lie_together_share_their_names),
        cmocka_unit_test(more_leases_than_letters_have_numbers),
        cmocka_unit_test(lines_with_long_names_are_not_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
