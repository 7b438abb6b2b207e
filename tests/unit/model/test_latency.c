/* Latencies against theory. Seeds are fixed, so a test passes always or never.
 *
 * What is drawn is held against the distribution's own formula by the Kolmogorov-Smirnov distance,
 * whose 99.9 % bound for n draws is 1.95 / sqrt(n), and by chi-square over 64 cells that should be
 * equally full, whose 99.9 % bound at 63 degrees of freedom is 104. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/model/fixed.h"
#include "sim/model/latency.h"
#include "sim/model/normal.h"

#define DRAWS 100000
#define CELLS 64

/* The probability of a latency up to `ns`, in theory. */
typedef double theory(double ns);

static int by_size(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void fits(const struct latency_table *table, theory *up_to)
{
    static int64_t draws[DRAWS];
    int cells[CELLS] = {0};
    uint64_t rng = 1;
    double farthest = 0;
    double chi_square = 0;
    for (int i = 0; i < DRAWS; i++) {
        draws[i] = latency_draw(table, &rng);
    }
    qsort(draws, DRAWS, sizeof *draws, by_size);
    for (int i = 0; i < DRAWS; i++) {
        double expected = up_to((double)draws[i]);
        double off = fmax(fabs(expected - (double)i / DRAWS), fabs(expected - (i + 1.0) / DRAWS));
        int cell = (int)(expected * CELLS);
        farthest = fmax(farthest, off);
        cells[cell < CELLS ? cell : CELLS - 1]++;
    }
    for (int i = 0; i < CELLS; i++) {
        double mean = (double)DRAWS / CELLS;
        chi_square += (cells[i] - mean) * (cells[i] - mean) / mean;
    }
    assert_true(farthest < 1.95 / sqrt(DRAWS));
    assert_true(chi_square < 104);
}

static double uniform_theory(double ns)
{
    return (ns - 20000) / 80000;
}

static double exponential_theory(double ns)
{
    return 1 - exp(-ns / 60000);
}

static double log_normal_theory(double ns)
{
    double deviation = log(300000.0 / 60000) / 2.3263478740408408;
    return erfc(-log(ns / 60000) / deviation / sqrt(2)) / 2;
}

static void draws_follow_theory(void **state)
{
    static struct latency_table table;
    (void)state;
    latency_uniform(&table, 20000, 100000);
    fits(&table, uniform_theory);
    assert_in_range(latency_mean(&table), 59990, 60010);
    latency_exponential(&table, 60000);
    fits(&table, exponential_theory);
    assert_in_range(latency_mean(&table), 59900, 60100);
    latency_log_normal(&table, 60000, 300000);
    fits(&table, log_normal_theory);
    assert_in_range(latency_median(&table), 59999, 60001);
    assert_in_range(latency_mean(&table), 76100, 76350);
}

static void a_wrong_theory_does_not_fit(void **state)
{
    static struct latency_table table;
    uint64_t rng = 1;
    int slow = 0;
    (void)state;
    latency_log_normal(&table, 60000, 300000);
    for (int i = 0; i < DRAWS; i++) {
        slow += exponential_theory((double)latency_draw(&table, &rng)) > 0.9;
    }
    assert_true(abs(slow - DRAWS / 10) > 1000);
}

static void a_measured_one_is_as_measured(void **state)
{
    static struct latency_table table;
    const int64_t measured[] = {10, 20, 40, 1000, 1000};
    uint64_t rng = 1;
    int first = 0;
    int last = 0;
    (void)state;
    latency_measured(&table, measured, 5);
    for (int i = 0; i < DRAWS; i++) {
        int64_t ns = latency_draw(&table, &rng);
        assert_in_range(ns, 10, 1000);
        first += ns < 20;
        last += ns == 1000;
    }
    assert_in_range(first, DRAWS / 4 - 500, DRAWS / 4 + 500);
    assert_in_range(last, DRAWS / 4 - 500, DRAWS / 4 + 500);
    assert_int_equal(latency_median(&table), 40);
}

static double table_theory(double ns)
{
    return ns < 40000 ? (ns - 20000) / 40000 : 0.5 + (ns - 40000) / 120000;
}

/* Each distribution that a scenario can name. */
static void what_a_scenario_names_is_drawn(void **state)
{
    static int64_t table_ns[] = {20000, 40000, 100000};
    static const struct {
        struct latency named;
        theory *up_to;
        int64_t mean_low, mean_high;
    } cases[] = {
        {{LATENCY_LOG_NORMAL, 2, {60000, 300000}, NULL}, log_normal_theory, 76100, 76350},
        {{LATENCY_UNIFORM, 2, {20000, 100000}, NULL}, uniform_theory, 59990, 60010},
        {{LATENCY_EXPONENTIAL, 1, {60000}, NULL}, exponential_theory, 59900, 60100},
        {{LATENCY_TABLE, 3, {0}, table_ns}, table_theory, 49990, 50010},
    };
    static const struct latency constant = {LATENCY_CONSTANT, 1, {60000}, NULL};
    static struct latency_table table;
    uint64_t rng = 1;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        latency_of(&table, &cases[i].named);
        fits(&table, cases[i].up_to);
        assert_in_range(latency_mean(&table), cases[i].mean_low, cases[i].mean_high);
    }
    latency_of(&table, &constant);
    assert_int_equal(latency_draw(&table, &rng), 60000);
    assert_int_equal(latency_mean(&table), 60000);
}

