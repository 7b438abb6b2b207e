/* What the answers in a history prove about the order of things, and nothing beyond: an answer that
 * tells a value was given after that value was asked to be written. (The other proof, a request
 * that went out after another's answer had come, is in the times.)
 *
 * A value is traced to a request only if it can have come from one process alone: then to the
 * earliest of its requests that asked for it to be written, on that server. Were it a later one,
 * the earlier would have come before it. Values are results, tokens of locks, and statuses. */
#ifndef HUSTINGS_EXPORT_CAUSES_H
#define HUSTINGS_EXPORT_CAUSES_H

#include "sim/history/history.h"

/* The answer at one index tells what the request at the other asked for. Of two processes: what one
 * wrote itself it knows anyway. */
struct cause {
    uint32_t request, answer;
};

/* Ordered by answer. Owned by the caller: causes_free(). */
struct causes {
    struct cause *list;
    size_t count, capacity;
};

/* False: memory is out. */
bool causes_find(struct causes *causes, const struct history *history);

void causes_free(struct causes *causes);

/* Whether the server itself gave the answer, so that the request must have reached it. */
bool causes_reached(const struct history_reply *reply);

#endif
