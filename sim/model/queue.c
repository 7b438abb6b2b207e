/* The heap behind the queue. See queue.h. */
#include "sim/model/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct queue *queue, size_t capacity)
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
    assert(queue->first <= queue->end && queue->end <= 2 * QUEUE_NEAR);
    uint32_t count = queue->end - queue->first;
    memmove(queue->near, queue->near + queue->first, count * sizeof *queue->near);
    while (count > QUEUE_NEAR / 2) {
        queue_push(queue, queue->near[--count]);
    }
    queue->first = 0;
    queue->end = count;
}

/* `due` sinks from a gap in the heap to where it belongs. */
static void sink(struct queue *queue, uint32_t at, struct due due)
{
    struct due *heap = queue->heap;
    for (uint32_t child = 2 * at + 1; child < queue->count; child = 2 * at + 1) {
        child += child + 1 < queue->count && due_before(&heap[child + 1], &heap[child]);
        if (!due_before(&heap[child], &due)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = due;
}

/* The last one fills the gap at the top. */
struct due queue_pop(struct queue *queue)
{
    assert(queue->count > 0);
    struct due first = queue->heap[0];
    queue->count--;
    sink(queue, 0, queue->heap[queue->count]);
    return first;
}

/* --- for stepping through what could happen --------------------------------------------------- */

uint32_t queue_first(const struct queue *queue, struct due *first, uint32_t most)
{
    uint32_t count = 0;
    for (uint32_t i = queue->first; i < queue->end && count < most; i++) {
        first[count++] = queue->near[i];
    }
    for (uint32_t i = 0; i < queue->count; i++) {
        const struct due *due = &queue->heap[i];
        if (count == most && (count == 0 || due_before(&first[count - 1], due))) {
            continue;
        }
        uint32_t at = count < most ? count++ : count - 1;
        for (; at > 0 && due_before(due, &first[at - 1]); at--) {
            first[at] = first[at - 1];
        }
        first[at] = *due;
    }
    return count;
}

/* The last one of the heap fills the gap: it rises, or sinks. */
static struct due remove_far(struct queue *queue, uint32_t at)
{
    assert(at < queue->count);
    struct due removed = queue->heap[at];
    struct due last = queue->heap[--queue->count];
    if (at == queue->count) {
        return removed;
    }
    while (at > 0 && due_before(&last, &queue->heap[(at - 1) / 2])) {
        queue->heap[at] = queue->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    sink(queue, at, last);
    return removed;
}

struct due queue_remove(struct queue *queue, uint32_t seq)
{
    for (uint32_t i = queue->first; i < queue->end; i++) {
        if (queue->near[i].seq == seq) {
            struct due due = queue->near[i];
            memmove(queue->near + i, queue->near + i + 1,
                    (queue->end - i - 1) * sizeof *queue->near);
            queue->end--;
            return due;
        }
    }
    uint32_t at = 0;
    while (at < queue->count && queue->heap[at].seq != seq) {
        at++;
    }
    assert(at < queue->count && "what is removed is in the queue");
    return remove_far(queue, at);
}

void queue_block(struct queue *queue, struct block *block)
{
    block_piece(block, &queue->first, sizeof queue->first);
    block_piece(block, &queue->end, sizeof queue->end);
    block_piece(block, &queue->seq, sizeof queue->seq);
    block_piece(block, &queue->count, sizeof queue->count);
    block_piece(block, &queue->lost, sizeof queue->lost);
    block_piece(block, queue->near, sizeof queue->near);
    queue->heap =
        block_list(block, queue->heap, queue->count, &queue->capacity, sizeof *queue->heap);
}
