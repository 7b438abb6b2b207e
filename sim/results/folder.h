/* An open results folder, for the files that write it: lifetime.c opens and closes it,
 * trials.c appends trials. */
#ifndef HUSTINGS_RESULTS_FOLDER_H
#define HUSTINGS_RESULTS_FOLDER_H

#include "sim/results/columns.h"
#include "sim/results/csv.h"
#include "sim/results/files.h"
#include "sim/results/results.h"

struct results {
    char *path;
    char *later;    /* what it will be called; NULL: as it is */
    char *scenario; /* the copy of the current scenario's file; NULL: none yet */
    struct growing tables[TABLES];
    struct csv rows[TABLES]; /* that wait to be appended; their memory is used again */
    struct cJSON *run;       /* what run.json says */
    uint32_t scenarios;      /* begun so far */
    size_t waiting, sealed; /* trials of the current one: whose rows wait, whose are in the files */
    int64_t waits_since_ns; /* the first of those that wait, by CLOCK_MONOTONIC */
    char *logs;             /* what paths of its programs' logs begin with; NULL: there are none */
    char prefix[80];        /* of the current scenario's history files: "" or "<name>-" */
    char error[512];
};

/* Say why something could not be written, for results_error(); they return false. */
bool folder_failed(struct results *results, const char *path); /* by errno */
bool folder_out_of_memory(struct results *results);

/* The path of something in the folder; the caller's to free(). NULL: memory is out, and said so. */
__attribute__((format(printf, 2, 3))) char *folder_inside(struct results *results,
                                                          const char *format, ...);

/* Appends the rows of a table that wait. */
bool folder_append(struct results *results, enum results_table table);

#endif
