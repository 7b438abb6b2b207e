/* Trials in which something was done by hand: they are saved as scenarios beside the results, so
 * that it can happen again. */
#ifndef HUSTINGS_CLI_BY_HAND_H
#define HUSTINGS_CLI_BY_HAND_H

#include "sim/history/history.h"
#include "sim/results/results.h"

/* Of one scenario. Zeroed: nothing yet. */
struct by_hand_files {
    char first[4400];  /* the first trial that was saved; "": none */
    char unsaved[512]; /* why one could not be saved, the first time; "": all were */
};

/* Saves the trial if something was done by hand in it, and notes that in the facts, which then
 * point into `files`. Returns the path of the file, the caller's to free(); NULL: nothing was done
 * by hand, or it could not be saved: files->unsaved. */
char *by_hand_save(struct by_hand_files *files, struct results *results,
                   const struct scenario *scenario, const struct history *history,
                   struct run_facts *facts);

#endif
