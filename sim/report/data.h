/* The data of the page as they are written: one JSON document. Each part of it is written by a file
 * of its own. */
#ifndef HUSTINGS_REPORT_DATA_H
#define HUSTINGS_REPORT_DATA_H

#include "sim/report/options.h"
#include "sim/report/texts.h"
#include "sim/results/json_out.h"
#include "sim/scenario/scenario.h"

struct data {
    struct json_out out;
    FILE *file; /* what `out` writes to */
    const struct report_options *options;
    struct texts texts;
    size_t runs, histories, left_out; /* so far */
    size_t cells;                     /* of a map that are in the page; `runs`: in its table */
    size_t missing;                   /* scenarios whose copies are not in their folders */
    size_t bare, cut;                 /* trials without a history; histories that end too early */
    char first_missing[4700];         /* the path of the first such copy */
    size_t history_bytes;             /* of the files of those that are in the page */
    char error[5200];                 /* one line; empty: all is well */
};

/* Notes the first thing that went wrong, "path: what". Returns false. */
bool data_wrong(struct data *data, const char *path, const char *what);

/* Whether all is well so far; a full disk is noted when the file is closed. */
static inline bool data_good(const struct data *data)
{
    return data->error[0] == '\0';
}

#endif
