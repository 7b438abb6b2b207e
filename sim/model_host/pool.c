/* Trials side by side. See pool.h. */
#include "sim/model_host/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/model_host/reuse.h"
#include "sim/text/clock.h"
#include "src/units.h"

#define JOBS_MAX HOST_WORKERS_MAX

/* How many trials a job may be ahead of the one that is to be handed on next: so many, but not more
 * than those whose histories have room in this, and two at least. */
#define AHEAD 64
#define AHEAD_BYTES ((size_t)4 << 20)
#define AHEAD_LEAST 2
_Static_assert(JOBS_MAX *AHEAD <= HOST_PLACES, "each slot is a place");

#define IDLE_EVERY_NS (50 * NS_PER_MS)

/* Where a trial's result waits for its turn. */
struct slot {
    _Atomic bool full;
    struct trial trial;
};

struct pool {
    const struct pool_options *options;
    struct slot *slots;
    _Atomic uint32_t jobs; /* workers, the caller among them; it only grows */
    uint32_t most, slot_count;
    struct reuse histories;
    _Atomic size_t largest;  /* bytes of the largest history so far */
    _Atomic uint32_t begun;  /* trials whose numbers were taken */
    _Atomic uint32_t handed; /* trials that were handed on */
    _Atomic bool stop;
    _Atomic uint32_t sleepers;
    pthread_mutex_t mutex; /* for sleeping alone */
    pthread_cond_t changed;
    struct model *models[JOBS_MAX];
    pthread_t threads[JOBS_MAX];
    uint32_t thread_count;
    bool no_more;     /* threads or memory were not to be had */
    int64_t idled_ns; /* when `idle` was last called */
};

struct worker {
    struct pool *pool;
    struct model *model;
    uint32_t index;
    struct spare *spare; /* to which its processor goes when it ends; or NULL */
};

/* --- what can be waited for ------------------------------------------------------------------- */

static struct slot *slot_of(struct pool *pool, uint32_t number)
{
    assert(number >= 1 && number <= pool->options->trials);
    return &pool->slots[number % pool->slot_count];
}

/* How many trials may have begun and not been handed on. It shrinks as histories turn out large. */
static uint32_t room(const struct pool *pool)
{
    size_t largest = atomic_load(&pool->largest);
    size_t ahead = largest > 0 ? AHEAD_BYTES / largest : AHEAD;
    ahead = ahead > AHEAD ? AHEAD : (ahead < AHEAD_LEAST ? AHEAD_LEAST : ahead);
    uint32_t jobs = atomic_load(&pool->jobs);
    assert(jobs >= 1 && jobs <= pool->most && "no two trials have one slot");
    return jobs * (uint32_t)ahead;
}

/* The number of a trial to run, or 0: none now, because all have begun or all slots are taken. */
static uint32_t take_number(struct pool *pool)
{
    uint32_t begun = atomic_load(&pool->begun);
    do {
        if (begun == pool->options->trials || begun - atomic_load(&pool->handed) >= room(pool)) {
            return 0;
        }
    } while (!atomic_compare_exchange_weak(&pool->begun, &begun, begun + 1));
    assert(atomic_load(&pool->handed) <= begun);
    return begun + 1;
}

/* A worker need not wait: there is a free slot, or nothing left to do. */
static bool worker_can_go_on(struct pool *pool)
{
    uint32_t begun = atomic_load(&pool->begun);
    return atomic_load(&pool->stop) || begun == pool->options->trials ||
           begun - atomic_load(&pool->handed) < room(pool);
}

/* The caller need not wait: the next trial is there. (While it is not, no slot becomes free.) */
static bool caller_can_go_on(struct pool *pool)
{
    return atomic_load(&pool->stop) ||
           atomic_load(&slot_of(pool, atomic_load(&pool->handed) + 1)->full);
}

/* --- sleeping and waking ---------------------------------------------------------------------- */

/* No wake-up is lost. Who sleeps first counts himself a sleeper and then looks once more; who has
 * changed something then looks for sleepers. So one of the two sees the other, as all this is
 * sequentially consistent; and from the look to the sleep the sleeper has the mutex, which is taken
 * here before the broadcast. To be called after each change that somebody may wait for. */
static void wake_all(struct pool *pool)
{
    if (atomic_load(&pool->sleepers) > 0) {
        pthread_mutex_lock(&pool->mutex);
        pthread_cond_broadcast(&pool->changed);
        pthread_mutex_unlock(&pool->mutex);
    }
}

static void sleep_as_worker(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleepers, 1);
    while (!worker_can_go_on(pool)) {
        pthread_cond_wait(&pool->changed, &pool->mutex);
    }
    uint32_t sleepers = atomic_fetch_sub(&pool->sleepers, 1);
    assert(sleepers >= 1 && sleepers <= pool->most);
    pthread_mutex_unlock(&pool->mutex);
}

