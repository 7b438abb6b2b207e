/* Equal seeds give equal bytes, whatever a model did before, and whether or not it takes the short
 * way; other seeds give others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/model_host/pool.h"
#include "tests/unit/model/cluster.h"

/* Everything at once: queues at the server, lost answers, pauses, crashes, flips. */
static const char faults_and_flips[] =
    "nodes: 5\nduration: 3s\nstarts: {master: all_reported}\n"
    "network: {latency: {p50: 60us, p99: 300us}}\n"
    "faults: [{at: 1s, crash: leader, for: 500ms}, {at: 2s, flip: 4, to: submit}]\n";

static const char everything_at_once[] =
    "nodes: 40\nduration: 2s\nstarts: {all: {within: 50ms}}\n"
    "network: {latency: {p50: 1ms, p99: 60ms}}\n"
    "protocol: {article: {poll: 20ms, report: 200ms}}\nlock: {token: {retry: "
    "5ms}}\nrequest_timeout: 50ms\n"
    "faults: [{every: 100ms, pause: any, for: 70ms}, {every: 300ms, crash: any, for: 200ms},\n"
    "         {every: 150ms, expire_lock: lock},\n"
    "         {when: {who: any, does: reports, nth: 20, before: true}, pause: lock_holder, "
    "for: 2s}]\n";

static const char nodes_decide[] =
    "nodes: 12\nduration: 2s\nlock: none\nnetwork: {latency: {p50: 5ms, p99: 5ms}}\n"
    "protocol: {article: {decided_by: nodes, poll: 10ms}}\n"
    "faults: [{every: 200ms, flip: any, to: submit},\n"
    "         {when: settled, pause: leader, for: 300ms},\n"
    "         {every: 70ms, hold_lock: any, for: 150ms}]\n";

static const char a_crowd[] =
    "nodes: 300\nduration: 1s\nnetwork: {latency: {p50: 100us, p99: 1ms}}\n"
    "protocol: {article: {poll: 50ms}}\nlock: {token: {retry: 2ms}}\nstarts: {master: 100ms}\n";

/* Every distribution but those above. */
static const char uniform[] = "nodes: 5\nduration: 2s\nnetwork: {latency: {min: 1us, max: 2ms}}\n";
static const char exponential[] = "nodes: 5\nduration: 2s\nnetwork: {latency: {mean: 900us}}\n";
static const char table[] =
    "nodes: 5\nduration: 2s\nnetwork: {latency: {table: [80us, 90us, 90us, 20ms]}}\n";

static const char *const scenarios[] = {faults_and_flips, everything_at_once, nodes_decide, a_crowd,
                                        uniform,          exponential,        table};
#define COUNT (sizeof scenarios / sizeof *scenarios)

static char *run(const char *yaml, uint64_t seed, uint64_t before, bool detours, size_t *length)
{
    struct cluster cluster;
    cluster_new(&cluster, yaml);
    model_take_detours(cluster.model, detours);
    for (uint64_t other = 0; other < before; other++) {
        cluster_run(&cluster, 1000 + other);
    }
    cluster_run(&cluster, seed);
    char *bytes = history_bytes(&cluster.history, length);
    cluster_free(&cluster);
    return bytes;
}

static void same(const char *yaml, uint64_t seed, uint64_t before, bool detours)
{
    size_t length;
    size_t other_length;
    char *bytes = run(yaml, seed, 0, false, &length);
    char *other = run(yaml, seed, before, detours, &other_length);
    assert_int_equal(length, other_length);
    assert_memory_equal(bytes, other, length);
    free(bytes);
    free(other);
}

static void again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        same(scenarios[i], 7, 0, false);
    }
}

static void whatever_was_before(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        same(scenarios[i], 7, 3, false);
    }
}

static void the_short_way_and_the_long(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        for (uint64_t seed = 1; seed <= 5; seed++) {
            same(scenarios[i], seed, 0, true);
        }
    }
}

static void another_seed_is_another_trial(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        size_t length;
        size_t other_length;
        char *bytes = run(scenarios[i], 1, 0, false, &length);
        char *other = run(scenarios[i], 2, 0, false, &other_length);
        assert_true(length != other_length || memcmp(bytes, other, length) != 0);
        free(bytes);
        free(other);
    }
}

