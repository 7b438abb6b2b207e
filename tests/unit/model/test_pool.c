/* The pool of the model: who has gone to sleep is woken, whenever it happens. */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>
#include <pthread.h>

#include "sim/model_host/pool.h"
#include "tests/unit/model/cluster.h"

static const char tiny[] = "nodes: 1\nduration: 1ms\n";

/* The caller is held up just before it goes to sleep, until the worker's trial is in the line and
 * the worker sleeps. Whoever has only looked before that sleeps now, and is woken by nobody. */
static pthread_t caller;
static atomic_bool worker_has_one, caller_is_held_up, worker_is_done, worker_sleeps, handed_on;
static atomic_int waits_in_vain;

static void await(atomic_bool *what)
{
    while (!atomic_load(what)) {
        nanosleep(&(struct timespec){.tv_nsec = MS}, NULL);
    }
}

/* These two take the place of the library's in the whole program. */
int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    int (*lock)(pthread_mutex_t *) = NULL;
    *(void **)&lock = dlsym(RTLD_NEXT, "pthread_mutex_lock");
    if (caller && !pthread_equal(caller, pthread_self())) {
        atomic_store(&worker_sleeps, atomic_load(&worker_is_done));
    } else if (caller && !atomic_exchange(&caller_is_held_up, true)) {
        await(&worker_sleeps);
    }
    return lock(mutex);
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                           const struct timespec *until)
{
    int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *) = NULL;
    *(void **)&wait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    if (pthread_equal(caller, pthread_self()) && !atomic_load(&handed_on)) {
        atomic_fetch_add(&waits_in_vain, 1);
    }
    return wait(condition, mutex, until);
}

static bool digest(void *self, const struct trial *trial, uint32_t worker)
{
    (void)self;
    (void)trial;
    if (worker == 0) {
        await(&worker_has_one);
    } else if (!atomic_exchange(&worker_has_one, true)) {
        await(&caller_is_held_up);
        atomic_store(&worker_is_done, true);
    }
    return true;
}

static bool done(void *self, struct trial *trial)
{
    uint32_t *handed = self;
    assert_int_equal(trial->number, ++*handed);
    if (atomic_load(&worker_is_done)) {
        atomic_store(&handed_on, true);
    }
    return true;
}

static bool idle(void *self, const struct model *model)
{
    (void)self;
    (void)model;
    return true;
}

static void test_a_wake_up_before_the_sleep_is_not_lost(void **state)
{
    (void)state;
    struct cluster cluster;
    cluster_new(&cluster, tiny);
    uint32_t handed = 0;
    /* More trials than there are places in the line: the caller comes to wait for the worker's. */
    const struct pool_options options = {.scenario = &cluster.scenario,
                                         .network = &cluster.network,
                                         .trials = 1000,
                                         .jobs = 2,
                                         .seed = 1,
                                         .self = &handed,
                                         .digest = digest,
                                         .done = done,
                                         .idle = idle};
    caller = pthread_self();
    assert_true(pool_run(&options));
    assert_int_equal(handed, options.trials);
    assert_true(atomic_load(&worker_sleeps));
    assert_int_equal(atomic_load(&waits_in_vain), 0);
    cluster_free(&cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wake_up_before_the_sleep_is_not_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
