/* A sweep whose pause meets the lease at one age alone says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sweep/one_place.h"
#include "tests/unit/model/cluster.h"

#define WRITE "when: {who: any, does: writes, before: true, nth: "
#define PAUSE "pause: leader, for: 1s}\n"

/* Whether it is told of these faults, where that axis varies. */
static bool is_told(const char *faults, const char *axis)
{
    struct cluster cluster;
    struct axes axes = {0};
    char yaml[800], why[400], *text = NULL;
    size_t size = 0;
    snprintf(yaml, sizeof yaml,
             "nodes: 3\nduration: 9s\nprotocol: lease\nwork: {every: 50ms}\nfaults:\n%s", faults);
    cluster_new(&cluster, yaml);
    assert_true(axes_add(&axes, axis, why, sizeof why));
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    one_place_tell(file, &cluster.scenario, &axes);
    fclose(file);
    bool told = strstr(text, "at the same place of each trial") != NULL;
    bool depends = strstr(text, "If nothing before it makes a member lead anew") != NULL;
    assert_int_equal(told, depends);
    assert_int_equal(told, size > 0);
    free(text);
    axes_free(&axes);
    cluster_free(&cluster);
    return told;
}

static void a_fixed_place_is_told(void **state)
{
    (void)state;
    assert_true(is_told("- {" WRITE "10}, " PAUSE, "faults.1.for=1s,2s"));
    assert_true(is_told("- {at: 2s, " PAUSE, "faults.1.for=1s,2s"));
    assert_true(is_told("- {at: 2s, " PAUSE, "faults.1.at=2s"));
    assert_true(is_told("- {at: 5s, crash: leader}\n- {at: 2s, " PAUSE, "faults.1.at=2s,3s"));
}

static void a_place_that_varies_is_not(void **state)
{
    (void)state;
    assert_false(is_told("- {" WRITE "{from: 10, to: 29}}, " PAUSE, "faults.1.for=1s,2s"));
    assert_false(is_told("- {" WRITE "10}, " PAUSE, "faults.1.when.nth=10,20"));
    assert_false(is_told("- {at: 2s, " PAUSE, "faults.1.at=2s,3s"));
    assert_false(is_told("- {randomly: {mean: 1s}, " PAUSE, "faults.1.for=1s,2s"));
    assert_false(is_told("- {at: 2s, crash: leader}\n", "faults.1.for=1s,2s"));
    assert_false(
        is_told("- {when: {who: any, does: extends_lock, nth: 5}, " PAUSE, "faults.1.for=1s,2s"));
}

/* After a crash somebody leads from a moment on that is drawn: the age of the lease at the pause is
 * not the same, and it is not told that it is. */
static void what_comes_before_may_change_the_age(void **state)
{
    (void)state;
    assert_true(
        is_told("- {at: 2s, crash: leader, for: 1s}\n- {at: 7s, " PAUSE, "faults.2.for=1s,2s"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fixed_place_is_told),
        cmocka_unit_test(a_place_that_varies_is_not),
        cmocka_unit_test(what_comes_before_may_change_the_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
