/* The Kolmogorov-Smirnov distance against values worked out by hand, and quantiles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sim/compare/distance.h"
#include "sim/compare/sample.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define DISTANCE(a, b) ks_distance(a, COUNT(a), b, COUNT(b))

static const int64_t low[] = {1, 2, 3, 4};
static const int64_t high[] = {3, 4, 5, 6};
static const int64_t above[] = {7, 8};
static const int64_t tied[] = {1, 1, 2};
static const int64_t more_tied[] = {1, 2, 2};
static const int64_t one[] = {2};

static void distances(void **state)
{
    (void)state;
    assert_float_equal(DISTANCE(low, low), 0, 1e-12);
    /* At 2 half of the first are there, and none of the second; at 4 all, and half. */
    assert_float_equal(DISTANCE(low, high), 0.5, 1e-12);
    assert_float_equal(DISTANCE(high, low), 0.5, 1e-12);
    assert_float_equal(DISTANCE(low, above), 1, 1e-12);
    /* At 1 two thirds and one third: a tie counts as a whole. */
    assert_float_equal(DISTANCE(tied, more_tied), 1.0 / 3, 1e-12);
    /* Of unequal size: at 1 a quarter and none, at 2 a half and all. */
    assert_float_equal(DISTANCE(low, one), 0.5, 1e-12);
    assert_float_equal(DISTANCE(tied, one), 2.0 / 3, 1e-12);
}

/* 1.3581 is the root of half the logarithm of 40. */
static void bounds(void **state)
{
    (void)state;
    assert_float_equal(ks_bound(200, 200), 0.13581, 5e-6);
    assert_float_equal(ks_bound(100, 400), 0.15184, 5e-6);
    assert_float_equal(ks_bound(400, 100), 0.15184, 5e-6);
}

static void quantiles(void **state)
{
    (void)state;
    struct sample sample = {0};
    const int64_t values[] = {50, 10, 40, 20, 30};
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_true(sample_add(&sample, values[i]));
    }
    sample_sort(&sample);
    assert_int_equal(sample_quantile(&sample, 0, 200), 10);
    assert_int_equal(sample_quantile(&sample, 1, 2), 30);
    assert_int_equal(sample_quantile(&sample, 1, 8), 15);
    assert_int_equal(sample_quantile(&sample, 200, 200), 50);
    sample_free(&sample);
    assert_int_equal(sample.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances),
        cmocka_unit_test(bounds),
        cmocka_unit_test(quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
