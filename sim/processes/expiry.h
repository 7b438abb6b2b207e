/* When the lock ran out. A server says that a key has expired when it finds out, which may be a
 * tenth of a second late, and the driver hears of it when it gets round to it. So what is heard
 * says only that some lock ran out; when, follows from the history: from the request that gave the
 * lock its TTL, its answer, and the server's clock.
 *
 *      SET sent      its answer                        TTL over         heard      next granted
 *     ────┼──────────────┼────────────────────────────────┼───────────────┼───────────┼─────▶
 *         └── the server set it in here
 *
 * The time taken is the latest at which the TTL can have been over: counted from the answer, by the
 * server's clock in whole ms; but not later than it was heard of, than the next holder's lock was
 * granted, or than its holder was told that it is gone. So it is late by a round trip and a
 * millisecond at most, unless the answer came late itself. */
#ifndef HUSTINGS_PROCESSES_EXPIRY_H
#define HUSTINGS_PROCESSES_EXPIRY_H

#include "sim/history/history.h"
#include "sim/host/skew.h"

/* From this time on (CLOCK_MONOTONIC) a server's clock ran so; while it does not run, no key runs
 * out. */
struct server_time {
    int64_t from_ns;
    struct skew skew;
    bool runs;
};

/* What happened to the time of a server, in order. */
struct server_times {
    struct server_time *list; /* owned */
    size_t count, capacity;
};

/* Adds an entry. False: out of memory. */
bool server_times_add(struct server_times *times, int64_t from_ns, struct skew skew, bool runs);
void server_times_free(struct server_times *times);

/* The first time from `from_ns` on at which the server runs and its clock shows `clock_ns` or more;
 * INT64_MAX if that never comes. All in CLOCK_MONOTONIC. */
int64_t server_times_find(const struct server_times *times, int64_t from_ns, int64_t clock_ns);

/* Moves each expiry of a server's lock (HISTORY_EXPIRED without a `why`) from where it was heard of
 * to when the lock ran out. `t0_ns` is the CLOCK_MONOTONIC of the history's zero. What fits to no
 * grant stays where it is. False: out of memory. */
bool expiry_place(struct history *history, uint8_t server, const struct server_times *times,
                  int64_t t0_ns);

#endif
