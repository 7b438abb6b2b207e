/* The model host: runs a scenario's trials in virtual time, on as many cores as there are jobs. */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/model_host/latency_file.h"
#include "sim/model_host/machine.h"
#include "sim/model_host/pool.h"
#include "sim/system/interrupt.h"

static const char no_memory[] = "out of memory for the model";

struct runner {
    const struct host_options *options;
    const struct host_events *events;
    sigset_t mask, old_mask;
    bool interrupted, failed;
    char *error;
    size_t error_size;
};

static bool probe(const struct scenario *scenario, const struct host_options *options,
                  struct host_facts *facts, char *error, size_t error_size)
{
    (void)scenario;
    *facts = (struct host_facts){0};
    if (options->redis_url || options->redis_server) {
        snprintf(error, error_size,
                 "the model has a Redis of its own making; leave out --redis and --redis-server");
        return false;
    }
    struct measured measured;
    return !options->latency || latency_file_read(options->latency, &measured, error, error_size);
}

/* Ctrl-C waits, blocked, until somebody asks for it. */
static void block_signals(struct runner *runner)
{
    interrupt_set(&runner->mask);
    pthread_sigmask(SIG_BLOCK, &runner->mask, &runner->old_mask);
}

static bool interrupted(struct runner *runner)
{
    struct timespec at_once = {0};
    if (sigtimedwait(&runner->mask, NULL, &at_once) > 0) {
        runner->interrupted = true;
        interrupt_note(); /* a second is final, whatever is still to be written */
    }
    return runner->interrupted;
}

static bool done(void *self, struct trial *trial)
{
    struct runner *runner = self;
    assert(!runner->failed && "nothing is handed on after a failure");
    if (trial->end == TRIAL_WORLD_FAILED) {
        assert(trial->error[0] && "who fails says why");
        snprintf(runner->error, runner->error_size, "%s", trial->error);
        runner->failed = true;
    }
    return trial->end == TRIAL_RAN && runner->events->trial_done(runner->events->self, trial);
}

static bool digest(void *self, const struct trial *trial, uint32_t worker)
{
    const struct host_events *events = ((const struct runner *)self)->events;
    assert(trial->end == TRIAL_RAN);
    return events->digest(events->self, trial, worker);
}

static bool idle(void *self, const struct model *model)
{
    struct runner *runner = self;
    if (runner->events->progress) {
        struct progress progress = model_progress(model, runner->options->trials);
        runner->events->progress(runner->events->self, &progress);
    }
    return !interrupted(runner);
}

static enum trial_end run(const struct scenario *scenario, const struct host_options *options,
                          const struct host_events *events, char *error, size_t error_size)
{
    struct runner runner = {
        .options = options, .events = events, .error = error, .error_size = error_size};
    struct network *network = machine_network(scenario, options->latency, error, error_size);
    if (!network) {
        return TRIAL_WORLD_FAILED;
    }
    struct pool_options pool = {.scenario = scenario,
                                .network = network,
                                .trials = options->trials,
                                .jobs = options->jobs,
                                .spare = options->spare,
                                .seed = options->seed,
                                .self = &runner,
                                .digest = events->digest ? digest : NULL,
                                .digest_is_all = events->digest_is_all,
                                .done = done,
                                .idle = idle};
    block_signals(&runner);
    if (!pool_run(&pool)) {
        snprintf(error, error_size, "%s", no_memory);
        runner.failed = true;
    }
    pthread_sigmask(SIG_SETMASK, &runner.old_mask, NULL);
    free(network);
    assert(!runner.failed || error[0]);
    if (runner.failed) {
        return TRIAL_WORLD_FAILED;
    }
    return runner.interrupted ? TRIAL_INTERRUPTED : TRIAL_RAN;
}

const struct host_row host_model = {
    .name = MODEL_NAME,
    .virtual_time = true,
    .summary = "virtual time, a modelled Redis and seeded random numbers, in one process",
    .probe = probe,
    .run = run,
    .verbs = &model_verbs,
};
