/* The plan of a trial: its scenario's own text, in which every fault that chaos drew is a plain
 * entry, and so is what was done by hand: what happened once by chance, or by somebody's hand, can
 * be read, changed, and happen again. How the text is changed: sim/scenario/replay.h.
 */
#ifndef HUSTINGS_CLI_CHAOS_PLAN_H
#define HUSTINGS_CLI_CHAOS_PLAN_H

#include <stdio.h>

#include "sim/history/history.h"
#include "sim/scenario/scenario.h"

/* Whether there is anything random about the scenario's faults. */
bool chaos_plan_is_needed(const struct scenario *scenario);

/* Whether anything was done by hand in this trial of it: a fault, or the healing of one. */
bool chaos_plan_was_by_hand(const struct scenario *scenario, const struct history *history);

/* Writes the trial as a scenario of one trial with its seed. Times are exact: in the model the plan
 * does what the trial did. Who met a fault as holder of the lock meets it when he gets the lock for
 * the same time. What was drawn and came to nothing is a comment. `measured`: the model's machine
 * was a file's (--latency), which the plan does not hold. False with a line in `why`: on a write
 * error, when memory is out, or when there are more faults than a scenario can have. */
bool chaos_plan_write(FILE *file, const struct scenario *scenario, const struct history *history,
                      bool measured, char *why, size_t size);

#endif
