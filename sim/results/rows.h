/* The rows of the CSV files: one cell for each column of columns.h, in that order. */
#ifndef HUSTINGS_RESULTS_ROWS_H
#define HUSTINGS_RESULTS_ROWS_H

#include "sim/results/columns.h"
#include "sim/results/csv.h"
#include "sim/results/results.h"

#define REPRODUCE_SIZE 8800 /* two paths of PATH_MAX bytes, and the options */

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
void rows_summary(struct csv *csv, const struct scenario *scenario, const char *host,
                  const struct outcome *outcomes, size_t count);

/* The command that runs a scenario again: "sim/hustings run PATH --seed S --trials N", with
 * "--on model" and "--latency FILE" if it ran so. Writes at most `size` bytes; returns `out`. */
char *reproduce_command(const struct scenario *scenario, const struct run_facts *facts,
                        uint64_t seed, uint32_t trials, char *out, size_t size);

#endif
