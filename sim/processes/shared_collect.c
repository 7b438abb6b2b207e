/* The events of all slots and of the driver in one history, at the end of a trial or as they come.
 * See shared.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/processes/shared.h"
#include "sim/processes/witnessed.h"

/* Marks the driver's own events while collecting, in their `kind`. */
#define OF_DRIVER 0x80u
_Static_assert(OF_RELAY < OF_DRIVER, "a kind has room for both marks");

static int64_t slot_of(const struct history_event *event)
{
    return event->kind & OF_DRIVER ? -1 : event->process;
}

static int by_time(const void *left, const void *right)
{
    const struct history_event *a = left;
    const struct history_event *b = right;
    if (a->at_ns != b->at_ns) {
        return a->at_ns < b->at_ns ? -1 : 1;
    }
    if (slot_of(a) != slot_of(b)) {
        return slot_of(a) < slot_of(b) ? -1 : 1;
    }
    return a->seq < b->seq ? -1 : 1;
}

/* Appends what a slot has beyond its place, marked. A child that is about to begin a new chunk has
 * linked it before it counts an event in it. */
static bool take_slot(const struct shared *shared, const struct member_slot *slot,
                      struct shared_place *place, uint8_t mark, struct history *history)
{
    place->chunk = place->chunk ? place->chunk : slot->first_chunk;
    while (place->chunk) {
        const struct chunk *chunk = &shared->chunks[place->chunk];
        uint32_t count = atomic_load_explicit(&chunk->count, memory_order_acquire);
        assert(place->chunk < shared->chunk_limit && count <= CHUNK_EVENTS);
        for (; place->count < count; place->count++) {
            struct history_event event = chunk->events[place->count];
            event.kind |= mark;
            if (!history_append(history, &event)) {
                return false;
            }
        }
        uint32_t next = atomic_load_explicit(&chunk->next, memory_order_acquire);
        if (count < CHUNK_EVENTS || next == 0) {
            return true;
        }
        *place = (struct shared_place){.chunk = next};
    }
    return true;
}

static bool take_own(const struct history *extra, size_t *taken, struct history *history)
{
    for (; *taken < extra->count; (*taken)++) {
        struct history_event event = extra->events[*taken];
        assert(*taken == 0 || extra->events[*taken - 1].at_ns <= event.at_ns);
        event.kind |= OF_DRIVER;
        if (!history_append(history, &event)) {
            return false;
        }
    }
    return true;
}

static void sort(struct history *history, size_t from)
{
    assert(from <= history->count);
    if (history->count > from) {
        qsort(history->events + from, history->count - from, sizeof *history->events, by_time);
    }
}

/* Makes what was appended behind the first `from` what a history has. */
static void finish(struct history *history, size_t from, int64_t t0_ns)
{
    for (size_t i = from; i < history->count; i++) {
        struct history_event *event = &history->events[i];
        event->kind &= (uint8_t) ~(OF_DRIVER | OF_RELAY);
        if (event->kind == HISTORY_CLAIM && event->claim.claim.until_ns != INT64_MAX) {
            event->claim.claim.until_ns -= t0_ns;
        }
        event->at_ns -= t0_ns;
        event->seq = (uint32_t)i;
    }
}

static bool take_all(const struct shared *shared, struct shared_place *places,
                     const struct history *extra, size_t *extra_taken, struct history *history)
{
    bool whole = true;
    for (uint32_t i = 0; i < shared->slot_count; i++) {
        uint8_t mark = i + 1 == shared->slot_count ? OF_RELAY : 0;
        whole = whole && take_slot(shared, &shared->slots[i], &places[i], mark, history);
    }
    return whole && take_own(extra, extra_taken, history);
}

bool shared_take(const struct shared *shared, struct shared_place *places,
                 const struct history *extra, size_t *extra_taken, int64_t t0_ns,
                 struct history *history)
{
    size_t from = history->count;
    assert(shared->slot_count > 1);
    bool whole = take_all(shared, places, extra, extra_taken, history);
    witnessed_forget_sent(history, from);
    sort(history, from);
    finish(history, from, t0_ns);
    return whole;
}

/* What the relay has told is fitted in. */
static bool fit(const struct shared *shared, struct history *history)
{
    struct witnessed *processes = calloc(shared->slot_count, sizeof *processes);
    for (uint32_t i = 0; processes && i < shared->slot_count; i++) {
        processes[i].claims = atomic_load(&shared->slots[i].claims);
    }
    bool whole = processes != NULL;
    if (processes) {
        witnessed_fit(history, processes);
        sort(history, 0);
        whole = witnessed_count(history, processes, shared->slot_count);
    }
    for (uint32_t i = 0; processes && i < shared->slot_count; i++) {
        free(processes[i].places);
    }
    free(processes);
    return whole;
}

bool shared_collect(const struct shared *shared, const struct history *extra, int64_t t0_ns,
                    struct history *history)
{
    struct shared_place *places = calloc(shared->slot_count, sizeof *places);
    size_t taken = 0;
    assert(history->count == 0);
    bool whole = places && take_all(shared, places, extra, &taken, history);
    sort(history, 0);
    whole = whole && fit(shared, history);
    finish(history, 0, t0_ns);
    free(places);
    return whole;
}
