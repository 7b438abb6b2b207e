/* Faults of a scenario that were not done: in some trial none of their instances was applied. A
 * green run says nothing about a fault that never came, so the end of a run tells of each, and why.
 */
#ifndef HUSTINGS_RESULTS_NOT_DONE_H
#define HUSTINGS_RESULTS_NOT_DONE_H

#include <cjson/cJSON.h>

#include "sim/results/results.h"

#define NOT_DONE_SIZE 3400

/* Lists those of a trial in the outcome (owned: outcome_free()), in the order of the file: what was
 * skipped whenever it was due, and what never became due. A fault at random times that was not
 * drawn is none of them; nor is, in a history that was cut off or in a trial that cannot be judged,
 * one that might have become due later. False: memory is out. */
bool not_done_derive(const struct scenario *scenario, const struct history *history,
                     struct outcome *outcome);

/* "Not done: crash 2 (line 5), since node 2 never led; …", over all trials. Returns false, and an
 * empty text, if there are none. */
bool not_done_sentence(const struct scenario *scenario, const struct outcome *outcomes,
                       size_t count, char *out, size_t size);

/* Sets `not_done`: a list of them, each with its place in the scenario, its text, the
 * reason, and the number of trials. False: memory is out. */
bool json_set_not_done(cJSON *object, const struct scenario *scenario,
                       const struct outcome *outcomes, size_t count);

/* The same of a history whose scenario is not known: only what was skipped can be told, by the
 * fault's name and its place in the scenario. */
bool not_done_of_history(const struct history *history, char *out, size_t size);
bool json_set_not_done_of_history(cJSON *object, const struct history *history);

#endif
