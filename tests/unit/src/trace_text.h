/* What a process did, in the words of a trace (trace.h). */
#ifndef TESTS_TRACE_TEXT_H
#define TESTS_TRACE_TEXT_H

#include <stdio.h>

#include "src/process.h"

/* "prepare", "submit", "unknown". */
extern const char *const trace_statuses[3];

/* Each an indented line or more of process `id`: what happened in the step, what it says of itself
 * now, and what it asks of its host. */
void trace_write_moments(FILE *out, const struct settings *settings, int id,
                         const struct action *action);
void trace_write_claim(FILE *out, int id, const struct claim *claim);
void trace_write_action(FILE *out, const struct settings *settings, int id,
                        const struct action *action);

#endif
