/* Timers: what the nemesis will do at a time, the next of them first. */
#ifndef HUSTINGS_HOST_TIMERS_H
#define HUSTINGS_HOST_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer {
    int64_t at_ns;
    uint32_t seq; /* ties: whoever was set first */
    uint16_t fault;
    uint16_t id;     /* for a fault with TARGET_OTHERS: the process it is not about */
    uint32_t number; /* TRIGGER_RANDOMLY: of the draw; with `ends`: the fault's instance */
    uint32_t active; /* with `ends`: its place among the active faults */
    bool ends;       /* it is the end of an active fault */
};

/* A heap. Zeroed: empty. */
struct timers {
    struct timer *heap; /* owned: timers_free() */
    uint32_t count, seq;
    size_t capacity;
};

/* Adds one; its `seq` is set here. False: memory is out. */
bool timers_set(struct timers *timers, struct timer timer);

/* The next; NULL: there is none. */
static inline const struct timer *timers_first(const struct timers *timers)
{
    return timers->count > 0 ? timers->heap : NULL;
}

/* Takes the next away; there must be one. */
struct timer timers_take(struct timers *timers);

/* Forgets all; keeps the memory. */
static inline void timers_clear(struct timers *timers)
{
    timers->count = timers->seq = 0;
}

void timers_free(struct timers *timers);

#endif
