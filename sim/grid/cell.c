/* The trials of one cell. See cell.h. */
#include "sim/grid/cell.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/system/interrupt.h"

struct running {
    const struct cell_work *work;
    struct trials *trials;
    struct outcome *first;
    struct outcome *digested;      /* [host_places()], by place; owned */
    struct outcome_maker **makers; /* one for each worker that there was; owned */
    bool enough, no_memory;
};

static bool digest_trial(void *self, const struct trial *trial, uint32_t worker)
{
    struct running *running = self;
    assert(trial->place < host_places(&running->work->options));
    assert(worker < host_workers(&running->work->options));
    struct outcome_maker **maker = &running->makers[worker]; /* this worker's alone */
    *maker = *maker ? *maker : outcome_maker_new();
    return *maker && outcome_make(*maker, running->work->scenario, &trial->history,
                                  &running->digested[trial->place]);
}

static bool take_trial(void *self, struct trial *trial)
{
    struct running *running = self;
    const struct cell_work *work = running->work;
    struct outcome *outcome = &running->digested[trial->place];
    assert(outcome->trial == trial->number);
    running->enough = work->trial && !work->trial(work->self, outcome);
    if (trial->number == 1) {
        *running->first = *outcome;
        *outcome = (struct outcome){0};
        outcome = running->first;
    }
    running->no_memory = !trials_take(running->trials, outcome);
    if (outcome != running->first) {
        outcome_free(outcome);
    }
    return !running->enough && !running->no_memory && !interrupt_came();
}

static bool begin(struct running *running)
{
    uint32_t workers = host_workers(&running->work->options);
    running->digested = calloc(host_places(&running->work->options), sizeof *running->digested);
    running->makers = calloc(workers, sizeof(struct outcome_maker *));
    return running->digested && running->makers;
}

/* Of a run that was broken off some outcomes were not taken. */
static void end(struct running *running)
{
    for (size_t i = 0; running->digested && i < host_places(&running->work->options); i++) {
        outcome_free(&running->digested[i]);
    }
    for (uint32_t i = 0; running->makers && i < host_workers(&running->work->options); i++) {
        outcome_maker_free(running->makers[i]);
    }
    free(running->digested);
    free(running->makers);
}

enum trial_end cell_run(const struct cell_work *work, struct trials *trials, struct outcome *first,
                        char *error, size_t error_size)
{
    struct running running = {.work = work, .trials = trials, .first = first};
    struct host_events events = {
        .self = &running, .digest = digest_trial, .digest_is_all = true, .trial_done = take_trial};
    assert(work->options.jobs >= 1 && work->options.trials >= 1 && trials->count == 0);
    enum trial_end ended = TRIAL_WORLD_FAILED;
    *first = (struct outcome){0};
    snprintf(error, error_size, "out of memory for so many trials");
    if (begin(&running)) {
        ended = work->host->run(work->scenario, &work->options, &events, error, error_size);
    }
    end(&running);
    if (running.no_memory || (ended != TRIAL_WORLD_FAILED && !trials_end(trials))) {
        return TRIAL_WORLD_FAILED;
    }
    return ended == TRIAL_RAN && !running.enough && interrupt_came() ? TRIAL_INTERRUPTED : ended;
}
