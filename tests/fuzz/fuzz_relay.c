/* Fuzzes what the relay does with the bytes of a process and of a Redis, which may be anybody's:
 * whatever they are, and whatever the faults on the link, it must end, stay within its memory, and
 * reach no assertion; and where no fault loses anything, what comes out is what went in. Built and
 * run by tests/fuzz/run.
 *
 * An input is a list of deeds: a byte that says which, and what belongs to it. The first byte says
 * whether the process is a stranger to whom a tap listens. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/relay/tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *at;
    size_t left;
};

static uint8_t next(struct input *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->at++;
}

/* --- a witness that stands now and then, of a stranger that is stopped now and then ----------- */

static uint32_t asked(void *self, const struct witness_place *place,
                      const struct wild_request *request, int64_t at_ns)
{
    (void)self;
    assert(place->id == 2 && at_ns > 0);
    assert(memchr(request->name, 0, WILD_NAME)); /* a name may be empty, too */
    return 1;
}

static void sent(void *self, const struct witness_place *place, uint32_t number, int64_t at_ns)
{
    (void)self;
    assert(place->id == 2 && number == 1 && at_ns > 0);
}

static void told(void *self, const struct witness_place *place, const struct talk_reply *reply,
                 int64_t at_ns)
{
    (void)self;
    (void)place;
    assert(reply->number > 0 && at_ns > 0);
}

static void believes(void *self, const struct witness_place *place,
                     const struct belief_change *change, int64_t at_ns)
{
    (void)self;
    (void)place;
    assert(change->begins != change->ends && at_ns > 0);
}

static enum witness_stands shows(void *self, const struct witness_place *place,
                                 enum witness_when when, const struct wild_request *request,
                                 enum wild_effect effect)
{
    (void)self;
    (void)place;
    (void)effect;
    if (request->kind == WILD_LOCK && when == WITNESS_BEFORE) {
        return request->keys > 1 ? WITNESS_LEFT : WITNESS_STANDS;
    }
    return WITNESS_GOES_ON;
}

static void lost(void *self, const struct witness_place *place, const char *why, int64_t at_ns)
{
    (void)self;
    (void)place;
    assert(why[0] && at_ns > 0);
}

/* One connection, and what was sent and has come out each way. */
struct stage {
    struct link_faults link_faults;
    struct channel channel;
    struct tap *tap; /* or NULL */
    struct belief belief;
    struct talk_shared shared;
    struct witness_standing standing; /* of the stranger's traffic */
    bool stopped;                     /* itself */
    const uint8_t *sent[WAYS];
    size_t sent_size[WAYS], passed[WAYS];
    bool lost; /* something may have been */
    int64_t now_ns;
};

static bool reads(void *self, uint16_t id)
{
    const struct stage *stage = self;
    assert(id == 2);
    return !stage->stopped;
}

/* Both ways together send what the input still has; each goes on where it was. */
static void send_some(struct stage *stage, struct input *input, enum way way, size_t size)
{
    struct channel *channel = &stage->channel;
    size = size < input->left ? size : input->left;
    if (size == 0 || !channel_wants(channel, way)) {
        return;
    }
    uint8_t *all = malloc(stage->sent_size[way] + size);
    assert(all);
    if (stage->sent[way]) {
        memcpy(all, stage->sent[way], stage->sent_size[way]);
    }
    memcpy(all + stage->sent_size[way], input->at, size);
    free((void *)(uintptr_t)stage->sent[way]);
    stage->sent[way] = all;
    stage->sent_size[way] += size;
    assert(channel_take(channel, way, (const char *)input->at, size, stage->now_ns));
    input->at += size;
    input->left -= size;
}

static void pass_some(struct stage *stage, enum way way, size_t most)
{
    const char *bytes;
    size_t size = channel_ready(&stage->channel, way, stage->now_ns, &bytes);
    if (size == 0) {
        return;
    }
    size = size < most ? size : most;
    assert(stage->lost || stage->passed[way] + size <= stage->sent_size[way]);
    assert(stage->lost || memcmp(bytes, stage->sent[way] + stage->passed[way], size) == 0);
    channel_passed(&stage->channel, way, size);
    uint64_t passed = stage->channel.flows[way].passed;
    if (stage->tap && way == WAY_REPLIES) {
        tap_passed(stage->tap, passed, stage->now_ns);
    } else if (stage->tap) {
        tap_sent(stage->tap, passed, stage->now_ns);
    }
    stage->passed[way] += size;
}

