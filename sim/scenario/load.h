/* Loading a scenario: from a file or from bytes to the struct, or to a report of what is wrong. */
#ifndef HUSTINGS_SCENARIO_LOAD_H
#define HUSTINGS_SCENARIO_LOAD_H

#include "sim/scenario/report.h"
#include "sim/scenario/scenario.h"

/* Reads and checks a file; "-" is the standard input. True: *scenario is whole and owned by the
 * caller (scenario_free). False: the report has at least one problem and *scenario holds nothing.
 * Errors in reading the file are problems too (line 0). Never reads more than SCENARIO_FILE_MAX
 * bytes (source.h). */
bool scenario_load(const char *path, struct scenario *scenario, struct scenario_report *report);

/* The same for bytes in memory; `path` only names them in messages. */
bool scenario_parse(const char *path, const char *bytes, size_t length, struct scenario *scenario,
                    struct scenario_report *report);

/* scenario_load that does not read the files that the scenario names (a table of stalls): for a
 * scenario whose trials are recorded already. It cannot be run. */
bool scenario_load_recorded(const char *path, struct scenario *scenario,
                            struct scenario_report *report);

/* scenario_load that also lists each default taken (after problems the list is not complete), and
 * what of a good scenario cannot be put to the test (after problems there is none). */
bool scenario_load_noting(const char *path, struct scenario *scenario,
                          struct scenario_report *report, struct scenario_defaults *defaults,
                          struct scenario_report *warnings);

#endif
