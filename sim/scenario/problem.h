/* Problems: what is wrong with a scenario file, put into the report that the caller of
 * scenario_load() gets. Every room of the loader adds its findings here and goes on, so that one
 * look at a file finds all there is.
 */
#ifndef HUSTINGS_SCENARIO_PROBLEM_H
#define HUSTINGS_SCENARIO_PROBLEM_H

#include "sim/scenario/report.h"
#include "sim/scenario/scenario.h"

/* Adds one. `text` is the text at fault (it is shortened, and made printable on one line);
 * `suggestion` says how to fix it. Either may be NULL. */
void problem_add(struct scenario_report *report, int line, int column, const char *text,
                 const char *suggestion, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Puts them in the order of the file. Those without a place come first. */
void problems_sort(struct scenario_report *report);

#endif
