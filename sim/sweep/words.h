/* A sweep in words. */
#ifndef HUSTINGS_SWEEP_WORDS_H
#define HUSTINGS_SWEEP_WORDS_H

#include "sim/sweep/edge.h"

/* Lines: what each choice bears and costs, what is recommended, and whether that was confirmed
 * (`edge`; NULL: it was not tried, `why_not`: a clause). The scenario says what a key such as
 * faults.1.for is about. */
void words_advice(FILE *file, const struct advice *advice, const struct scenario *scenario,
                  const struct edge *edge, const char *why_not);

#endif
