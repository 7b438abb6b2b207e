/* A scenario of a results folder as the page has it: one object of `runs`. */
#ifndef HUSTINGS_REPORT_RUN_JSON_H
#define HUSTINGS_REPORT_RUN_JSON_H

#include "sim/report/data.h"
#include "sim/report/folder.h"

#define SHOWN_TABLES 3

/* How many rows and trials a table has, and how many bytes its rows would take, about. */
struct extent {
    size_t rows, trials, bytes;
};

/* `first` of its `count` histories, of which `cut` are not whole any more; `kept` as in choose.h;
 * its tables, and how many bytes they may take. */
struct shown_run {
    const struct folder_run *run;
    size_t first, count, kept, cut;
    struct extent extents[SHOWN_TABLES];
    size_t bytes;
};
void run_json(struct data *data, const struct shown_run *shown);

/* Its tables, `elections`, `violations` and `trialRows`, each {columns, rows, total, step, ended}:
 * as in the CSV files, without the columns that say the same in each row, and without trials that
 * are not in trials.csv: a killed run left those unfinished. Where they would take too much room,
 * of elections and trials only those of each step-th trial are there, so that what is drawn from
 * them is like the whole; of violations, and if that is still too much, the first ones: then they
 * `ended` before all of them were told. Of a trial that is there alone they are empty: the page has
 * its history. */
void run_rows(struct data *data, const struct shown_run *shown);

/* Reads how large its tables are. False: data->error says why. */
bool run_measure(struct data *data, struct shown_run *shown);

/* How its trials met its expectations, as run.json's `summary` says it (results/conclusion.h); if
 * the run did not get so far, judged anew by the histories that there are. Owned: cJSON_Delete().
 * NULL: `data` says why. */
cJSON *run_conclusion(struct data *data, const struct folder_run *run);

#endif
