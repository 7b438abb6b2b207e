/* Outcomes as text on one line, and back: how a part of a run keeps what came of its trials until
 * all parts are merged. All of an outcome is in it, so that whatever is made of the one can be made
 * of the other: rows, sums, judgement. */
#ifndef HUSTINGS_RESULTS_OUTCOME_LINE_H
#define HUSTINGS_RESULTS_OUTCOME_LINE_H

#include <stdio.h>

#include "sim/outcome/outcome.h"
#include "sim/results/fields.h"

/* Writes one to `line`, with a blank behind it; several may follow each other. */
void outcome_write(FILE *line, const struct outcome *outcome);

/* Reads one; `*at` is then behind it. outcome_free() it. What it points to and does not own
 * is in `texts`. False: memory is out, or this is not what
 * outcome_write() wrote. */
bool outcome_read(const char **at, struct outcome *outcome, struct shared_texts *texts);

#endif
