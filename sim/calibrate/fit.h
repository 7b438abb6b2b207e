/* Finds the costs of a machine: those with which the model's histories show the same timers and
 * round trips, when many want to run at once, as the histories of real processes.
 *
 *     costs ─▶ the model runs the scenario ─▶ observe ─▶ how far from the real ones?
 *       └────────────── one cost up, one down: is it nearer so? ◀──────────┘
 *
 * The tables (tables.h) say what it is like to be alone, the costs what it is like to share. The
 * fit looks at timers, round trips and starts, never at elections: those are what the model is to
 * foretell. */
#ifndef HUSTINGS_CALIBRATE_FIT_H
#define HUSTINGS_CALIBRATE_FIT_H

#include "sim/calibrate/observe.h"
#include "sim/model/machine.h"
#include "sim/scenario/scenario.h"

/* What the real processes ran, and how often. */
struct fit_part {
    struct scenario scenario;
    uint32_t trials;
};
struct fit {
    const struct fit_part *parts; /* the model runs them as often, or in the same proportions */
    size_t count;
    const struct observations *real; /* of them all; sorted */
};

/* How far the model on this machine is from the real observations: the mean over all kinds of
 * |ln(real / model)| of their quantiles. Fills `modelled`, sorted (emptied first). Below 0: memory
 * is out. */
double fit_distance(const struct fit *fit, const struct machine *machine,
                    struct observations *modelled);

/* Finds the costs of a machine whose tables are set. Returns fit_distance() with them; below 0:
 * memory is out. */
double fit_costs(const struct fit *fit, struct machine *machine);

#endif
