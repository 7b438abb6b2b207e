/* Processors that have nothing to do. Whoever runs several scenarios at once gives those of his
 * threads that have ended to what still runs, so that the last of them does not run alone. */
#ifndef HUSTINGS_HOST_SPARE_H
#define HUSTINGS_HOST_SPARE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct spare {
    _Atomic uint32_t count; /* how many there are now */
    uint32_t most;          /* there are never more in all: a run has so many threads at most */
};

/* There is one more. In any thread. */
static inline void spare_give(struct spare *spare)
{
    atomic_fetch_add(&spare->count, 1);
}

/* Takes one; it is given back by spare_give(). False: there is none. In any thread. */
static inline bool spare_take(struct spare *spare)
{
    uint32_t count = atomic_load(&spare->count);
    while (count > 0) {
        if (atomic_compare_exchange_weak(&spare->count, &count, count - 1)) {
            return true;
        }
    }
    return false;
}

#endif
