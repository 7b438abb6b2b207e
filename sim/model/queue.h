/* What is due, and when: the model's future, ordered by (time, sequence number). Of two things due
 * at the same time, the one that was put in first comes first.
 *
 *        queue_put ──▶ near: the first of all, sorted ──▶ queue_take
 *                  └─▶ far: a binary heap of the others ──┘
 *
 * A small cluster has little to wait for, and most of what is put in comes soonest or last: so the
 * next few lie sorted in an array, and only what has no room there, or comes after something that
 * had none, goes into the heap.
 */
#ifndef HUSTINGS_MODEL_QUEUE_H
#define HUSTINGS_MODEL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/host/block.h"

struct due {
    int64_t at_ns;
    uint32_t seq;      /* set by queue_put() */
    uint32_t what : 8; /* the owner's */
    uint32_t whom : 24;
};
_Static_assert(sizeof(struct due) == 16, "four to a cache line");

/* At most so many are sorted, in a place twice as long, through which they wander. */
#define QUEUE_NEAR 16

/* Owned by the model: queue_free(). Start with a zeroed one. */
struct queue {
    uint32_t first, end; /* near[first … end - 1] are those nearest, in their order */
    uint32_t seq;
    uint32_t count; /* of the heap: nothing there is before anything in `near` */
    size_t capacity;
    bool lost; /* memory was out: something was not put in */
    struct due near[2 * QUEUE_NEAR];
    struct due *heap;
};

/* Empties it; keeps the memory. Room for `capacity` entries is made now, more is when needed. */
bool queue_reset(struct queue *queue, uint32_t capacity);
void queue_free(struct queue *queue);

/* The first ones in their order, at most so many; returns how many. In O(most * all). */
uint32_t queue_first(const struct queue *queue, struct due *first, uint32_t most);

/* Takes the one with this number, which is in it. */
struct due queue_remove(struct queue *queue, uint32_t seq);

/* Its state, into a block or back. */
void queue_block(struct queue *queue, struct block *block);

/* For queue_put and queue_take alone. */
void queue_push(struct queue *queue, struct due due);
struct due queue_pop(struct queue *queue);
void queue_make_room(struct queue *queue);

static inline bool due_before(const struct due *a, const struct due *b)
{
    return a->at_ns < b->at_ns || (a->at_ns == b->at_ns && a->seq < b->seq);
}

/* The one that is put in has the highest number, so of two at the same time it comes later. */
static inline void queue_put(struct queue *queue, int64_t at_ns, uint8_t what, uint32_t whom)
{
    struct due due = {.at_ns = at_ns, .seq = queue->seq++, .what = what, .whom = whom & 0xffffffu};
    if (queue->end == 2 * QUEUE_NEAR || queue->end - queue->first == QUEUE_NEAR) {
        queue_make_room(queue);
    }
    if (queue->count > 0 && queue->heap[0].at_ns <= at_ns) {
        queue_push(queue, due);
        return;
    }
    uint32_t at = queue->end++;
    for (; at > queue->first && queue->near[at - 1].at_ns > at_ns; at--) {
        queue->near[at] = queue->near[at - 1];
    }
    queue->near[at] = due;
}

/* When the first is due; INT64_MAX: there is nothing. */
static inline int64_t queue_next(const struct queue *queue)
{
    if (queue->first < queue->end) {
        return queue->near[queue->first].at_ns;
    }
    return queue->count > 0 ? queue->heap[0].at_ns : INT64_MAX;
}

/* Takes the first; there must be one. */
static inline struct due queue_take(struct queue *queue)
{
    return queue->first < queue->end ? queue->near[queue->first++] : queue_pop(queue);
}

#endif
