/* Tables as programs are told of them: datapackage.json (datapackage.h), and the scripts that load
 * them into a database (load.h). Whoever leaves CSV files in a folder describes them so: the
 * results of a run, a matrix, a sweep. */
#ifndef HUSTINGS_RESULTS_DESCRIBED_H
#define HUSTINGS_RESULTS_DESCRIBED_H

#include "sim/results/columns.h"

struct described_table {
    const char *name;  /* "elections": its file is elections.csv */
    const char *title; /* "A row an election" */
    size_t count;      /* of its columns */
    struct column (*column)(const void *self, size_t index);
    const void *self; /* for `column` */
};

struct described {
    const char *name;  /* "hustings-results" */
    const char *title; /* "What a run of hustings saw" */
    const struct described_table *tables;
    size_t count;
};

/* The tables of a run. `room`: for them. */
struct described described_results(struct described_table room[TABLES]);

#endif
