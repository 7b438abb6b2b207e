/* The arithmetic of clocks that jump and drift. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/host/rng.h"
#include "sim/host/skew.h"

#define SECOND INT64_C(1000000000)
#define DAY (86400 * SECOND)

static void a_zeroed_one_is_the_true_clock(void **state)
{
    struct skew skew = {0};
    (void)state;
    assert_int_equal(skew_own(&skew, 12345), 12345);
    assert_int_equal(skew_true(&skew, 12345), 12345);
}

static void shift(struct skew *skew, int64_t true_ns, int64_t jump_ns, int64_t ppm)
{
    const struct clock_order order = {.shift_ns = jump_ns, .drift_ppm = ppm};
    skew_set(skew, true_ns, 0, &order);
}

static void jumps_add_up(void **state)
{
    struct skew skew = {0};
    (void)state;
    shift(&skew, SECOND, 5 * SECOND, 0);
    shift(&skew, 2 * SECOND, -7 * SECOND, 0);
    assert_int_equal(skew_own(&skew, 3 * SECOND), SECOND);
    assert_int_equal(skew_true(&skew, SECOND), 3 * SECOND);
}

static void a_drift_counts_from_when_it_began(void **state)
{
    struct skew skew = {0};
    (void)state;
    shift(&skew, 10 * SECOND, 0, 50000);
    assert_int_equal(skew_own(&skew, 10 * SECOND), 10 * SECOND);
    assert_int_equal(skew_own(&skew, 12 * SECOND), 12 * SECOND + SECOND / 10);
    shift(&skew, 12 * SECOND, 0, 0);
    assert_int_equal(skew_own(&skew, 20 * SECOND), 20 * SECOND + SECOND / 10);
}

static void no_end_stays_no_end(void **state)
{
    struct skew skew = {.ns = -DAY, .ppm = 1000};
    (void)state;
    assert_int_equal(skew_true(&skew, INT64_MAX), INT64_MAX);
}

/* For any skew within bounds and days of time. A clock at a tenth of the rate stands still for 10
 * ns. */
static void times_can_be_turned_back(void **state)
{
    uint64_t rng = 1;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        struct skew skew = {.since_ns = rng_between(&rng, 0, 30 * DAY),
                            .ns = rng_between(&rng, -DAY, DAY),
                            .ppm = rng_between(&rng, DRIFT_PPM_MIN, DRIFT_PPM_MAX)};
        int64_t own_ns = skew_own(&skew, skew.since_ns + rng_between(&rng, 0, DAY));
        int64_t true_ns = skew_true(&skew, own_ns);
        assert_true(skew_own(&skew, true_ns) >= own_ns);
        assert_true(true_ns - skew.since_ns < 30 || skew_own(&skew, true_ns - 30) < own_ns);
    }
}

static void what_is_published_is_read(void **state)
{
    struct shared_skew shared = {0};
    struct skew skew = {.since_ns = 1, .ns = -2, .ppm = 3};
    (void)state;
    assert_int_equal(skew_read(&shared).ppm, 0);
    skew_publish(&shared, &skew);
    struct skew read = skew_read(&shared);
    assert_memory_equal(&read, &skew, sizeof skew);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zeroed_one_is_the_true_clock),
        cmocka_unit_test(jumps_add_up),
        cmocka_unit_test(a_drift_counts_from_when_it_began),
        cmocka_unit_test(no_end_stays_no_end),
        cmocka_unit_test(times_can_be_turned_back),
        cmocka_unit_test(what_is_published_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
