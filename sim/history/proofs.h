/* What answers prove about the order of events of different processes, and nothing beyond: for
 * whoever draws or exports the causal order.
 *
 * An answer that tells a value was given after that value was asked to be written. If one process
 * alone has asked for it so far, its first request for it surely was before the answer. If several
 * have, the value does not tell whose it is, and proves nothing here. Requests that were surely not
 * applied wrote nothing. Values are results, tokens of locks, statuses, and what the protected
 * resource counts: a number proves that the one before it had been given; but not once the server
 * was disturbed, since it may have forgotten.
 *
 * (The other proof is in the times: a request that went out after another's answer had come from
 * the same server.) */
#ifndef HUSTINGS_HISTORY_PROOFS_H
#define HUSTINGS_HISTORY_PROOFS_H

#include "sim/history/history.h"

/* This request was before this answer, of another process. */
struct proof {
    uint32_t answer, request;
};

/* In the order of their answers. What follows from an earlier one is left out. */
struct proofs {
    struct proof *list; /* owned: proofs_free() */
    size_t count, capacity;
};

/* False: memory is out. */
bool proofs_find(struct proofs *proofs, const struct history *history);

void proofs_free(struct proofs *proofs);

#endif
