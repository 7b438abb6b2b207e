/* Skew: by how much a clock that was made to jump or drift differs from the true one.
 *
 *     skew ▲          ╱ drift
 *          │         ╱
 *          │    ┌───╱   jump
 *          ┴────┴──────▶ true time (CLOCK_MONOTONIC, or the model's)
 *
 * One piece of arithmetic for every clock that faults can shift: a process's own, a server's wall
 * clock, in both hosts. Integers, exact to a nanosecond. Readers in another process see a whole
 * skew, old or new, never a mixture. */
#ifndef HUSTINGS_HOST_SKEW_H
#define HUSTINGS_HOST_SKEW_H

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>

#include "sim/faults/fault.h"

#define SKEW_MILLION 1000000

/* Zeroed: the true clock. */
struct skew {
    int64_t since_ns; /* true time at which it last changed */
    int64_t ns;       /* the difference at that time */
    int64_t ppm;      /* it grows by so many millionths of the time since */
};

/* a × b / c without overflow, for |b|, c up to some 10^9. */
static inline int64_t skew_part(int64_t a, int64_t b, int64_t c)
{
    return a / c * b + a % c * b / c;
}

/* The difference at a true time: the skewed clock shows true_ns + this. */
static inline int64_t skew_at(const struct skew *skew, int64_t true_ns)
{
    if (skew->ppm == 0) {
        return skew->ns;
    }
    assert(skew->ppm > -SKEW_MILLION);
    return skew->ns + skew_part(true_ns - skew->since_ns, skew->ppm, SKEW_MILLION);
}

static inline int64_t skew_own(const struct skew *skew, int64_t true_ns)
{
    return true_ns + skew_at(skew, true_ns);
}

/* When the skewed clock shows `own_ns`, if nothing happens to it: never too early, and some ns late
 * at most, since a slow clock stands still for as long. INT64_MAX stays what it is. */
static inline int64_t skew_true(const struct skew *skew, int64_t own_ns)
{
    if (own_ns == INT64_MAX) {
        return own_ns;
    }
    if (skew->ppm == 0) {
        return own_ns - skew->ns;
    }
    int64_t since_ns = own_ns - skew->ns - skew->since_ns;
    int64_t true_ns = skew->since_ns + skew_part(since_ns, SKEW_MILLION, SKEW_MILLION + skew->ppm);
    while (skew_own(skew, true_ns) < own_ns) {
        true_ns++;
    }
    return true_ns;
}

/* Sets a clock. `right_ns` is the difference of a wall clock that is right. */
static inline void skew_set(struct skew *skew, int64_t true_ns, int64_t right_ns,
                            const struct clock_order *order)
{
    assert(order->drift_ppm >= DRIFT_PPM_MIN && order->drift_ppm <= DRIFT_PPM_MAX);
    int64_t from_ns = order->wall ? right_ns : skew_at(skew, true_ns);
    *skew = (struct skew){
        .since_ns = true_ns, .ns = from_ns + order->shift_ns, .ppm = order->drift_ppm};
}

/* --- between processes ------------------------------------------------------------------------ */

/* A skew in shared memory: one writer, many readers. Zeroed: the true clock. */
struct shared_skew {
    _Atomic uint32_t turn; /* odd while it is written */
    _Atomic int64_t since_ns, ns, ppm;
};

static inline void skew_publish(struct shared_skew *shared, const struct skew *skew)
{
    uint32_t turn = atomic_fetch_add(&shared->turn, 1);
    assert(turn % 2 == 0); /* one writer, the driver; when it dies, so do the readers */
    atomic_store(&shared->since_ns, skew->since_ns);
    atomic_store(&shared->ns, skew->ns);
    atomic_store(&shared->ppm, skew->ppm);
    atomic_fetch_add(&shared->turn, 1);
}

static inline struct skew skew_read(struct shared_skew *shared)
{
    struct skew skew;
    uint32_t before, after;
    do {
        before = atomic_load(&shared->turn);
        skew.since_ns = atomic_load(&shared->since_ns);
        skew.ns = atomic_load(&shared->ns);
        skew.ppm = atomic_load(&shared->ppm);
        after = atomic_load(&shared->turn);
    } while (before != after || before % 2 != 0);
    return skew;
}

#endif
