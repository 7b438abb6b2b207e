/* The memory that a trial's driver shares with its processes. See shared.h. */
#include "sim/processes/shared.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "sim/ops/words.h"
#include "sim/text/clock.h"
#include "src/units.h"

/* 4 GiB of addresses, 66 million events; less if the kernel is strict about promises of memory. */
#define POOL_CHUNKS (1u << 20)
#define POOL_CHUNKS_LEAST (1u << 12)

static size_t align_page(size_t size)
{
    return (size + sizeof(struct chunk) - 1) / sizeof(struct chunk) * sizeof(struct chunk);
}

/* NULL, and all is undone: there are too few descriptors. */
static struct shared *open_wakes(struct shared *shared)
{
    for (uint32_t i = 0; i < shared->slot_count; i++) {
        shared->slots[i].wake_fd = -1;
    }
    for (uint32_t i = 0; i < shared->slot_count; i++) {
        if (!slot_open_wake(&shared->slots[i])) {
            int why = errno;
            shared_unmap(shared);
            errno = why;
            return NULL;
        }
    }
    return shared;
}

struct shared *shared_map(uint32_t slot_count)
{
    assert(slot_count > 0);
    size_t head = align_page(sizeof(struct shared));
    size_t slots = align_page(sizeof(struct member_slot) * slot_count);
    for (uint32_t chunks = POOL_CHUNKS; chunks >= POOL_CHUNKS_LEAST; chunks /= 4) {
        size_t size = head + slots + sizeof(struct chunk) * chunks;
        char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            continue;
        }
        struct shared *shared = (struct shared *)memory;
        shared->size = size;
        shared->slot_count = slot_count;
        shared->chunk_limit = chunks;
        atomic_store(&shared->next_chunk, 1);
        shared->slots = (struct member_slot *)(memory + head);
        shared->chunks = (struct chunk *)(memory + head + slots);
        return open_wakes(shared);
    }
    return NULL;
}

void shared_unmap(struct shared *shared)
{
    for (uint32_t i = 0; shared && i < shared->slot_count && shared->slots[i].wake_fd >= 0; i++) {
        close(shared->slots[i].wake_fd);
    }
    if (shared) {
        munmap(shared, shared->size);
    }
}

/* A chunk with room, or NULL when the pool is used up. */
static struct chunk *writable_chunk(struct shared *shared, struct member_slot *slot)
{
    assert(slot->last_chunk < shared->chunk_limit);
    if (slot->last_chunk) {
        struct chunk *last = &shared->chunks[slot->last_chunk];
        if (atomic_load_explicit(&last->count, memory_order_relaxed) < CHUNK_EVENTS) {
            return last;
        }
    }
    uint32_t fresh = atomic_fetch_add(&shared->next_chunk, 1);
    if (fresh >= shared->chunk_limit) {
        atomic_store(&shared->next_chunk, shared->chunk_limit);
        atomic_store(&shared->overflow, 1);
        return NULL;
    }
    assert(fresh > slot->last_chunk);
    if (slot->last_chunk) {
        atomic_store_explicit(&shared->chunks[slot->last_chunk].next, fresh, memory_order_release);
    } else {
        atomic_store_explicit(&slot->first_chunk, fresh, memory_order_release);
    }
    slot->last_chunk = fresh;
    return &shared->chunks[fresh];
}

void slot_record(struct shared *shared, struct member_slot *slot, struct history_event *event)
{
    struct chunk *chunk = writable_chunk(shared, slot);
    if (!chunk) {
        return;
    }
    if (event->at_ns == 0) {
        event->at_ns = monotonic_ns();
    }
    event->seq = slot->seq++;
    uint32_t count = atomic_load_explicit(&chunk->count, memory_order_relaxed);
    assert(count < CHUNK_EVENTS && event->kind < HISTORY_KINDS);
    chunk->events[count] = *event;
    atomic_store_explicit(&chunk->count, count + 1, memory_order_release);
}

/* So often one looks at once whether another has finished writing, and so long altogether. Who was
 * killed in the middle leaves the turn odd, until the slot is somebody else's. */
#define CLAIM_TRIES 100
#define CLAIM_WAIT_NS NS_PER_S
#define CLAIM_NAP_NS (NS_PER_MS / 20)

/* Of a program's, two write, but not for long: its keeper, and the relay until then. False: the
 * other is dead. */
static bool begin_turn(struct member_slot *slot)
{
    int64_t until_ns = 0;
    for (int tries = 0;; tries++) {
        uint32_t turn = atomic_load_explicit(&slot->claim_turn, memory_order_relaxed);
        if (turn % 2 == 0 &&
            atomic_compare_exchange_strong_explicit(&slot->claim_turn, &turn, turn + 1,
                                                    memory_order_acquire, memory_order_relaxed)) {
            atomic_thread_fence(memory_order_release);
            return true;
        }
        if (tries < CLAIM_TRIES) {
            continue;
        }
        int64_t now_ns = monotonic_ns();
        until_ns = until_ns ? until_ns : now_ns + CLAIM_WAIT_NS;
        if (atomic_load(&slot->felled) || now_ns > until_ns) {
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = CLAIM_NAP_NS}, NULL);
    }
}

