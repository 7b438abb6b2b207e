/* Fisher's exact test against values worked out by hand, and quantiles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sim/compare/chance.h"
#include "sim/compare/sample.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Three of four against one of four: of the 70 ways to have four of eight, 17 + 17 are as far apart
 * or further. */
static void small_ones_by_hand(void **state)
{
    (void)state;
    assert_float_equal(chance_of(3, 4, 1, 4), 34.0 / 70, 1e-9);
    assert_float_equal(chance_of(1, 4, 3, 4), 34.0 / 70, 1e-9);
    assert_float_equal(chance_of(4, 4, 0, 4), 2.0 / 70, 1e-9);
    assert_float_equal(chance_of(2, 4, 2, 4), 1, 1e-9);
    /* Of unequal size: all of two, none of three: one way of ten, and no other is as far. */
    assert_float_equal(chance_of(2, 2, 0, 3), 0.1, 1e-9);
}

static void what_is_equal_is_chance(void **state)
{
    (void)state;
    assert_float_equal(chance_of(0, 100, 0, 100), 1, 1e-9);
    assert_float_equal(chance_of(100, 100, 7, 7), 1, 1e-9);
    assert_float_equal(chance_of(0, 0, 3, 7), 1, 1e-9);
    assert_float_equal(chance_of(30000, 100000, 15000, 50000), 1, 1e-6);
}

static void what_is_far_apart_is_not(void **state)
{
    (void)state;
    assert_true(chance_of(12, 100, 49, 100) < 1e-7);
    assert_true(chance_of(50, 100, 60, 100) > 0.1);
    double many = chance_of(50000, 100000, 60000, 100000);
    assert_true(many >= 0 && many < 1e-12);
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
        cmocka_unit_test(small_ones_by_hand),
        cmocka_unit_test(what_is_equal_is_chance),
        cmocka_unit_test(what_is_far_apart_is_not),
        cmocka_unit_test(quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
