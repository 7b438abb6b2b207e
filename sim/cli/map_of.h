/* The folder of a matrix or a sweep, for a report: what it is, by its plan.txt, and any trial of
 * any cell, run again on the model. */
#ifndef HUSTINGS_CLI_MAP_OF_H
#define HUSTINGS_CLI_MAP_OF_H

#include "sim/cli/plan_words.h"
#include "sim/cli/sweep_options.h"
#include "sim/report/map.h"

struct map_of {
    struct report_map map; /* for report_write() */
    const char *program;   /* as hustings was called, for commands */
    struct plan_words plan;
    struct sweep_asked swept; /* what the plan of a sweep says; words are the plan's */
    struct axes axes;
    struct plan points;
    char *text; /* of the scenario that was swept; owned */
    size_t length;
    char *path; /* its file: where it was, or the copy if that is another one now; owned */
    char *advice, *command; /* owned */
    char cwd[4096];         /* "": not known */
    char why[400];
    const struct host_row *host; /* NULL: no trial can be had again */
    struct history *taken;       /* where the trial that runs leaves its history */
};

/* Whether the folder is that of a matrix or a sweep. */
bool is_map_folder(const char *folder);

/* Reads what it is. False with one line in `error`. map_of_free() in any case. */
bool map_of_read(struct map_of *of, const char *program, const char *folder, char *error,
                 size_t error_size);
void map_of_free(struct map_of *of);

#endif
