/* A sweep in words. */
#ifndef HUSTINGS_SWEEP_WORDS_H
#define HUSTINGS_SWEEP_WORDS_H

#include "sim/sweep/edge.h"
#include "sim/terminal/terminal.h"

/* "Sweep of NAME: 40 points of 200 trials": the head of what is printed, and, if there are
 * not too many, a line for each point. */
void words_head(const struct terminal_options *options, const char *name,
                const struct points *points, uint32_t trials);

/* Lines: what each choice bears and costs, what is recommended, and whether that was confirmed
 * (`edge`; NULL: it was not tried, `why_not`: a clause). The scenario says what a key such as
 * faults.1.for is about. */
void words_advice(FILE *file, const struct advice *advice, const struct scenario *scenario,
                  const struct edge *edge, const char *why_not);

#endif
