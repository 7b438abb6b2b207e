/* The latency that a scenario names is the one that requests and answers take: a round trip of a
 * node that has the server for itself is two draws and the server's own time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <stdio.h>

#include "tests/unit/model/cluster.h"

#define US INT64_C(1000)
#define SERVER_NS (10 * US) /* at the most, for one command of the one node */

struct trips {
    int64_t count, least_ns, most_ns, mean_ns;
};

static struct trips trips_of(const char *latency)
{
    struct cluster cluster;
    struct trips trips = {.least_ns = INT64_MAX};
    int64_t sent_ns = 0;
    int64_t sum_ns = 0;
    char yaml[300];
    /* A master that is not there yet, and a node that looks for a result in vain. */
    snprintf(yaml, sizeof yaml,
             "nodes: 1\nduration: 10s\nheal: false\nstarts: {master: 9999ms}\n"
             "protocol: {article: {poll: 0s}}\nnetwork: {latency: %s}\n"
             "expect: {checks: {no_leader: allowed}}\n",
             latency);
    cluster_new(&cluster, yaml);
    cluster_run(&cluster, 1);
    for (size_t i = 0; i < cluster.history.count; i++) {
        const struct history_event *event = &cluster.history.events[i];
        if (event->process == 1 && event->kind == HISTORY_REQUEST) {
            sent_ns = event->at_ns;
        } else if (event->process == 1 && event->kind == HISTORY_REPLY) {
            int64_t ns = event->at_ns - sent_ns;
            trips.least_ns = ns < trips.least_ns ? ns : trips.least_ns;
            trips.most_ns = ns > trips.most_ns ? ns : trips.most_ns;
            sum_ns += ns;
            trips.count++;
        }
    }
    assert_true(trips.count > 1000);
    trips.mean_ns = trips.count ? sum_ns / trips.count : 0;
    cluster_free(&cluster);
    return trips;
}

static void assert_trips(const char *latency, int64_t least_us, int64_t most_us, int64_t mean_us)
{
    struct trips trips = trips_of(latency);
    assert_in_range(trips.least_ns, least_us * US, trips.mean_ns);
    assert_in_range(trips.most_ns, trips.mean_ns, most_us * US + SERVER_NS);
    assert_in_range(trips.mean_ns, mean_us * US * 96 / 100, mean_us * US * 104 / 100 + SERVER_NS);
}

static void round_trips_take_what_the_scenario_says(void **state)
{
    (void)state;
    assert_trips("1ms", 2000, 2000, 2000);
    assert_trips("{min: 500us, max: 1500us}", 1000, 3000, 2000);
    assert_trips("{mean: 1ms}", 0, 26400, 2000); /* a draw is at most ln 2^19 times its mean */
    assert_trips("{table: [500us, 1ms, 3ms]}", 1000, 6000, 2750);
    assert_trips("{p50: 1ms, p99: 2ms}", 100, 20000, 2091);
}

static void the_distributions_differ(void **state)
{
    (void)state;
    /* A uniform one has no tail, an exponential one has; a constant one is always the same. */
    struct trips uniform = trips_of("{min: 500us, max: 1500us}");
    struct trips exponential = trips_of("{mean: 1ms}");
    struct trips constant = trips_of("1ms");
    assert_true(exponential.most_ns > 2 * uniform.most_ns);
    assert_true(exponential.least_ns < uniform.least_ns / 2);
    assert_in_range(constant.most_ns - constant.least_ns, 0, SERVER_NS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips_take_what_the_scenario_says),
        cmocka_unit_test(the_distributions_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
