/* The recorded histories that a verb is given, and which of them is meant: a history, a folder of
 * histories, or a results folder. What is wrong is told on stderr, in one line. */
#ifndef HUSTINGS_CLI_HISTORIES_H
#define HUSTINGS_CLI_HISTORIES_H

#include <stddef.h>

#include "sim/checks/check.h"

struct histories {
    const char *verb;   /* whose lines are told: "play" */
    const char *folder; /* as typed; borrowed */
    char **paths;       /* owned; in their order: by scenario, then by trial */
    size_t count;
    bool named; /* it is one history, named by a person: it may be a pipe, to be read but once */
};

/* A history, and what is wrong with it. */
struct recorded_trial {
    struct history history;
    struct judged_trial judged;
};

/* Lists what is at `path`; "-" is a history from stdin. `program`: hustings as it was called.
 * histories_free() in any case. EXIT_HELD, or the code to end with. */
int histories_list(struct histories *histories, const char *program, const char *verb,
                   const char *path);
void histories_free(struct histories *histories);

/* The place in the list of the one that is meant: in a folder that of trial `trial`; if that is 0,
 * the first that broke a promise, or else the first. EXIT_HELD, or the code to end with. */
int histories_choose(const struct histories *histories, uint32_t trial, size_t *place);

/* Reads and judges the one at this place, up to where it was cut off. recorded_trial_free() if that
 * went well; else false. */
bool recorded_trial_load(struct recorded_trial *trial, const struct histories *histories,
                         size_t place);
void recorded_trial_free(struct recorded_trial *trial);

#endif
