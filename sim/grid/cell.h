/* The trials of one cell: they are run as `hustings run` runs them, with the same seeds, digested
 * and folded together. Nothing is kept of a trial but that. */
#ifndef HUSTINGS_GRID_CELL_H
#define HUSTINGS_GRID_CELL_H

#include "sim/host/host.h"
#include "sim/outcome/trials.h"

struct cell_work {
    const struct scenario *scenario;
    const struct host_row *host;
    struct host_options options; /* trials, jobs, seed, … */
    void *self;
    /* A trial is over, in order of their numbers, before it is taken into `trials`; the outcome is
     * not the callee's. False: no more trials are needed. May be NULL. */
    bool (*trial)(void *self, const struct outcome *outcome);
};

/* Runs them, into `trials` (trials_new() of the same scenario), and ends these with trials_end().
 * `first` is the outcome of the first trial, which `trials` borrows: outcome_free() it after them.
 * TRIAL_RAN, too, if `trial` wanted no more; TRIAL_WORLD_FAILED with one line in `error`. May be
 * called from several threads at once on a host with virtual time; Ctrl-C is noticed after a trial,
 * by interrupt_came(). */
enum trial_end cell_run(const struct cell_work *work, struct trials *trials, struct outcome *first,
                        char *error, size_t error_size);

#endif
