/* Running a point of a sweep. See sweep.h. */
#include "sim/sweep/sweep.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/grid/cell.h"

bool sweep_load(const struct sweep *sweep, const struct set_words *words, struct scenario *scenario,
                char *error)
{
    char *said = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&said, &size);
    bool good =
        file && scenario_parse_set(sweep->path, sweep->text, sweep->length, words, scenario, file);
    if (file) {
        fclose(file);
    }
    if (!good) {
        snprintf(error, SWEEP_ERROR, "%.*s", said ? (int)strcspn(said, "\n") : 13,
                 said ? said : "out of memory");
    }
    free(said);
    return good;
}

struct taking {
    const struct sweep_trials *trials;
    struct point_sum *sum;
    bool stopped, no_memory;
};

static bool take(void *self, const struct outcome *outcome)
{
    struct taking *taking = self;
    taking->no_memory = !point_take(taking->sum, outcome);
    if (taking->no_memory || (taking->trials->until_split && taking->sum->split_trials > 0)) {
        return false;
    }
    taking->stopped = taking->trials->goes_on && !taking->trials->goes_on(taking->trials->self);
    return !taking->stopped;
}

enum trial_end sweep_run(const struct sweep *sweep, struct scenario *scenario,
                         const struct sweep_trials *trials, struct point_sum *sum, char *error)
{
    assert(trials->trials > 0 && trials->jobs > 0 && sum->trials == 0);
    struct taking taking = {.trials = trials, .sum = sum};
    struct cell_work work = {.scenario = scenario,
                             .host = sweep->host,
                             .options = sweep->options,
                             .self = &taking,
                             .trial = take};
    struct outcome first = {0};
    work.options.trials = scenario->trials = trials->trials;
    work.options.seed = scenario->seed = trials->seed;
    work.options.jobs = trials->jobs;
    struct trials *all = trials_new(scenario);
    enum trial_end end = TRIAL_WORLD_FAILED;
    snprintf(error, SWEEP_ERROR, "out of memory");
    if (all) {
        end = cell_run(&work, all, &first, error, SWEEP_ERROR);
    }
    trials_free(all);
    outcome_free(&first);
    return taking.no_memory                     ? TRIAL_WORLD_FAILED
           : taking.stopped && end == TRIAL_RAN ? TRIAL_INTERRUPTED
                                                : end;
}
