/* A table of stalls: what an engineer has measured, one length a line.
 *
 *     # pauses of node 3 on Tuesday
 *     12.5            ms, unless there is a unit: us, ms, s or m
 *     1.2s
 */
#ifndef HUSTINGS_SCENARIO_STALL_TABLE_H
#define HUSTINGS_SCENARIO_STALL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/scenario/scenario.h"

/* What is wrong with a file. */
struct stall_problem {
    int line;       /* from 1; 0: it is about the file */
    char what[160]; /* what is wrong with it */
    char hint[120]; /* how to fix it */
};

/* Reads the file into `table`, whose numbers are then the caller's to free. Only a regular file is
 * read. False: it says nothing, or something else. */
bool stall_table_read(const char *path, struct stalls *table, struct stall_problem *problem);

/* The same of a text. */
bool stall_table_parse(const char *bytes, size_t length, struct stalls *table,
                       struct stall_problem *problem);

#endif
