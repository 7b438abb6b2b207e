/* What makes a scenario another one, though its file may be called the same. */
#ifndef HUSTINGS_SCENARIO_IDENTITY_H
#define HUSTINGS_SCENARIO_IDENTITY_H

#include <stdio.h>

#include "sim/scenario/scenario.h"

/* Puts its text and the stalls of its table, into what identifies whatever is made of it. */
void scenario_put(const struct scenario *scenario, FILE *to);

/* A number for what its programs are: of each word of theirs that names a file, as it is seen from
 * the scenario's folder, what stands in that. 0: it has no programs. */
uint64_t scenario_programs(const struct scenario *scenario);

/* The same of a single file; 0: it cannot be read. */
uint64_t file_number(const char *path);

#endif
