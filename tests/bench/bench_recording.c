/* What recording costs: a node at work, its own loop and a real Redis, with its events recorded and
 * with them thrown away, in turns. It polls without pause, so that there is a round trip and its
 * two events (request and reply) and nothing else.
 *
 *     bench_recording SOCKET PAIRS BLOCK
 *
 * A block is so many round trips. A pair is one with and one without, the order changing from pair
 * to pair. One JSON object: the median of the pairs' ratios, of a round trip, and what making up
 * and writing the two events takes by itself.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/host/event_record.h"
#include "sim/processes/member.h"
#include "sim/processes/shared.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"
#include "tests/bench/median.h"

struct meter {
    struct shared *shared;
    struct member_slot *slot;
    uint64_t trips, block;
    uint32_t pairs, blocks; /* to do; done: 0 is the warm-up, then on, off, off, on, on, … */
    int64_t begun_ns;
    double *ns[2]; /* [off, on][pair]: of a round trip */
};

/* Whether block number `block` records. */
static bool records(uint32_t block)
{
    return ((block - 1) & 3) == 0 || ((block - 1) & 3) == 3;
}

/* A request and its reply made up and written, without a Redis between them. */
static double alone_ns(struct shared *shared)
{
    enum { ROUNDS = 200000 };
    struct member_slot *slot = &shared->slots[1];
    struct request request = {.op = STORE_GET_RESULT, .key = KEY_RESULT};
    struct reply reply = {.outcome = STORE_NIL};
    int64_t begun = monotonic_ns();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct history_event event;
        event_record_request(&event, &request, "asks", i + 1);
        event.at_ns = begun + i;
        slot_record(shared, slot, &event);
        event_record_reply(&event, &request, &reply, i + 1);
        event.at_ns = begun + i;
        slot_record(shared, slot, &event);
    }
    return (double)(monotonic_ns() - begun) / (double)ROUNDS;
}

static void tell(struct meter *meter)
{
    double *ratios = calloc(meter->pairs, sizeof *ratios);
    assert(ratios);
    for (uint32_t i = 0; i < meter->pairs; i++) {
        ratios[i] = meter->ns[1][i] / meter->ns[0][i];
    }
    assert(!atomic_load(&meter->shared->overflow));
    printf("{\"ratio\": %.4f, \"round_trip_us\": %.3f, \"events_alone_ns\": %.1f}\n",
           median(ratios, meter->pairs), median(meter->ns[0], meter->pairs) / 1e3,
           alone_ns(meter->shared));
    exit(0); /* a member never stops by itself */
}

static void end_block(struct meter *meter, int64_t now_ns)
{
    if (meter->blocks > 0) {
        meter->ns[records(meter->blocks)][(meter->blocks - 1) / 2] =
            (double)(now_ns - meter->begun_ns) / (double)meter->block;
    }
    if (meter->blocks == 2 * meter->pairs) {
        tell(meter);
    }
    meter->blocks++;
    meter->begun_ns = now_ns;
}

static void record(void *self, struct history_event *event)
{
    struct meter *meter = self;
    if (event->kind == HISTORY_REQUEST && meter->trips++ % meter->block == 0 && meter->trips > 1) {
        end_block(meter, monotonic_ns());
    }
    if (records(meter->blocks)) {
        slot_record(meter->shared, meter->slot, event);
    }
}

int main(int argc, char **argv)
{
    static struct member member;
    struct meter meter = {.pairs = argc == 4 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0,
                          .block = argc == 4 ? strtoull(argv[3], NULL, 10) : 0};
    struct settings settings = {.nodes = 1, .servers = 1};
    struct address address;
    if (meter.pairs == 0 || meter.block == 0 || !address_of_socket(argv[1], &address)) {
        fprintf(stderr, "usage: bench_recording SOCKET PAIRS BLOCK\n");
        return 2;
    }
    meter.shared = shared_map(2);
    meter.ns[0] = calloc(meter.pairs, sizeof *meter.ns[0]);
    meter.ns[1] = calloc(meter.pairs, sizeof *meter.ns[1]);
    assert(meter.shared && meter.ns[0] && meter.ns[1]);
    meter.slot = &meter.shared->slots[0];
    settings.row[OWNER_PROTOCOL] = (uint8_t)owner_find(OWNER_PROTOCOL, "article");
    settings.row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, "none");
    member = (struct member){.settings = &settings,
                             .slot = meter.slot,
                             .notify_fd = -1,
                             .record = record,
                             .record_self = &meter};
    link_init(&member.links[0], &address, "recording:", 1000);
    if (member_connect(&member, 0, false)) {
        fprintf(stderr, "bench_recording: %s\n", member.links[0].error);
        return 3;
    }
    atomic_store(&meter.slot->started, 1);
    member_run(&member, 1);
    return 1;
}
