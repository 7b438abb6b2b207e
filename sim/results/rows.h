/* The rows of the CSV files: one cell for each column of columns.h, in that order. */
#ifndef HUSTINGS_RESULTS_ROWS_H
#define HUSTINGS_RESULTS_ROWS_H

#include "sim/results/columns.h"
#include "sim/results/csv.h"
#include "sim/results/results.h"

void rows_header(struct csv *csv, enum results_table table);

/* A trial's rows of elections.csv, trials.csv (one) and violations.csv. `host` is "processes" or
 * "model". */
void rows_elections(struct csv *csv, const struct scenario *scenario, const char *host,
                    const struct outcome *outcome);
void rows_trial(struct csv *csv, const struct scenario *scenario, const struct run_facts *facts,
                const struct outcome *outcome);
void rows_violations(struct csv *csv, const struct scenario *scenario, const char *host,
                     const struct outcome *outcome);

/* A scenario's row of summary.csv. */
void rows_summary(struct csv *csv, const char *host, const struct trials *trials);

#endif
