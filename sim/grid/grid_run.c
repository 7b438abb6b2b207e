/* Cells side by side. See grid_run.h. */
#include "sim/grid/grid_run.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/system/interrupt.h"
#include "sim/text/clock.h"
#include "src/units.h"

#define WORKERS_MAX 64
#define PROGRESS_NS (200 * NS_PER_MS)

struct runner {
    struct grid *grid;
    const struct grid_work *work;
    int64_t begun_ns;
    pthread_mutex_t mutex; /* guards what follows, and the grid */
    pthread_cond_t changed;
    size_t next;        /* cells before this one were begun, or are finished */
    size_t before, run; /* cells of the shard that were finished before, and in this run */
    uint32_t working;
    enum grid_end end; /* GRID_WHOLE as long as nothing has broken it off */
    char error[GRID_ERROR];
};

struct grid_worker {
    struct runner *runner;
    uint32_t index;
};

/* --- what is next ----------------------------------------------------------------------------- */

/* Breaks it off; the gravest reason stays. */
static void stop_for(struct runner *runner, enum grid_end why, const char *error)
{
    if (why > runner->end) {
        runner->end = why;
        if (why == GRID_FAILED) {
            snprintf(runner->error, sizeof runner->error, "%s", error);
        }
    }
}

/* The next cell to be run; false: there is none, or no other one may be begun. */
static bool take_cell(struct runner *runner, size_t *cell)
{
    struct grid *grid = runner->grid;
    const struct grid_work *work = runner->work;
    while (runner->next < grid_cells(grid) &&
           (!shard_has(work->shard, runner->next) || grid_has(grid, runner->next))) {
        runner->next++;
    }
    if (runner->next == grid_cells(grid)) {
        return false;
    }
    if (interrupt_came()) {
        stop_for(runner, GRID_INTERRUPTED, NULL);
    } else if (work->until_ns > 0 && monotonic_ns() >= work->until_ns) {
        stop_for(runner, GRID_STOPPED, NULL);
    }
    *cell = runner->next;
    runner->next += runner->end == GRID_WHOLE;
    return runner->end == GRID_WHOLE;
}

/* --- one cell --------------------------------------------------------------------------------- */

static void take_result(struct runner *runner, size_t cell, const char *line)
{
    assert(cell < runner->next);
    char why[GRID_ERROR];
    if (!grid_add(runner->grid, cell, line, why, sizeof why)) {
        stop_for(runner, GRID_FAILED, why);
        return;
    }
    runner->run++;
    if (runner->work->done && !runner->work->done(runner->work->self, cell, line)) {
        stop_for(runner, GRID_STOPPED, NULL);
    }
}

/* Runs it, without the lock; then takes what came of it. */
static void run_cell(struct runner *runner, size_t cell, uint32_t worker)
{
    const struct grid_work *work = runner->work;
    char error[GRID_ERROR] = "";
    char *line = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&line, &size);
    bool good = file && work->cell(work->self, cell, worker, file, error);
    if (!file || fclose(file) != 0) {
        good = false;
        snprintf(error, sizeof error, "out of memory");
    }
    pthread_mutex_lock(&runner->mutex);
    if (good) {
        take_result(runner, cell, line);
    } else {
        stop_for(runner, error[0] ? GRID_FAILED : GRID_INTERRUPTED, error);
    }
    pthread_cond_signal(&runner->changed);
    pthread_mutex_unlock(&runner->mutex);
    free(line);
}

static void show(struct runner *runner)
{
    const struct grid_work *work = runner->work;
    if (!work->progress) {
        return;
    }
    pthread_mutex_lock(&runner->mutex);
    struct grid_progress progress = {.cells = shard_cells(work->shard, grid_cells(runner->grid)),
                                     .finished = runner->before + runner->run,
                                     .run = runner->run,
                                     .ns = monotonic_ns() - runner->begun_ns};
    pthread_mutex_unlock(&runner->mutex);
    work->progress(work->self, &progress);
}

/* --- all of them ------------------------------------------------------------------------------ */

