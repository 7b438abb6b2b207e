/* Looking back in a history from a decision or a publication: what led to it. Each call walks back
 * over the events that lie between, no further than it must. */
#ifndef HUSTINGS_OUTCOME_LOOKBACK_H
#define HUSTINGS_OUTCOME_LOOKBACK_H

#include "sim/history/elected.h"

#define NOT_FOUND HISTORY_NOWHERE

/* The last HISTORY_DECIDED of `process` before the event at `from`, after that at `to`. */
size_t lookback_decided(const struct history *history, size_t from, size_t to, uint16_t process);

/* The read that the decision at `decided` was taken from. */
size_t lookback_read(const struct history *history, size_t decided);

/* The publication of this decision of which no answer was seen, between `to` and `from`. */
size_t lookback_publication(const struct history *history, size_t from, size_t to,
                            struct decision decision);

/* When the last report that counted for a decision was in the store: between the events `due` and
 * `decided` that of process `reporter`, or, if that is NOBODY, anybody's before the read. NEVER_NS:
 * there was none. */
int64_t lookback_reported(const struct history *history, size_t due, size_t decided,
                          int32_t reporter);

/* The answer to a read, before the decision that was taken from it; the decision, if the history
 * does not have the answer. */
size_t lookback_has_read(const struct history *history, size_t read, size_t decided);

/* Of the lock under which `process` did what is before `from`: by which event it got it, and by
 * which it had first asked for it. False if it had no lock, or did not have to ask. */
bool lookback_lock(const struct history *history, size_t from, uint16_t process, size_t *asked,
                   size_t *acquired);

/* The first time that `process` asked for the lock, or looked whose it is, before it got it at
 * `acquired`: not before `due`, and not before it last had it. NOT_FOUND: it had asked by then. */
size_t lookback_first_try(const struct history *history, size_t acquired, size_t due,
                          uint16_t process);

/* How many requests `process` sent from the event `begin` on, before `end`. */
uint32_t lookback_requests(const struct history *history, size_t begin, size_t end,
                           uint16_t process);

#endif
