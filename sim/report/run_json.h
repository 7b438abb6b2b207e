/* A scenario of a results folder as the page has it: one object of `runs`. */
#ifndef HUSTINGS_REPORT_RUN_JSON_H
#define HUSTINGS_REPORT_RUN_JSON_H

#include "sim/report/data.h"
#include "sim/report/folder.h"

/* `first` of its `count` histories; `bytes` that its tables may take; `kept` as in choose.h. */
struct shown_run {
    const struct folder_run *run;
    size_t first, count, kept;
    size_t bytes;
};
void run_json(struct data *data, const struct shown_run *shown);

/* Its tables, `elections`, `violations` and `trialRows`, each {columns, rows, total, step}: as in
 * the CSV files, without the columns that say the same in each row. Where they would take too much
 * room, of elections and trials only those of each step-th trial are there, so that what is drawn
 * from them is like the whole; of violations, and if that is still too much, the first ones. */
void run_rows(struct data *data, const struct shown_run *shown);

/* How its trials met its expectations, as run.json's `summary` says it (results/conclusion.h); if
 * the run did not get so far, judged anew by the histories that there are. Owned: cJSON_Delete().
 * NULL: `data` says why. */
cJSON *run_conclusion(struct data *data, const struct folder_run *run);

#endif
