/* What a results folder has: the scenarios that ran into it, what run.json says of each, and which
 * trials are in the files. */
#ifndef HUSTINGS_REPORT_FOLDER_H
#define HUSTINGS_REPORT_FOLDER_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"

/* A trial that is in trials.csv. */
struct folder_trial {
    uint32_t number;
    bool as_expected; /* its verdict is "passed" */
    bool has_history; /* its history is in the folder */
    bool chosen;      /* its history is to be in the page: choose.h */
    char *command;    /* that runs it again; owned; NULL: it has no history */
};

/* A scenario that ran into the folder. */
struct folder_run {
    const char *folder; /* as given */
    char file[256];     /* of its copy in the folder: "scenario.yaml" */
    char label[256];    /* what the names of its histories begin with: "", or "x-" */
    bool alone;         /* one trial of a matrix or a sweep: there are no tables (map.h) */
    size_t earlier;     /* scenarios of the same name before it in the run */
    const cJSON *run;   /* run.json; NULL: there is none. The folder's */
    const cJSON *entry; /* of the scenario in it, or NULL; likewise */
    struct scenario scenario;
    struct folder_trial *trials; /* owned; ascending */
    size_t trial_count, trial_capacity;
    size_t planned; /* trials that were asked for */
};

struct folder {
    const char *path;
    cJSON *run; /* owned; NULL: there is no run.json */
    struct folder_run *runs;
    size_t count;
};

/* Reads the folder; folder_free() in any case. False with one line in `error`. */
bool folder_read(struct folder *folder, const char *path, char *error, size_t error_size);
void folder_free(struct folder *folder);

/* The file of a scenario that run.json names and that is not in the folder, so that the scenario is
 * not among its runs; `entry`: an object of run.json's `scenarios`. NULL: it is there. */
const char *folder_missing(const struct folder *folder, const cJSON *entry);

/* How many trials of a run have no history in the folder. */
size_t folder_bare(const struct folder_run *run);

/* The path of a trial's history; `size` bytes. Returns `out`. */
char *folder_history(const struct folder_run *run, uint32_t trial, char *out, size_t size);

/* A text of run.json's, or of its scenario; "" if it is not there. */
const char *folder_text(const cJSON *object, const char *key);

/* Which rows of a table are a scenario's: those of its name; and of two scenarios of one name, that
 * ran one after the other, its own. Zeroed but for the first four to begin with. */
struct own_rows {
    const char *name;
    size_t earlier;
    bool has_second; /* rows of one trial ascend by a second number, … */
    bool strictly;   /* … and no two have the same */
    bool begun;
    size_t turn; /* how often it began anew */
    uint64_t trial;
    double second;
};
bool is_own_row(struct own_rows *own, const char *scenario, uint64_t trial, double second);

#endif