/* Returns after a while all the same: `idle` is to be called. */
static void sleep_as_caller(struct pool *pool)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += IDLE_EVERY_NS;
    until.tv_sec += until.tv_nsec / NS_PER_S;
    until.tv_nsec %= NS_PER_S;
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleepers, 1);
    while (!caller_can_go_on(pool) &&
           pthread_cond_timedwait(&pool->changed, &pool->mutex, &until) == 0) {
    }
    uint32_t sleepers = atomic_fetch_sub(&pool->sleepers, 1);
    assert(sleepers >= 1 && sleepers <= pool->most);
    pthread_mutex_unlock(&pool->mutex);
}

/* --- trials ----------------------------------------------------------------------------------- */

static void note_size(struct pool *pool, const struct history *history)
{
    assert(history->count <= history->capacity);
    size_t bytes = history->capacity * sizeof *history->events;
    size_t largest = atomic_load(&pool->largest);
    while (bytes > largest && !atomic_compare_exchange_weak(&pool->largest, &largest, bytes)) {
    }
}

static void run_trial(const struct worker *worker, uint32_t number)
{
    struct pool *pool = worker->pool;
    struct model *model = worker->model;
    struct slot *slot = slot_of(pool, number);
    struct trial *trial = &slot->trial;
    assert(!atomic_load(&slot->full) && "the trial that was here is handed on");
    trial->number = number;
    trial->place = number % pool->slot_count;
    trial->seed = trial_seed(pool->options->seed, number);
    trial->history = reuse_borrow(&pool->histories);
    trial->end = model_trial(model, number, trial->seed, &trial->history, NULL);
    snprintf(trial->error, sizeof trial->error, "%s", model_error(model));
    if (trial->end == TRIAL_RAN && pool->options->digest &&
        !pool->options->digest(pool->options->self, trial, worker->index)) {
        trial->end = TRIAL_WORLD_FAILED;
        snprintf(trial->error, sizeof trial->error, "out of memory");
    }
    if (pool->options->digest_is_all) {
        reuse_give_back(&pool->histories, &trial->history);
    }
    note_size(pool, &trial->history);
    atomic_store(&slot->full, true);
    wake_all(pool);
}

static bool goes_on(void *self)
{
    const struct worker *worker = self;
    return !atomic_load(&worker->pool->stop);
}

static void *work(void *self)
{
    struct worker *worker = self;
    struct pool *pool = worker->pool;
    while (!atomic_load(&pool->stop) && atomic_load(&pool->begun) < pool->options->trials) {
        uint32_t number = take_number(pool);
        if (number > 0) {
            run_trial(worker, number);
        } else {
            sleep_as_worker(pool);
        }
    }
    if (worker->spare) {
        spare_give(worker->spare);
    }
    return NULL;
}

/* --- the caller ------------------------------------------------------------------------------- */

static void idle(struct pool *pool)
{
    int64_t now_ns = monotonic_ns();
    assert(now_ns >= pool->idled_ns);
    if (now_ns - pool->idled_ns >= IDLE_EVERY_NS) {
        pool->idled_ns = now_ns;
        if (!pool->options->idle(pool->options->self, pool->models[0])) {
            atomic_store(&pool->stop, true);
        }
    }
}

static bool caller_goes_on(void *self)
{
    struct worker *worker = self;
    idle(worker->pool);
    return goes_on(self);
}

/* Hands on the next trial in order, if it is there. */
static bool hand_on(struct pool *pool)
{
    uint32_t number = atomic_load(&pool->handed) + 1;
    struct slot *slot = slot_of(pool, number);
    if (!atomic_load(&slot->full)) {
        return false;
    }
    assert(slot->trial.number == number && "in order, each once");
    if (!pool->options->done(pool->options->self, &slot->trial) ||
        slot->trial.end == TRIAL_WORLD_FAILED) {
        atomic_store(&pool->stop, true);
    }
    if (!pool->options->digest_is_all) {
        reuse_give_back(&pool->histories, &slot->trial.history);
    }
    atomic_store(&slot->full, false);
    atomic_store(&pool->handed, number);
    wake_all(pool);
    return true;
}

/* Starts a thread for a worker. False: there is none to be had. */
static bool start_worker(struct pool *pool, struct worker *worker)
{
    assert(worker->index == pool->thread_count + 1 && worker->model);
    if (pthread_create(&pool->threads[pool->thread_count], NULL, work, worker) != 0) {
        return false;
    }
    pool->thread_count++;
    return true;
}

