/* Of which keys a sweep says "up to", and how it tells a bound. */
#include <math.h>
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

/* "Up to" is said only of what is worse if there is more of it. */
static void more_is_worse_of_few_keys(void **state)
{
    static const struct {
        const char *text;
        bool ascends;
    } rows[] = {
        {"faults.1.for=1s,2s", true},      {"faults.2.by=1s,2s", true},
        {"network.latency=1ms,2ms", true}, {"network.latency.mean=1ms,2ms", true},
        {"faults.1.count=1,2", true},      {"faults.1.when.nth=22,37", false},
        {"faults.1.at=1s,2s", false},      {"faults.1.after=1s,2s", false},
        {"faults.1.rate=100,200", false},  {"faults.1.every=1s,2s", false},
        {"starts.1=1s,2s", false},         {"duration=5s,6s", false},
        {"pauses.mean=1s,2s", false},      {"seed=1,2", false},
        {"faults.1.for=2s,1s", false},     {"faults.1.for=1s,2s,24h", true},
        {"faults.1.for=1s,5,1e0s", true},  {"faults.1.for=1s,5,2s", false},
        {"faults.1.for=1s,24h,2s", false}, {"faults.1.for=2s,1s,24h", false},
        {"faults.1.for=24h,25h", false},   {"faults.1.for=1s,2 x lease", false},
        {"faults.1.count=1,2,3s", true},   {"network.latency=1ms,{p50: 2ms}", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct axes axes = {0};
        char why[400];
        assert_true(axes_add(&axes, rows[i].text, why, sizeof why));
        if (axes.list[0].ascends != rows[i].ascends) {
            fail_msg("%s", rows[i].text);
        }
        axes_free(&axes);
    }
}

static void a_bound_is_rounded_up(void **state)
{
    char text[16];
    (void)state;
    assert_string_equal(edge_bound_text(9000, 1, text), "0.036");
    assert_string_equal(edge_bound_text(10000, 1, text), "0.033");
    assert_string_equal(edge_bound_text(100, 1, text), "3.2");
    assert_string_equal(edge_bound_text(1, 1, text), "96");
    assert_string_equal(edge_bound_text(2, 11, text), "100");
    assert_string_equal(edge_bound_text(1, 2, text), "100");
    assert_string_equal(edge_bound_text(3300000, 1, text), "0.000098");
    assert_string_equal(edge_bound_text(UINT32_MAX, 1, text), "0.000000075");
}

/* Of many sweeps whose values all break as often as this, less than one in twenty is told that they
 * do not: whichever test passes first. */
static void a_bound_holds_after_tests_that_failed(void **state)
{
    static const double rates[] = {0.0002, 0.00031, 0.0005, 0.0007, 0.001};
    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        double passes = pow(1 - rates[i], 10000), comes = 1, wrong = 0;
        for (uint32_t test = 1; test <= 200; test++) {
            wrong += edge_bound(10000, test) < rates[i] ? comes * passes : 0;
            comes *= 1 - passes;
            assert_true(edge_bound(10000, test + 1) > edge_bound(10000, test));
        }
        assert_true(wrong < 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_is_worse_of_few_keys),
        cmocka_unit_test(a_bound_is_rounded_up),
        cmocka_unit_test(a_bound_holds_after_tests_that_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