static void order(struct stage *stage, struct input *input)
{
    struct link_faults before = stage->link_faults;
    uint8_t bits = next(input);
    const struct link_order order = {.fault = next(input) % (LINK_LOSE + 1),
                                     .directions = bits & 3,
                                     .drops = bits >> 2 & 3,
                                     .applied = bits & 16,
                                     .lasts = bits & 32,
                                     .undo = next(input) % (LINK_LOSE + 1),
                                     .count = next(input) % 4,
                                     .lost_ppm = next(input) * 3900,
                                     .by_ns = next(input) * 1000,
                                     .jitter_ns = bits & 64 ? 777 : 0,
                                     .bytes_per_s = next(input) * 1000};
    bool loses = order.fault == LINK_LOSE || order.fault == LINK_LOSE_REPLY ||
                 order.fault == LINK_RESET || order.drops != 0;
    stage->lost = stage->lost || loses;
    link_faults_order(&stage->link_faults, &order, stage->now_ns);
    channel_follow(&stage->channel, &order, &before, stage->now_ns);
}

/* What befalls the stranger itself. */
static void meddle(struct stage *stage, uint8_t deed)
{
    if (!stage->tap) {
        return;
    }
    if (deed & 128) {
        tap_cut(stage->tap);
    } else if (deed & 32) {
        tap_died(stage->tap);
    } else if (deed & 16) {
        tap_closed(stage->tap, stage->now_ns);
    } else {
        stage->stopped = !stage->stopped;
        tap_passed(stage->tap, stage->channel.flows[WAY_REPLIES].passed, stage->now_ns);
    }
}

static void do_one(struct stage *stage, struct input *input)
{
    uint8_t deed = next(input);
    enum way way = deed & 1 ? WAY_REPLIES : WAY_REQUESTS;
    struct channel *channel = &stage->channel;
    switch (deed >> 1 & 7) {
    case 0:
    case 1:
    case 2:
        send_some(stage, input, way, deed >> 4 ? 2u * (deed >> 4) : next(input));
        break;
    case 3:
    case 4:
        pass_some(stage, way, deed >> 4 ? deed >> 4 : SIZE_MAX);
        break;
    case 5:
        order(stage, input);
        break;
    case 6:
        stage->now_ns += (int64_t)next(input) * 1000;
        break;
    default:
        if (deed & 64) {
            meddle(stage, deed);
        } else if (deed & 16 && !channel->flows[way].ended) {
            assert(channel_end(channel, way, stage->now_ns));
        } else if (deed & 32) {
            channel_deafen(channel, way);
            stage->lost = true;
        } else {
            stage->standing.stands = false;
            channel_meet(channel, stage->now_ns);
        }
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {.at = data, .left = size};
    struct stage stage = {.now_ns = 1000};
    const struct relay_witness witness = {.self = &stage,
                                          .asked = asked,
                                          .sent = sent,
                                          .told = told,
                                          .believes = believes,
                                          .shows = shows,
                                          .reads = reads,
                                          .lost = lost};
    link_faults_init(&stage.link_faults, 1, 2);
    if (next(&input) & 1) {
        static const struct witness_place place = {.id = 2, .connection = 1};
        stage.tap = tap_open(&witness, &stage.belief, &stage.standing, &place, "k", &stage.shared);
        assert(stage.tap);
    }
    channel_init(&stage.channel, &stage.link_faults, stage.tap ? &stage.tap->hook : NULL);
    while (input.left > 0 && !stage.channel.broken) {
        do_one(&stage, &input);
    }
    for (int way = 0; way < WAYS; way++) {
        int64_t due_ns = channel_due(&stage.channel, (enum way)way);
        assert(due_ns > 0 && !(channel_over(&stage.channel, (enum way)way, stage.now_ns) &&
                               !stage.channel.flows[way].ended));
        free((void *)(uintptr_t)stage.sent[way]);
    }
    channel_free(&stage.channel);
    tap_free(stage.tap);
    return 0;
}
