/* What was not put to the test in any of some trials, and why: in sentences for the end of a run
 * and for `hustings check`, and one by one for machines. */
#ifndef HUSTINGS_OUTCOME_UNTESTED_H
#define HUSTINGS_OUTCOME_UNTESTED_H

#include "sim/outcome/trials.h"

#define UNTESTED_SENTENCES 2 /* at most */
#define UNTESTED_SIZE 1600

/* Puts the sentences, "Not tested: starvation, since …", into `out` and returns how many there are:
 * the checks that could not fire or do not apply in any of the trials; and whether a leader should
 * have stayed leader while it could not do anything. */
size_t untested_sentences(const struct trials *trials, char out[UNTESTED_SENTENCES][UNTESTED_SIZE]);

/* One thing that was not tested. */
struct untested {
    const char *check; /* NULL: what no check watches */
    const char *why;
    char sentence[UNTESTED_SIZE];
};

/* Gives them one by one: a check each, then what no check watches. `*next` is 0 to begin with.
 * False: there are no more. */
bool untested_next(const struct trials *trials, size_t *next, struct untested *out);

/* "Not tested: whether node 1 should have stayed leader while it was paused for 2.0 s; …": of a
 * trial, or of all, whose longest idle leader this is, and where the check idle_leader ended so.
 * False: it watched, or there was none to speak of. */
bool untested_idle(const struct idle_leader *longest, const struct check_verdict *watches,
                   char *out, size_t size);

/* Why a check (a row of check_rows) was not put to the test in any of the trials. NULL: it was, in
 * one of them at least, or there are none. */
const char *untested_why(const struct trials *trials, size_t check);

#endif
