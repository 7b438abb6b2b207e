/* The elections of a trial, one by one; and those of a trial that is judged with many others, in
 * few bytes. */
#ifndef HUSTINGS_OUTCOME_PACKED_H
#define HUSTINGS_OUTCOME_PACKED_H

#include "sim/outcome/outcome.h"

/* Goes through the elections of an outcome, packed or not. */
struct election_walk {
    const struct outcome *outcome;
    const uint8_t *bytes; /* the next packed one */
    size_t done;
    struct election now; /* unpacked */
};
struct election_walk election_walk(const struct outcome *outcome);

/* NULL: there are no more. Valid until the next call. Of a packed one, only what packed_write()
 * keeps is known. */
const struct election *election_next(struct election_walk *walk);

/* The most bytes that one election can take. */
#define PACKED_ELECTION_MAX 80

/* Writes elections into `out` (PACKED_ELECTION_MAX for each) and returns how many bytes they took.
 * Kept is what is told of many trials together: nth, cause, its node, who was elected and why, the
 * verdict, how it ended, and when it was due, published and settled, since and until when. Lost
 * are: when it was reported and decided, the rule, the term, who was rightful, how many were alive,
 * the wait for the lock, round trips. */
size_t packed_write(const struct election *elections, size_t count, uint8_t *out);

#endif
