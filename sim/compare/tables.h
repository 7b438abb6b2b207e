/* A comparison as text for people, as CSV and as JSON for programs. results/README.md
 * explains the columns. */
#ifndef HUSTINGS_COMPARE_TABLES_H
#define HUSTINGS_COMPARE_TABLES_H

#include <stdio.h>

#include "sim/compare/comparison.h"

/* A line of the comparison: the same facts in every form. Times in ns, NEVER_NS: none,
 * FOREVER_NS: never. */
struct line {
    const char *scenario;
    const char *what; /* "leaders", "verdict", "ended", "check", "elect_ms", "settle_ms" */
    const char *name; /* the order of leaders, the verdict, the check, or which elections */
    size_t count[SIDES];
    size_t of[SIDES]; /* leaders, checks: trials; verdicts, endings: elections; times: 0 */
    int64_t p50[SIDES], p90[SIDES], p99[SIDES];
    double distance; /* of shares, or Kolmogorov–Smirnov; below 0: cannot be said */
    double bound;    /* ks_bound(); below 0: cannot be said */
};

/* Calls `put` for each line, scenario by scenario. Stops, and returns false, when it does.
 * A line lives until `put` returns. */
bool comparison_lines(const struct comparison *comparison,
                      bool (*put)(void *self, const struct line *line), void *self);

/* Writes it. False when that failed, errno set. `within` below 0: nothing was demanded. */
bool comparison_text(const struct comparison *comparison, double within, FILE *out);
bool comparison_csv(const struct comparison *comparison, const char *path);
bool comparison_json(const struct comparison *comparison, double within, FILE *out);

#endif
