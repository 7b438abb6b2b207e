/* Why a sweep recommends nothing, and what to try. */
#ifndef HUSTINGS_SWEEP_NOTHING_H
#define HUSTINGS_SWEEP_NOTHING_H

#include <stdio.h>

#include "sim/sweep/advice.h"

/* Lines as words_advice() writes them; no choice must be best. */
void nothing_tell(FILE *file, const struct advice *advice);

#endif