/* --- side by side ----------------------------------------------------------------------------- */

#define TRIALS 200

struct gathered {
    uint32_t next;
    uint64_t sums[TRIALS];
};

static bool gather(void *self, struct trial *trial)
{
    struct gathered *gathered = self;
    size_t length;
    assert_int_equal(trial->end, TRIAL_RAN);
    assert_int_equal(trial->number, gathered->next + 1);
    char *bytes = history_bytes(&trial->history, &length);
    uint64_t sum = 14695981039346656037ULL;
    for (size_t i = 0; i < length; i++) {
        sum = (sum ^ (unsigned char)bytes[i]) * 1099511628211ULL;
    }
    gathered->sums[gathered->next++] = sum;
    free(bytes);
    return true;
}

static bool go_on(void *self, const struct model *model)
{
    (void)self;
    (void)model;
    return true;
}

static void one_job_or_eight(void **state)
{
    static struct gathered one;
    static struct gathered eight;
    struct cluster cluster;
    (void)state;
    cluster_new(&cluster, scenarios[0]);
    struct pool_options options = {.scenario = &cluster.scenario,
                                   .network = &cluster.network,
                                   .trials = TRIALS,
                                   .jobs = 1,
                                   .seed = 5,
                                   .self = &one,
                                   .done = gather,
                                   .idle = go_on};
    assert_true(pool_run(&options));
    options.jobs = 8;
    options.self = &eight;
    assert_true(pool_run(&options));
    assert_int_equal(one.next, TRIALS);
    assert_int_equal(eight.next, TRIALS);
    assert_memory_equal(one.sums, eight.sums, sizeof one.sums);
    assert_true(one.sums[0] != one.sums[1]);
    cluster_free(&cluster);
}

static bool count_events(void *self, const struct trial *trial, uint32_t worker)
{
    (void)worker;
    atomic_fetch_add((_Atomic uint32_t *)self, trial->history.count > 0);
    return true;
}

static bool has_no_history(void *self, struct trial *trial)
{
    (void)self;
    assert_null(trial->history.events);
    assert_int_equal(trial->history.count, 0);
    return true;
}

/* More trials than can wait at once, so that the memory of some is used again. */
static void what_was_digested_is_handed_on_without_its_history(void **state)
{
    struct cluster cluster;
    _Atomic uint32_t digested = 0;
    (void)state;
    cluster_new(&cluster, "nodes: 1\nduration: 1ms\n");
    const struct pool_options options = {.scenario = &cluster.scenario,
                                         .network = &cluster.network,
                                         .trials = 500,
                                         .jobs = 3,
                                         .self = &digested,
                                         .digest = count_events,
                                         .digest_is_all = true,
                                         .done = has_no_history,
                                         .idle = go_on};
    assert_true(pool_run(&options));
    assert_int_equal(atomic_load(&digested), options.trials);
    cluster_free(&cluster);
}

static bool stop_at_ten(void *self, struct trial *trial)
{
    uint32_t *handed = self;
    *handed = trial->number;
    return trial->number < 10;
}

static void a_run_can_be_stopped(void **state)
{
    struct cluster cluster;
    uint32_t handed = 0;
    (void)state;
    cluster_new(&cluster, scenarios[0]);
    struct pool_options options = {.scenario = &cluster.scenario,
                                   .network = &cluster.network,
                                   .trials = 1000000,
                                   .jobs = 3,
                                   .self = &handed,
                                   .done = stop_at_ten,
                                   .idle = go_on};
    assert_true(pool_run(&options));
    assert_int_equal(handed, 10);
    cluster_free(&cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(again),
        cmocka_unit_test(whatever_was_before),
        cmocka_unit_test(the_short_way_and_the_long),
        cmocka_unit_test(another_seed_is_another_trial),
        cmocka_unit_test(one_job_or_eight),
        cmocka_unit_test(what_was_digested_is_handed_on_without_its_history),
        cmocka_unit_test(a_run_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
