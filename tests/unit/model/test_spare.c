/* A run that has one thread takes a processor that comes free, and gives it back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "sim/model_host/pool.h"
#include "tests/unit/model/cluster.h"

#define TRIALS 1000
#define FREE_FROM 10 /* the trial after which a processor is free */

struct seen {
    struct spare *spare;
    uint32_t handed;
    uint64_t seeds; /* of those that were handed on, in order */
    _Atomic uint32_t by[HOST_WORKERS_MAX];
};

/* The second worker is waited for: it comes when the machine lets it. */
static bool digest(void *self, const struct trial *trial, uint32_t worker)
{
    struct seen *seen = self;
    atomic_fetch_add(&seen->by[worker], 1);
    for (int i = 0; i < 60000 && seen->spare && worker == 0 && trial->number > TRIALS / 2 &&
                    atomic_load(&seen->by[1]) == 0;
         i++) {
        nanosleep(&(struct timespec){.tv_nsec = MS}, NULL);
    }
    return true;
}

static bool done(void *self, struct trial *trial)
{
    struct seen *seen = self;
    assert_int_equal(trial->number, ++seen->handed);
    seen->seeds = seen->seeds * 31 + trial->seed;
    if (seen->spare && trial->number == FREE_FROM) {
        assert_int_equal(atomic_load(&seen->by[1]), 0);
        spare_give(seen->spare);
    }
    return true;
}

static bool idle(void *self, const struct model *model)
{
    (void)self;
    (void)model;
    return true;
}

static void run(struct seen *seen, uint32_t trials)
{
    struct cluster cluster;
    cluster_new(&cluster, "nodes: 1\nduration: 1ms\n");
    const struct pool_options options = {.scenario = &cluster.scenario,
                                         .network = &cluster.network,
                                         .trials = trials,
                                         .jobs = 1,
                                         .spare = seen->spare,
                                         .seed = 1,
                                         .self = seen,
                                         .digest = digest,
                                         .done = done,
                                         .idle = idle};
    assert_true(pool_run(&options));
    assert_int_equal(seen->handed, trials);
    cluster_free(&cluster);
}

static void what_comes_free_is_taken_and_given_back(void **state)
{
    struct spare spare = {.most = 2};
    struct seen alone = {0}, helped = {.spare = &spare};
    (void)state;
    run(&alone, TRIALS);
    assert_int_equal(atomic_load(&alone.by[0]), TRIALS);
    run(&helped, TRIALS);
    assert_true(atomic_load(&helped.by[1]) > 0);
    assert_int_equal(atomic_load(&helped.by[0]) + atomic_load(&helped.by[1]), TRIALS);
    assert_int_equal(helped.seeds, alone.seeds);
    assert_int_equal(atomic_load(&spare.count), 1);
}

/* One trial is nothing to share. */
static void nobody_comes_for_one_trial(void **state)
{
    struct spare spare = {.count = 1, .most = 2};
    struct seen seen = {.spare = &spare};
    (void)state;
    run(&seen, 1);
    assert_int_equal(atomic_load(&seen.by[0]), 1);
    assert_int_equal(atomic_load(&spare.count), 1);
}

static void no_more_are_taken_than_there_are(void **state)
{
    struct spare spare = {.count = 1, .most = 2};
    (void)state;
    assert_true(spare_take(&spare));
    assert_false(spare_take(&spare));
    spare_give(&spare);
    assert_true(spare_take(&spare));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_free_is_taken_and_given_back),
        cmocka_unit_test(nobody_comes_for_one_trial),
        cmocka_unit_test(no_more_are_taken_than_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
