/* What is due, and when: the model's future, ordered by (time, sequence number). Of two things due
 * at the same time, the one that was put in first comes first.
 *
 *        queue_put ──▶ front (the first of all, if it came last) ──▶ queue_take
 *                  └─▶ binary heap ──────────────────────────────┘
 *
 * Most of what a process causes is due before anything else: its request arrives, is answered, and
 * the answer arrives, while the others wait. Such an entry never sees the heap; it sits in a place
 * of its own in front. The order is the same as without.
 */
#ifndef HUSTINGS_MODEL_QUEUE_H
#define HUSTINGS_MODEL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct due {
    int64_t at_ns;
    uint32_t seq;      /* set by queue_put() */
    uint32_t what : 8; /* the owner's */
    uint32_t whom : 24;
};
_Static_assert(sizeof(struct due) == 16, "four to a cache line");

/* Owned by the model: queue_free(). Start with a zeroed one. */
struct queue {
    struct due front;
    bool has_front;
    bool lost; /* memory was out: something was not put in */
    uint32_t seq;
    uint32_t count, capacity; /* of the heap */
    struct due *heap;
};

/* Empties it; keeps the memory. Room for `capacity` entries is made now, more is when needed. */
bool queue_reset(struct queue *queue, uint32_t capacity);
void queue_free(struct queue *queue);

/* For queue_put and queue_take alone. */
void queue_push(struct queue *queue, struct due due);
struct due queue_pop(struct queue *queue);

static inline bool due_before(const struct due *a, const struct due *b)
{
    return a->at_ns < b->at_ns || (a->at_ns == b->at_ns && a->seq < b->seq);
}

static inline void queue_put(struct queue *queue, int64_t at_ns, uint8_t what, uint32_t whom)
{
    struct due due = {.at_ns = at_ns, .seq = queue->seq++, .what = what, .whom = whom & 0xffffffu};
    if (queue->has_front) {
        if (!due_before(&due, &queue->front)) {
            queue_push(queue, due);
            return;
        }
        queue_push(queue, queue->front);
        queue->front = due;
    } else if (queue->count == 0 || due_before(&due, &queue->heap[0])) {
        queue->front = due;
        queue->has_front = true;
    } else {
        queue_push(queue, due);
    }
}

/* When the first is due; INT64_MAX: there is nothing. */
static inline int64_t queue_next(const struct queue *queue)
{
    if (queue->has_front) {
        return queue->front.at_ns;
    }
    return queue->count > 0 ? queue->heap[0].at_ns : INT64_MAX;
}

/* Takes the first; there must be one. */
static inline struct due queue_take(struct queue *queue)
{
    if (queue->has_front) {
        queue->has_front = false;
        return queue->front;
    }
    return queue_pop(queue);
}

#endif