static void a_constant_needs_no_rng(void **state)
{
    static struct latency_table table;
    uint64_t rng = 1;
    (void)state;
    latency_log_normal(&table, 60000, 60000);
    assert_int_equal(latency_draw(&table, &rng), 60000);
    assert_true(rng == 1);
    assert_int_equal(latency_mean(&table), 60000);
}

/* Nothing overflows, and nothing exceeds the longest time. */
static void extremes(void **state)
{
    static struct latency_table table;
    static const int64_t ends[] = {1, 1000, LATENCY_MAX_NS};
    uint64_t rng = 1;
    (void)state;
    for (int i = 0; i < 3; i++) {
        for (int j = i; j < 3; j++) {
            latency_log_normal(&table, ends[i], ends[j]);
            for (int k = 1; k <= LATENCY_CELLS; k++) {
                assert_in_range(table.at[k], table.at[k - 1], LATENCY_MAX_NS);
                assert_in_range(table.low[k], table.low[k - 1], LATENCY_MAX_NS);
                assert_in_range(table.high[k], table.high[k - 1], LATENCY_MAX_NS);
            }
        }
        latency_exponential(&table, ends[i]);
        assert_in_range(table.high[LATENCY_CELLS], ends[i], LATENCY_MAX_NS);
        latency_uniform(&table, 0, ends[i]);
        assert_in_range(latency_draw(&table, &rng), 0, ends[i]);
    }
}

static void the_tail_is_as_long_as_promised(void **state)
{
    static struct latency_table table;
    (void)state;
    latency_exponential(&table, 1000000);
    assert_in_range(table.high[LATENCY_CELLS], 13160000, 13180000); /* ln 2^19 = 13.17 */
    assert_in_range(table.high[LATENCY_CELLS - 1], 12470000, 12490000);
}

static void logarithms_and_powers(void **state)
{
    (void)state;
    for (uint64_t x = 1; x < UINT64_C(1) << 62; x += x / 7 + 1) {
        double expected = log2((double)x);
        assert_true(fabs((double)fixed_log2(x) / (double)FIXED_ONE - expected) < 1e-8);
    }
    for (double power = 0; power < 61.9; power += 0.0123) {
        double expected = exp2(power);
        double off = fabs((double)fixed_exp2((int64_t)(power * (double)FIXED_ONE)) - expected);
        assert_true(off <= 0.51 + expected * 1e-8);
    }
}

/* The table of the normal distribution against the one of the C library. */
static void normal_quantiles(void **state)
{
    (void)state;
    for (int cell = 1; cell < NORMAL_CELLS; cell++) {
        double z = (double)normal_body(cell) / NORMAL_ONE;
        assert_true(fabs(erfc(-z / sqrt(2)) / 2 - (double)cell / NORMAL_CELLS) < 1e-7);
    }
    for (int cell = 0; cell < NORMAL_CELLS; cell++) {
        double z = (double)normal_tail(cell) / NORMAL_ONE;
        double above = (double)(NORMAL_CELLS - cell) / (NORMAL_CELLS * NORMAL_CELLS);
        assert_true(fabs(erfc(z / sqrt(2)) / 2 / above - 1) < 1e-6);
    }
    double p99 = (double)NORMAL_P99 / NORMAL_ONE;
    assert_true(fabs(erfc(p99 / sqrt(2)) / 2 - 0.01) < 1e-8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_follow_theory),
        cmocka_unit_test(a_wrong_theory_does_not_fit),
        cmocka_unit_test(a_measured_one_is_as_measured),
        cmocka_unit_test(what_a_scenario_names_is_drawn),
        cmocka_unit_test(a_constant_needs_no_rng),
        cmocka_unit_test(extremes),
        cmocka_unit_test(the_tail_is_as_long_as_promised),
        cmocka_unit_test(logarithms_and_powers),
        cmocka_unit_test(normal_quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