static void *work_on(void *self)
{
    const struct grid_worker *worker = self;
    struct runner *runner = worker->runner;
    bool alone = runner->work->jobs == 1;
    size_t cell = 0;
    pthread_mutex_lock(&runner->mutex);
    while (take_cell(runner, &cell)) {
        pthread_mutex_unlock(&runner->mutex);
        run_cell(runner, cell, worker->index);
        if (alone) {
            show(runner);
        }
        pthread_mutex_lock(&runner->mutex);
    }
    runner->working--;
    pthread_cond_signal(&runner->changed);
    pthread_mutex_unlock(&runner->mutex);
    if (runner->work->spare) {
        spare_give(runner->work->spare);
    }
    return NULL;
}

/* Waits for the workers, and tells how far they are. */
static void wait_for_workers(struct runner *runner)
{
    bool over = false;
    while (!over) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += PROGRESS_NS;
        until.tv_sec += until.tv_nsec / NS_PER_S;
        until.tv_nsec %= NS_PER_S;
        pthread_mutex_lock(&runner->mutex);
        while (runner->working > 0 &&
               pthread_cond_timedwait(&runner->changed, &runner->mutex, &until) != ETIMEDOUT) {
        }
        over = runner->working == 0;
        pthread_mutex_unlock(&runner->mutex);
        show(runner);
    }
}

/* Ctrl-C goes to the caller's thread: each worker asks whether it came. Fewer threads than wanted
 * are enough; if there is none, the caller works himself. */
static void run_threads(struct runner *runner, uint32_t jobs)
{
    pthread_t threads[WORKERS_MAX];
    struct grid_worker workers[WORKERS_MAX];
    sigset_t all, old;
    uint32_t started = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    runner->working = jobs;
    for (uint32_t i = 0; i < jobs; i++) {
        workers[i] = (struct grid_worker){runner, i};
        if (started < i || pthread_create(&threads[i], NULL, work_on, &workers[i]) != 0) {
            pthread_mutex_lock(&runner->mutex);
            runner->working--;
            pthread_mutex_unlock(&runner->mutex);
        } else {
            started++;
        }
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (started == 0) {
        runner->working = 1;
        work_on(&(struct grid_worker){runner, 0});
    }
    wait_for_workers(runner);
    for (uint32_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* Asks about what was finished before; whether others are to be begun. */
static bool go_on_from_there(struct runner *runner)
{
    const struct grid_work *work = runner->work;
    for (size_t i = work->shard.index;
         work->there && runner->end == GRID_WHOLE && i < grid_cells(runner->grid);
         i += work->shard.count) {
        char *line = grid_has(runner->grid, i) ? grid_line(runner->grid, i) : NULL;
        if (grid_has(runner->grid, i) && !line) {
            snprintf(runner->error, sizeof runner->error,
                     "what was said of cell %zu cannot be read, or memory is out", i);
            runner->end = GRID_FAILED;
        } else if (line && !work->there(work->self, i, line)) {
            runner->end = GRID_STOPPED;
        }
        free(line);
    }
    return runner->end == GRID_WHOLE;
}

enum grid_end grid_run(struct grid *grid, const struct grid_work *work, char *error,
                       size_t error_size)
{
    struct runner runner = {.grid = grid, .work = work, .begun_ns = monotonic_ns()};
    pthread_condattr_t attributes;
    assert(work->jobs >= 1 && work->shard.index < work->shard.count);
    assert(!work->spare || work->spare->most == work->jobs);
    for (size_t i = work->shard.index; i < grid_cells(grid); i += work->shard.count) {
        runner.before += grid_has(grid, i);
    }
    pthread_mutex_init(&runner.mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&runner.changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (!go_on_from_there(&runner)) {
        runner.working = 0;
    } else if (work->jobs == 1) {
        runner.working = 1;
        work_on(&(struct grid_worker){&runner, 0});
    } else {
        run_threads(&runner, work->jobs < WORKERS_MAX ? work->jobs : WORKERS_MAX);
    }
    pthread_mutex_destroy(&runner.mutex);
    pthread_cond_destroy(&runner.changed);
    if (runner.end == GRID_FAILED) {
        snprintf(error, error_size, "%s", runner.error);
    }
    return runner.end;
}