/* One more worker, if there is a processor to spare and enough to do. */
static void take_spare(struct pool *pool, struct worker *workers)
{
    struct spare *spare = pool->options->spare;
    uint32_t jobs = atomic_load(&pool->jobs);
    if (!spare || pool->no_more || jobs == pool->most ||
        pool->options->trials - atomic_load(&pool->begun) < 2 || !spare_take(spare)) {
        return;
    }
    workers[jobs] = (struct worker){.pool = pool, .index = jobs, .spare = spare};
    workers[jobs].model = pool->models[jobs] =
        model_new(pool->options->scenario, pool->options->network);
    if (workers[jobs].model) {
        model_watch(workers[jobs].model, goes_on, &workers[jobs]);
        atomic_store(&pool->jobs, jobs + 1); /* before it can sleep: there is room for it */
    }
    if (!workers[jobs].model || !start_worker(pool, &workers[jobs])) {
        pool->no_more = true;
        spare_give(spare);
    }
}

static void direct(struct worker *workers)
{
    struct worker *caller = &workers[0];
    struct pool *pool = caller->pool;
    assert(caller->index == 0 && caller->model == pool->models[0]);
    while (atomic_load(&pool->handed) < pool->options->trials && !atomic_load(&pool->stop)) {
        idle(pool);
        take_spare(pool, workers);
        if (hand_on(pool)) {
            continue;
        }
        uint32_t number = take_number(pool);
        if (number > 0) {
            run_trial(caller, number);
        } else {
            sleep_as_caller(pool);
        }
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Room for the most workers that there may be; but not for more trials than there are. */
static bool allocate(struct pool *pool, uint32_t jobs)
{
    uint32_t trials = pool->options->trials;
    assert(jobs >= 1 && jobs <= pool->most && pool->most <= JOBS_MAX && !pool->slots);
    atomic_store(&pool->jobs, jobs);
    pool->slot_count = pool->most * AHEAD < trials ? pool->most * AHEAD : trials;
    pool->slots = calloc(pool->slot_count, sizeof *pool->slots);
    bool whole = reuse_init(&pool->histories, pool->slot_count) && pool->slots;
    for (uint32_t i = 0; i < jobs; i++) {
        pool->models[i] = model_new(pool->options->scenario, pool->options->network);
        whole = whole && pool->models[i];
    }
    return whole;
}

static void release(struct pool *pool)
{
    assert(atomic_load(&pool->sleepers) == 0 && "its threads have ended");
    for (uint32_t i = 0; pool->slots && i < pool->slot_count; i++) {
        history_free(&pool->slots[i].trial.history);
    }
    for (uint32_t i = 0; i < JOBS_MAX; i++) {
        model_free(pool->models[i]);
    }
    free(pool->slots);
    reuse_free(&pool->histories);
    pthread_mutex_destroy(&pool->mutex);
    pthread_cond_destroy(&pool->changed);
}

/* Fewer threads than wanted are enough: the caller works, too. */
static void start_threads(struct pool *pool, struct worker *workers, uint32_t jobs)
{
    assert(pool->thread_count == 0 && atomic_load(&pool->begun) == 0);
    for (uint32_t i = 0; i < jobs; i++) {
        workers[i] = (struct worker){.pool = pool, .model = pool->models[i], .index = i};
        model_watch(pool->models[i], i == 0 ? caller_goes_on : goes_on, &workers[i]);
    }
    while (pool->thread_count + 1 < jobs && start_worker(pool, &workers[pool->thread_count + 1])) {
    }
    pool->no_more = pool->thread_count + 1 < jobs;
}

/* Its waits with a bound end by the monotonic clock: the wall clock may jump. */
static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

/* So many workers, from 1 to JOBS_MAX: not more than there are trials. */
static uint32_t at_most(uint32_t jobs, uint32_t trials)
{
    jobs = jobs < trials ? jobs : trials;
    return jobs < 1 ? 1 : (jobs > JOBS_MAX ? JOBS_MAX : jobs);
}

bool pool_run(const struct pool_options *options)
{
    struct pool pool = {.options = options};
    struct worker workers[JOBS_MAX];
    uint32_t jobs = at_most(options->jobs, options->trials);
    pool.most = options->spare ? at_most(options->spare->most, options->trials) : jobs;
    pool.most = pool.most > jobs ? pool.most : jobs;
    assert(options->trials > 0 && options->done && options->idle);
    assert(!options->digest_is_all || options->digest);
    pthread_mutex_init(&pool.mutex, NULL);
    init_condition(&pool.changed);
    bool good = allocate(&pool, jobs);
    if (good) {
        start_threads(&pool, workers, jobs);
        direct(workers);
        atomic_store(&pool.stop, true);
        wake_all(&pool);
        for (uint32_t i = 0; i < pool.thread_count; i++) {
            pthread_join(pool.threads[i], NULL);
        }
    }
    release(&pool);
    return good;
}
