/* The heap behind the queue. See queue.h. */
#include "sim/model/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct queue *queue, uint32_t capacity)
{
    if (capacity <= queue->capacity) {
        return true;
    }
    struct due *heap = realloc(queue->heap, capacity * sizeof *heap);
    if (!heap) {
        return false;
    }
    queue->heap = heap;
    queue->capacity = capacity;
    return true;
}

bool queue_reset(struct queue *queue, uint32_t capacity)
{
    queue->first = queue->end = 0;
    queue->lost = false;
    queue->seq = 0;
    queue->count = 0;
    return reserve(queue, capacity);
}

void queue_free(struct queue *queue)
{
    free(queue->heap);
    *queue = (struct queue){0};
}

void queue_push(struct queue *queue, struct due due)
{
    if (queue->count == queue->capacity && !reserve(queue, 2 * queue->capacity + 16)) {
        queue->lost = true;
        return;
    }
    struct due *heap = queue->heap;
    uint32_t at = queue->count++;
    while (at > 0 && due_before(&due, &heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = due;
}

/* Back to the beginning of the place; and if there are too many, the latest half of them goes into
 * the heap. */
void queue_make_room(struct queue *queue)
{
    uint32_t count = queue->end - queue->first;
    memmove(queue->near, queue->near + queue->first, count * sizeof *queue->near);
    while (count > QUEUE_NEAR / 2) {
        queue_push(queue, queue->near[--count]);
    }
    queue->first = 0;
    queue->end = count;
}

/* The last one fills the gap at the top: it sinks to where it belongs. */
struct due queue_pop(struct queue *queue)
{
    assert(queue->count > 0);
    struct due *heap = queue->heap;
    struct due first = heap[0];
    uint32_t count = --queue->count;
    struct due last = heap[count];
    uint32_t at = 0;
    for (uint32_t child = 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && due_before(&heap[child + 1], &heap[child]);
        if (!due_before(&heap[child], &last)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return first;
}
