/* How long a lease lasts: as long as its request asked for. Between the files of this room. */
#ifndef HUSTINGS_CHECKS_LEASE_TIME_H
#define HUSTINGS_CHECKS_LEASE_TIME_H

#include <assert.h>

#include "sim/history/history.h"
#include "src/units.h"

#define LASTS_FOREVER INT64_MAX

/* By this request; `usual_ns` where it does not say. Only a program takes a lock without an end. */
static inline int64_t lease_lasts_ns(const struct history *history,
                                     const struct history_event *asked, int64_t usual_ns)
{
    uint32_t ttl_ms = asked->request.ttl_ms;
    assert(asked->kind == HISTORY_REQUEST);
    bool endless = history->facts.programs && op_has(asked->request.op, OP_TAKES_LOCK);
    return ttl_ms > 0 ? op_ttl_ms(asked->request.op, ttl_ms) * NS_PER_MS
                      : (endless ? LASTS_FOREVER : usual_ns);
}

/* When one ends that began then, by this request. */
static inline int64_t lease_over_ns(const struct history *history, int64_t held_ns, uint32_t asked,
                                    int64_t usual_ns)
{
    int64_t lasts_ns = lease_lasts_ns(history, &history->events[asked], usual_ns);
    assert(held_ns != INT64_MIN && lasts_ns > 0);
    return lasts_ns == LASTS_FOREVER ? LASTS_FOREVER : held_ns + lasts_ns;
}

#endif
