/* The record of an observed lock: what stands at the lock's key in the place of a token. It has no
 * time to live in the store; whoever waits for it times it by his own clock, and takes it over when
 * it has not changed for as long as it says itself (lock/record.c). It is compared and set whole.
 *
 * Each grant has the next number, so `transitions` is a fencing token; and each renewal changes the
 * record. Times are in ms by the clock of who wrote them: others only see that they change. */
#ifndef HUSTINGS_RECORD_H
#define HUSTINGS_RECORD_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "src/token.h"

struct lease_record {
    struct token holder;  /* the zero token: nobody, it was given back */
    uint64_t acquire_ms;  /* when the holder took it */
    uint64_t renew_ms;    /* when it was written last, or later */
    uint32_t lease_ms;    /* so long unchanged, it is whoever's takes it; 0: there is no record */
    uint32_t transitions; /* which grant it is, from 1 */
};
static_assert(sizeof(struct lease_record) == 40, "a record has no padding");

static inline bool record_equal(const struct lease_record *a, const struct lease_record *b)
{
    return token_equal(a->holder, b->holder) && a->acquire_ms == b->acquire_ms &&
           a->renew_ms == b->renew_ms && a->lease_ms == b->lease_ms &&
           a->transitions == b->transitions;
}

/* Whether there is one, and nobody holds it. */
static inline bool record_is_free(const struct lease_record *record)
{
    return record->lease_ms > 0 && record->holder.high == 0 && record->holder.low == 0;
}

/* What is written by who takes it, in the place of `from` (or of nothing), at `now_ms` of its
 * clock: the next grant. */
static inline struct lease_record record_taken(const struct lease_record *from, struct token holder,
                                               uint32_t lease_ms, uint64_t now_ms)
{
    struct lease_record to;
    assert(lease_ms > 0);
    to.holder = holder;
    to.acquire_ms = now_ms;
    to.renew_ms = now_ms;
    to.lease_ms = lease_ms;
    to.transitions = from->transitions + 1;
    return to;
}

/* What its holder writes: that is to be seen as a change, whatever its clock does. */
static inline struct lease_record record_renewed(const struct lease_record *from, uint32_t lease_ms,
                                                 uint64_t now_ms)
{
    struct lease_record to = *from;
    assert(lease_ms > 0);
    to.renew_ms = now_ms > from->renew_ms ? now_ms : from->renew_ms + 1;
    to.lease_ms = lease_ms;
    return to;
}

/* What its holder writes that gives it back. */
static inline struct lease_record record_freed(const struct lease_record *from, uint64_t now_ms)
{
    struct lease_record to = *from;
    to.holder.high = 0;
    to.holder.low = 0;
    to.renew_ms = now_ms;
    return to;
}

#endif
