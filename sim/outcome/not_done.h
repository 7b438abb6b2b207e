/* Faults of a scenario that were not done: in some trial none of their instances was applied. A
 * green run says nothing about a fault that never came, so the end of a run tells of each, and why.
 */
#ifndef HUSTINGS_OUTCOME_NOT_DONE_H
#define HUSTINGS_OUTCOME_NOT_DONE_H

#include "sim/outcome/trials.h"

#define NOT_DONE_SIZE 3400

/* Lists those of a trial in the outcome (owned: outcome_free()), in the order of the file: what was
 * skipped whenever it was due, and what never became due. A fault at random times that was not
 * drawn is none of them; nor is, in a history that was cut off or in a trial that cannot be judged,
 * one that might have become due later. False: memory is out. */
bool not_done_derive(const struct scenario *scenario, const struct history *history,
                     struct outcome *outcome);

/* Counts outcome->unfinished. */
void not_done_unfinished(const struct scenario *scenario, const struct history *history,
                         struct outcome *outcome);

/* "Not done: crash 2 (line 5), since node 2 never led; …", over all trials. Returns false, and an
 * empty text, if there are none. */
bool not_done_sentence(const struct trials *trials, char *out, size_t size);

/* One fault that was not done, over all trials. */
struct not_done_told {
    size_t fault; /* its place in the scenario, from 0 */
    const char *text;
    const char *why; /* with the moment, if there is one trial */
    size_t trials;   /* in how many */
};

/* Takes one; false ends the round. */
typedef bool not_done_taker(void *into, const struct not_done_told *told);

/* Gives them one by one, in the order of the file. False: the taker has ended it. */
bool not_done_each(const struct trials *trials, not_done_taker *take, void *into);

/* The same of a history whose scenario is not known: only what was skipped can be told, by the
 * fault's name and its place in the scenario. False also: memory is out. */
bool not_done_of_history(const struct history *history, char *out, size_t size);
bool not_done_each_of_history(const struct history *history, not_done_taker *take, void *into);

#endif
