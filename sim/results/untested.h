/* What was not put to the test in any of some trials, and why: in sentences for the end of a run,
 * for `hustings check`, and for machines. */
#ifndef HUSTINGS_RESULTS_UNTESTED_H
#define HUSTINGS_RESULTS_UNTESTED_H

#include <cjson/cJSON.h>

#include "sim/results/results.h"

#define UNTESTED_SENTENCES 2 /* at most */
#define UNTESTED_SIZE 1600

/* Puts the sentences, "Not tested: starvation, since …", into `out` and returns how many there are:
 * the checks that could not fire or do not apply in any of the trials; and whether a leader should
 * have stayed leader while it could not do anything. */
size_t untested_sentences(const struct outcome *outcomes, size_t count,
                          char out[UNTESTED_SENTENCES][UNTESTED_SIZE]);

/* Sets `not_tested`: a list of {"check", "why", "sentence"}: one for each check that a sentence
 * names; `check` is null in one that is about no check. */
bool json_set_untested(cJSON *object, const struct outcome *outcomes, size_t count);

/* Why a check (a row of check_rows) was not put to the test in any of the trials. NULL: it was, in
 * one of them at least, or there are none. */
const char *untested_why(const struct outcome *outcomes, size_t count, size_t check);

#endif
