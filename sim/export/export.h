/* A trial in other people's formats: what hustings recorded, for tools that hustings is not.
 *
 *   perfetto   a trace of slices and arrows, for ui.perfetto.dev and chrome://tracing
 *   shiviz     events with vector clocks, for the space-time diagrams of ShiViz
 *   edn        operations, invoked and completed, for Jepsen and its checkers
 *
 * results/README.md tells what stands for what in each.
 *
 * How to add a format: a file here that defines a `const struct export_row`, its declaration below,
 * and its row in table.c. What answers prove about the order of events is
 * in history/proofs.h. */
#ifndef HUSTINGS_EXPORT_EXPORT_H
#define HUSTINGS_EXPORT_EXPORT_H

#include <stdio.h>

#include "sim/checks/check.h"

struct export_row {
    const char *name;
    const char *summary; /* what it is, and for which tool */
    /* Writes the history, and of what the checks found in it what the format has room for. False:
     * memory is out. A write that fails is the stream's error. */
    bool (*write)(const struct history *history, const struct violations *found, FILE *out);
};

extern const struct export_row export_perfetto, export_shiviz, export_edn;

/* Ends with NULL. */
extern const struct export_row *const export_rows[];

#endif
