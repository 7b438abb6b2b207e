/* The plan of a trial: its scenario with every fault that chaos drew as a plain entry of its own,
 * so that what happened once by chance can be read, changed, and happen again.
 */
#ifndef HUSTINGS_CHAOS_PLAN_H
#define HUSTINGS_CHAOS_PLAN_H

#include <stdio.h>

#include "sim/history/history.h"
#include "sim/scenario/scenario.h"

/* Whether there is anything random about the scenario's faults. */
bool chaos_plan_is_needed(const struct scenario *scenario);

/* Writes the trial as a scenario of one trial with its seed. Times are exact: in the model the plan
 * does what the trial did. Who met a fault as holder of the lock meets it when he gets the lock for
 * the same time. False on a write error, when memory is out, or when there are more faults than a
 * scenario can have (errno E2BIG). */
bool chaos_plan_write(FILE *file, const struct scenario *scenario, const struct history *history);

#endif
