/* The heap of timers. See timers.h. */
#include "sim/host/timers.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/text/grown.h"

static bool is_sooner(const struct timer *a, const struct timer *b)
{
    return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->seq < b->seq;
}

static void swap(struct timer *a, struct timer *b)
{
    struct timer was = *a;
    *a = *b;
    *b = was;
}

static bool make_room(struct timers *timers)
{
    struct timer *heap = grown(timers->heap, timers->count, &timers->capacity, sizeof *heap);
    timers->heap = heap ? heap : timers->heap;
    return heap != NULL;
}

bool timers_set(struct timers *timers, struct timer timer)
{
    if (!make_room(timers)) {
        return false;
    }
    timer.seq = timers->seq++;
    uint32_t at = timers->count++;
    timers->heap[at] = timer;
    while (at > 0 && is_sooner(&timers->heap[at], &timers->heap[(at - 1) / 2])) {
        swap(&timers->heap[at], &timers->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    assert(!is_sooner(&timers->heap[at], &timers->heap[0]));
    return true;
}

struct timer timers_take(struct timers *timers)
{
    assert(timers->count > 0);
    struct timer first = timers->heap[0];
    timers->heap[0] = timers->heap[--timers->count];
    uint32_t at = 0;
    for (;;) {
        uint32_t soonest = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2; child++) {
            if (child < timers->count && is_sooner(&timers->heap[child], &timers->heap[soonest])) {
                soonest = child;
            }
        }
        if (soonest == at) {
            assert(timers->count == 0 || !is_sooner(&timers->heap[0], &first));
            return first;
        }
        swap(&timers->heap[at], &timers->heap[soonest]);
        at = soonest;
    }
}

void timers_free(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){0};
}
