/* At which time a fault is done, where that is drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/host/host.h"
#include "sim/host/nth.h"
#include "tests/unit/model/cluster.h"

enum { FROM = 10, TO = 50, TIMES = TO - FROM + 1, EACH = 1000, TRIALS = TIMES * EACH };

static const char faults[] =
    "nodes: 3\nduration: 9s\nprotocol: lease\nwork: {every: 50ms}\nfaults:\n"
    "- {when: {who: any, does: writes, nth: {from: 10, to: 50}}, pause: leader, for: 1s}\n"
    "- {when: {who: any, does: leads, nth: {from: 10, to: 50}}, delay: leader, by: 1ms}\n"
    "- {when: {who: any, does: writes, nth: {from: 10, to: 50}}, after: 1ms, evict: lock}\n"
    "- {when: {who: any, does: writes, nth: 7}, evict: lock}\n";

/* The seeds are those of a run's trials, as they are drawn from them. */
static void every_time_is_equally_likely(void **state)
{
    struct cluster cluster;
    int found[TIMES] = {0};
    double misfit = 0;
    (void)state;
    cluster_new(&cluster, faults);
    for (uint32_t trial = 1; trial <= TRIALS; trial++) {
        uint32_t time = nth_time(&cluster.scenario, 0, trial_seed(7, trial));
        assert_in_range(time, FROM, TO);
        found[time - FROM]++;
    }
    for (size_t i = 0; i < TIMES; i++) {
        double off = found[i] - EACH;
        misfit += off * off / EACH;
    }
    assert_true(misfit < 73.4); /* of 40 degrees of freedom: by chance in 1 of 1,000 */
    cluster_free(&cluster);
}

static void another_moment_draws_by_itself_and_the_same_draws_the_same(void **state)
{
    struct cluster cluster;
    int alike = 0;
    (void)state;
    cluster_new(&cluster, faults);
    for (uint32_t trial = 1; trial <= TRIALS; trial++) {
        uint64_t seed = trial_seed(7, trial);
        uint32_t time = nth_time(&cluster.scenario, 0, seed);
        alike += nth_time(&cluster.scenario, 1, seed) == time;
        assert_int_equal(nth_time(&cluster.scenario, 2, seed), time);
        assert_int_equal(nth_time(&cluster.scenario, 3, seed), 7);
    }
    assert_in_range(alike, EACH - 125, EACH + 125); /* four standard deviations */
    cluster_free(&cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_time_is_equally_likely),
        cmocka_unit_test(another_moment_draws_by_itself_and_the_same_draws_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
