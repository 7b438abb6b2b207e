/* Many times in little memory: what is exact, and how far off the rest may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/outcome/spread.h"
#include "src/units.h"

#define MANY 300000

static int64_t values[MANY]; /* what was added */
static size_t count;

static void add(struct spread *spread, int64_t ns)
{
    assert_true(count < MANY);
    values[count++] = ns;
    assert_true(spread_add(spread, ns));
}

/* Numbers that look drawn at random. */
static uint64_t draw(void)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return state >> 33;
}

/* `off_ns`: so far may each be off. */
static void expect_ranks(struct spread *spread, int64_t off_ns)
{
    struct ranks ranks = spread_ranks(spread);
    for (int i = 0; i < BOUNDS; i++) {
        int64_t right = percentile(values, count, bound_percents[i]);
        int64_t off = right == FOREVER_NS || ranks.ns[i] == FOREVER_NS
                          ? (right == ranks.ns[i] ? 0 : INT64_MAX)
                          : llabs(ranks.ns[i] - right);
        assert_true(off <= off_ns);
    }
    assert_true(ranks.ns[BOUND_MAX] == percentile(values, count, 100));
}

static void without_values_there_is_no_percentile(void **unused)
{
    (void)unused;
    struct spread spread = {0};
    struct ranks ranks = spread_ranks(&spread);
    assert_true(spread_add(&spread, NEVER_NS));
    for (int i = 0; i < BOUNDS; i++) {
        assert_true(ranks.ns[i] == NEVER_NS);
    }
    spread_free(&spread);
}

static void as_many_as_have_room_are_exact(void **unused)
{
    (void)unused;
    struct spread spread = {0};
    count = 0;
    while (count < SPREAD_MAX) {
        add(&spread, (int64_t)(draw() % 400000000));
        if (count % 1000 == 1) {
            expect_ranks(&spread, 0);
        }
    }
    add(&spread, FOREVER_NS); /* takes no room, and ranks last */
    expect_ranks(&spread, 0);
    spread_free(&spread);
}

/* Different µs are few, however many values come. */
static void many_in_a_few_places_are_exact_as_shown(void **unused)
{
    (void)unused;
    struct spread spread = {0};
    count = 0;
    while (count < MANY) {
        int64_t retry = (int64_t)(draw() % 4) * 100 * NS_PER_MS;
        add(&spread, retry + (int64_t)(draw() % (4 * NS_PER_MS)));
    }
    expect_ranks(&spread, NS_PER_US / 2);
    assert_true(spread.unit_ns == NS_PER_US);
    spread_free(&spread);
}

static void many_anywhere_are_off_by_a_little(void **unused)
{
    (void)unused;
    static const int64_t ranges[] = {1000000, 400000000, 60 * NS_PER_S, NS_PER_H * 24};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        struct spread spread = {0};
        count = 0;
        while (count < MANY) {
            add(&spread, (int64_t)(draw() * draw() % (uint64_t)ranges[i]) - ranges[i] / 3);
        }
        assert_true(spread.capacity <= SPREAD_MAX);
        expect_ranks(&spread, ranges[i] / 12000 < NS_PER_US ? NS_PER_US : ranges[i] / 12000);
        spread_free(&spread);
    }
}

/* Of the parts, the ranks of the whole. */
static void parts_are_put_together(void **unused)
{
    (void)unused;
    struct spread parts[3] = {{0}}, whole = {0};
    count = 0;
    for (int i = 0; i < 90000; i++) {
        add(&parts[i % 100 == 0 ? 0 : 1 + i % 2], i % 50 == 0 ? FOREVER_NS : (int64_t)draw());
    }
    for (int i = 0; i < 3; i++) {
        assert_true(spread_merge(&whole, &parts[i]));
        spread_free(&parts[i]);
    }
    assert_true(whole.ended + whole.never == count);
    expect_ranks(&whole, INT64_C(1) << 18); /* of 2^31 */
    spread_free(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_values_there_is_no_percentile),
        cmocka_unit_test(as_many_as_have_room_are_exact),
        cmocka_unit_test(many_in_a_few_places_are_exact_as_shown),
        cmocka_unit_test(many_anywhere_are_off_by_a_little),
        cmocka_unit_test(parts_are_put_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
