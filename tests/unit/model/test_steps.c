/* The model in steps: what is enabled, taken one by one, is the trial; a state can be saved in the
 * middle and goes on elsewhere just the same; any order of what is enabled is a trial, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/host/rng.h"
#include "tests/unit/model/cluster.h"

static const char quiet[] = "nodes: 3\nduration: 1s\n";

static const char faults[] =
    "nodes: 5\nduration: 2s\nnetwork: {latency: {p50: 1ms, p99: 20ms}}\nrequest_timeout: 30ms\n"
    "starts: {master: all_reported}\n"
    "faults: [{at: 300ms, stall: redis, for: 200ms}, {at: 700ms, crash: redis, for: 100ms},\n"
    "         {every: 90ms, pause: any, for: 40ms}, {every: 170ms, crash: any, for: 60ms},\n"
    "         {at: 1s, cut: any, for: 200ms}, {at: 1300ms, delay: any, by: 5ms, for: 200ms},\n"
    "         {when: {who: any, does: reports, nth: 3, applied: true}, pause: any, for: 90ms},\n"
    "         {every: 230ms, flip: any, to: submit}]\n";

static const char crowd[] = "nodes: 80\nduration: 300ms\nprotocol: {article: {decided_by: nodes}}\n"
                            "redis: {persistence: rdb}\n"
                            "faults: [{at: 100ms, power_loss: redis, for: 50ms}]\n";

static const char servers[] =
    "nodes: 3\nlock: none\nredis: {topology: independent, servers: 3}\nduration: 1s\n"
    "faults: [{at: 300ms, stall: redis 2, for: 200ms}, {at: 500ms, crash: redis 1, for: 100ms}]\n";

static const char *const scenarios[] = {quiet, faults, crowd, servers};
#define COUNT (sizeof scenarios / sizeof *scenarios)

#define ENOUGH 1000000

static bool take_first(struct model *model)
{
    struct model_choice choice;
    return model_enabled(model, &choice, 1) == 1 && (model_take(model, choice), true);
}

static void the_first_of_what_is_enabled_makes_the_trial(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        struct cluster cluster;
        struct history stepped = {0};
        size_t length[2];
        cluster_new(&cluster, scenarios[i]);
        cluster_run(&cluster, 3);
        assert_true(model_begin(cluster.model, 1, 3, &stepped));
        for (int n = 0; n < ENOUGH && take_first(cluster.model); n++) {
        }
        assert_true(model_is_over(cluster.model));
        char *whole = history_bytes(&cluster.history, &length[0]);
        char *steps = history_bytes(&stepped, &length[1]);
        assert_int_equal(length[0], length[1]);
        assert_memory_equal(whole, steps, length[0]);
        free(whole);
        free(steps);
        history_free(&stepped);
        cluster_free(&cluster);
    }
}

/* --- saved in the middle ---------------------------------------------------------------------- */

static void *saved(struct model *model, size_t *size)
{
    *size = model_state_size(model);
    void *block = malloc(*size);
    assert_non_null(block);
    model_save(model, block);
    return block;
}

static void assert_same_events(const struct history_event *a, const struct history_event *b,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(a[i].at_ns, b[i].at_ns);
        assert_int_equal(a[i].seq, b[i].seq);
        assert_int_equal(a[i].kind, b[i].kind);
        assert_int_equal(a[i].process, b[i].process);
    }
    assert_memory_equal(a, b, count * sizeof *a);
}

static void goes_on_just_the_same(const char *yaml, int steps)
{
    struct cluster here;
    struct history tail = {0};
    size_t size[2];
    cluster_new(&here, yaml);
    struct model *there = model_new(&here.scenario, &here.network);
    assert_non_null(there);
    assert_int_equal(model_trial(there, 7, 99, &tail, NULL), TRIAL_RAN); /* another life */
    assert_true(model_begin(here.model, 1, 3, &here.history));
    for (int i = 0; i < steps && take_first(here.model); i++) {
    }
    size_t before = here.history.count;
    void *block = saved(here.model, &size[0]);
    assert_true(model_load(there, block, &tail));
    void *again = saved(there, &size[1]);
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(block, again, size[0]);
    assert_true(model_hash(here.model) == model_hash(there));
    for (int i = 0; i < ENOUGH && take_first(here.model); i++) {
        assert_true(take_first(there));
        if (i % 64 == 0) {
            assert_true(model_hash(here.model) == model_hash(there));
        }
    }
    assert_true(model_is_over(there));
    assert_int_equal(here.history.count - before, tail.count);
    assert_same_events(here.history.events + before, tail.events, tail.count);
    free(block);
    free(again);
    cluster_free(&here);
    model_free(there);
    history_free(&tail);
}

static void a_copy_goes_on_just_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        for (int steps = 0; steps < 3000; steps = 2 * steps + 7) {
            goes_on_just_the_same(scenarios[i], steps);
        }
    }
}

/* --- hashes ----------------------------------------------------------------------------------- */

/* The hash after so many steps of the trial's own. */
static uint64_t hash_after(const char *yaml, int steps)
{
    struct cluster cluster;
    cluster_new(&cluster, yaml);
    assert_true(model_begin(cluster.model, 1, 3, &cluster.history));
    for (int i = 0; i < steps; i++) {
        assert_true(take_first(cluster.model));
    }
    uint64_t hash = model_hash(cluster.model);
    cluster_free(&cluster);
    return hash;
}

static void times_count_from_now(void **state)
{
    (void)state;
    for (int steps = 5; steps < 60; steps += 11) {
        assert_true(hash_after("nodes: 2\nduration: 1s\nstarts: {all: 100ms}\n", steps) ==
                    hash_after("nodes: 2\nduration: 1300ms\nstarts: {all: 400ms}\n", steps));
    }
}

static void other_states_have_other_hashes(void **state)
{
    uint64_t hashes[200];
    (void)state;
    for (int i = 0; i < 200; i++) {
        hashes[i] = hash_after(faults, i);
        for (int k = 0; k < i; k++) {
            assert_true(hashes[i] != hashes[k]);
        }
    }
}

/* --- other orders ----------------------------------------------------------------------------- */

static void any_order_is_a_trial(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        struct cluster cluster;
        cluster_new(&cluster, scenarios[i]);
        for (uint64_t seed = 1; seed <= 20; seed++) {
            struct model_choice choices[8];
            uint64_t rng = seed;
            size_t count = 0;
            int64_t last_ns = INT64_MIN;
            assert_true(model_begin(cluster.model, 1, seed, &cluster.history));
            for (int n = 0; n < ENOUGH && (count = model_enabled(cluster.model, choices, 8)) > 0;
                 n++) {
                size_t which = rng_below(&rng, 4) ? 0 : rng_below(&rng, count);
                model_take(cluster.model, choices[which]);
            }
            assert_true(model_is_over(cluster.model));
            for (size_t k = 0; k < cluster.history.count; k++) {
                assert_true(cluster.history.events[k].at_ns >= last_ns);
                last_ns = cluster.history.events[k].at_ns;
            }
        }
        cluster_free(&cluster);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_what_is_enabled_makes_the_trial),
        cmocka_unit_test(a_copy_goes_on_just_the_same),
        cmocka_unit_test(times_count_from_now),
        cmocka_unit_test(other_states_have_other_hashes),
        cmocka_unit_test(any_order_is_a_trial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