static void end_turn(struct member_slot *slot)
{
    assert(atomic_load(&slot->claim_turn) % 2 == 1);
    atomic_fetch_add_explicit(&slot->claim_turn, 1, memory_order_release);
}

void slot_set_claim(struct member_slot *slot, const struct claim *claim)
{
    if (begin_turn(slot)) {
        slot->claim = *claim;
        end_turn(slot);
    }
}

void slot_infer_claim(struct member_slot *slot, const struct claim *claim)
{
    if (begin_turn(slot)) {
        if (!atomic_load(&slot->claims)) {
            slot->claim = *claim;
        }
        end_turn(slot);
    }
}

bool slot_claim(const struct member_slot *slot, struct claim *claim)
{
    for (int tries = 0; tries < CLAIM_TRIES; tries++) {
        uint32_t before = atomic_load_explicit(&slot->claim_turn, memory_order_acquire);
        struct claim seen = slot->claim;
        atomic_thread_fence(memory_order_acquire);
        uint32_t after = atomic_load_explicit(&slot->claim_turn, memory_order_relaxed);
        if (before == after && before % 2 == 0) {
            *claim = seen;
            return true;
        }
    }
    return false;
}

/* --- waking ----------------------------------------------------------------------------------- */

bool slot_open_wake(struct member_slot *slot)
{
    slot->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return slot->wake_fd >= 0;
}

void slot_wake(struct member_slot *slot)
{
    const uint64_t one = 1;
    assert(slot->wake_fd >= 0);
    ssize_t written = write(slot->wake_fd, &one, sizeof one);
    (void)written; /* an eventfd that is full has been written, too */
}

void slot_tell_resumed(struct member_slot *slot)
{
    atomic_fetch_add(&slot->resumed, 1);
    slot_wake(slot);
}

void slot_woken(struct member_slot *slot)
{
    uint64_t times;
    ssize_t got = read(slot->wake_fd, &times, sizeof times);
    (void)got; /* nothing to read is fine */
}

int poll_until(struct pollfd *polled, unsigned count, int64_t until_ns)
{
    assert(until_ns >= 0);
    int64_t left_ns = until_ns - monotonic_ns();
    left_ns = left_ns > 0 ? left_ns : 0;
    struct timespec left = {.tv_sec = left_ns / NS_PER_S, .tv_nsec = left_ns % NS_PER_S};
    return ppoll(polled, count, until_ns == INT64_MAX ? NULL : &left, NULL);
}

void slot_wait(struct member_slot *slot, int64_t until_ns)
{
    assert(slot->wake_fd >= 0);
    struct pollfd wake = {.fd = slot->wake_fd, .events = POLLIN};
    if (poll_until(&wake, 1, until_ns) > 0) {
        slot_woken(slot);
    }
}

/* --- looking back ----------------------------------------------------------------------------- */

/* What a look back found: the last request for the lock, and the last claim. */
struct looked_back {
    struct token asked;
    bool inside, believed; /* by its last claim; by the last that was inferred */
};

static void look_back(const struct shared *shared, const struct member_slot *slot, uint16_t id,
                      uint8_t server, int64_t at_ns, struct looked_back *found)
{
    for (uint32_t index = slot->first_chunk; index; index = shared->chunks[index].next) {
        const struct chunk *chunk = &shared->chunks[index];
        uint32_t count = atomic_load_explicit(&chunk->count, memory_order_acquire);
        assert(index < shared->chunk_limit && count <= CHUNK_EVENTS);
        for (uint32_t i = 0; i < count && chunk->events[i].at_ns <= at_ns; i++) {
            const struct history_event *event = &chunk->events[i];
            if (event->process != id) {
                continue;
            }
            if (event->kind == HISTORY_REQUEST && event->server == server &&
                op_has(event->request.op, OP_TAKES_LOCK)) {
                found->asked = event->request.value.token;
            } else if (event->kind == HISTORY_CLAIM && event->claim.inferred) {
                found->believed = event->claim.claim.in_section;
            } else if (event->kind == HISTORY_CLAIM) {
                found->inside = event->claim.claim.in_section;
            }
        }
    }
}

bool slot_lock_token(const struct shared *shared, uint16_t id, uint8_t server, int64_t at_ns,
                     struct token *token)
{
    const struct member_slot *slot = &shared->slots[id];
    struct looked_back found = {0};
    assert(id + 1u < shared->slot_count);
    look_back(shared, slot, id, server, at_ns, &found);
    look_back(shared, &shared->slots[shared->slot_count - 1], id, server, at_ns, &found);
    *token = found.asked;
    return atomic_load(&slot->claims) ? found.inside : found.inside || found.believed;
}
