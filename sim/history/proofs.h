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
 * The other proof is in the times: a request that goes to a server after another's answer has come
 * from it, is served after that other's request, so that its answer comes after that request. Who
 * shows the order goes by it himself: it is between nearly all. */
#ifndef HUSTINGS_HISTORY_PROOFS_H
#define HUSTINGS_HISTORY_PROOFS_H

#include <assert.h>

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

/* Whether the server itself gave the answer, so that the request must have reached it. */
static inline bool proof_has_reached(const struct history_reply *reply)
{
    assert(reply->outcome <= STORE_UNREADABLE);
    return reply->outcome != STORE_REFUSED && reply->outcome != STORE_UNKNOWN;
}

#endif
