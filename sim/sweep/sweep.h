/* A sweep: one scenario at many points. What is the same of all points, and running one of them. */
#ifndef HUSTINGS_SWEEP_SWEEP_H
#define HUSTINGS_SWEEP_SWEEP_H

#include "sim/host/host.h"
#include "sim/scenario/set.h"
#include "sim/sweep/plan.h"
#include "sim/sweep/point.h"

#define SWEEP_ERROR 2048

struct sweep {
    const char *path; /* of the scenario, as given; "-": it was read from stdin */
    const char *text; /* its bytes */
    size_t length;
    const struct host_row *host;
    struct host_options options; /* of a cell: jobs, latency, … */
    uint32_t trials;             /* of a point */
    uint64_t seed;
};

/* The scenario with values set; scenario_free() it. False with one line in `error`. */
bool sweep_load(const struct sweep *sweep, const struct set_words *words, struct scenario *scenario,
                char *error);

/* How a point is run. */
struct sweep_trials {
    uint32_t trials, jobs;
    uint64_t seed;
    bool until_split; /* no more trials once the brain was split in one */
    /* After each trial. False: TRIAL_INTERRUPTED. May be NULL. */
    bool (*goes_on)(void *self);
    void *self;
};

/* Runs a scenario that was loaded, into an empty sum; point_sum_free() it in any case. `error` is
 * for TRIAL_WORLD_FAILED. On a host with virtual time several threads may do so at once. */
enum trial_end sweep_run(const struct sweep *sweep, struct scenario *scenario,
                         const struct sweep_trials *trials, struct point_sum *sum, char *error);

#endif
