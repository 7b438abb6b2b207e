/* Fuzzes what is read of a stranger's connection: both directions, which answer belongs to which
 * command, what it means to the lock, and what the stranger believes. Whatever the bytes, it must
 * end, stay within its memory, and reach no assertion; and what is read does not depend on the
 * portions in which they come. Built and run by tests/fuzz/run.
 *
 * An input is a conversation: a byte says whose turn it is and how long, and that many bytes
 * follow. If it says 0, two more bytes say how often and how long: what must be long to do harm (a
 * pipeline, a text, a depth) need not be in the input. */
#include <assert.h>
#include <string.h>

#include "sim/resp/pairs.h"
#include "sim/resp/reader.h"
#include "sim/wild/belief.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEY "k"

struct line {
    struct resp_reader sides[2];
    struct pairs pairs;
    struct scripts_learnt learnt;
    struct belief belief;
    struct wild_request last;
    uint64_t messages, sum; /* of all that was read */
};

static void add(struct line *line, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < size; i++) {
        line->sum = (line->sum ^ at[i]) * UINT64_C(1099511628211);
    }
}

static void check_kept(const struct resp_message *message, struct line *line)
{
    assert(message->count <= RESP_ITEMS && message->long_kept <= RESP_LONG);
    for (uint32_t i = 0; i < message->count; i++) {
        const struct resp_item *item = &message->items[i];
        uint8_t digest[DIGEST_BYTES];
        int64_t number;
        assert(item->kept <= RESP_KEPT && item->text[item->kept] == '\0');
        assert(item->size >= item->kept && (item->size == item->kept || item->kept == RESP_KEPT));
        assert(resp_is(item, item->text, item->kept) == (!item->null && item->size == item->kept));
        assert(item->null || resp_same(item, item));
        add(line, item->text, item->kept);
        resp_digest(item, digest);
        add(line, digest, sizeof digest);
        add(line, &item->number, sizeof item->number);
        resp_number(item, &number);
    }
    add(line, &message->bytes, sizeof message->bytes);
}

static void ask(struct line *line, const struct resp_message *message)
{
    pairs_command(&line->pairs, message);
    wild_recognise(message, KEY, strlen(KEY), &line->learnt, &line->last);
    assert(line->last.kind != WILD_LOCK || line->last.op < STORE_OPS);
    assert(memchr(line->last.name, '\0', WILD_NAME));
    belief_sent(&line->belief, &line->last);
}

static void answer(struct line *line, const struct resp_message *message)
{
    struct paired paired = pairs_answer(&line->pairs, message);
    struct wild_reply reply;
    assert(paired.kind <= PAIRS_UNKNOWN && paired.number <= line->pairs.asked);
    assert((paired.number == 0) == (paired.kind == PAIRS_PUSH || paired.kind == PAIRS_UNKNOWN));
    add(line, &paired.number, sizeof paired.number);
    if (paired.kind == PAIRS_EXEC) {
        uint32_t told = pairs_executed(&line->pairs, message);
        assert(told < message->count && told <= PAIRS_QUEUED);
        for (uint32_t i = 0; i < told; i++) {
            assert(line->pairs.numbers[i] > 0 && line->pairs.numbers[i] < paired.number);
        }
    }
    const struct resp_item *item = message->count > 0 ? &message->items[0] : NULL;
    wild_answer(&line->last, item, message->count > 1 ? item + 1 : NULL, &reply);
    assert(reply.effect < WILD_EFFECTS && reply.outcome <= STORE_UNREADABLE);
    belief_told(&line->belief, &line->last, &reply, paired.number, 1);
    assert(line->belief.count <= BELIEF_HOLDS);
}

static void hear(struct line *line, unsigned side, const char *bytes, size_t size, size_t most)
{
    struct resp_reader *reader = &line->sides[side];
    while (size > 0) {
        size_t taken = resp_read(reader, bytes, size < most ? size : most);
        assert(taken > 0 && taken <= size);
        bytes += taken;
        size -= taken;
        if (reader->broken) {
            pairs_lose(&line->pairs, PAIRS_NO_RESP);
            return;
        }
        if (reader->whole) {
            line->messages++;
            check_kept(&reader->message, line);
            if (side == RESP_COMMANDS) {
                ask(line, &reader->message);
            } else {
                answer(line, &reader->message);
            }
        }
    }
}

/* Of what is sent again and again, so many bytes at the most an input: more than any bound of the
 * reader's. */
#define AGAIN_MAX ((size_t)96 << 10)

struct turn {
    const uint8_t *bytes;
    size_t length, times;
};

/* Takes what the turn's first byte tells of; returns where the next turn begins. */
static const uint8_t *next_turn(const uint8_t *data, const uint8_t *end, struct turn *turn)
{
    size_t length = *data++ & 127u;
    turn->times = 1;
    if (length == 0 && end - data >= 2) {
        turn->times = (size_t)1 << (data[0] % 13);
        length = data[1];
        data += 2;
    }
    size_t left = (size_t)(end - data);
    turn->bytes = data;
    turn->length = length == 127 || length > left ? left : length;
    return data + turn->length;
}

static void converse(struct line *line, const uint8_t *data, size_t size, size_t most)
{
    static char all[AGAIN_MAX];
    const uint8_t *end = data + size;
    size_t again = 0;
    memset(line, 0, sizeof *line);
    pairs_begin(&line->pairs);
    resp_begin(&line->sides[RESP_COMMANDS], RESP_COMMANDS);
    resp_begin(&line->sides[RESP_ANSWERS], RESP_ANSWERS);
    while (data < end) {
        unsigned side = *data >> 7;
        struct turn turn;
        data = next_turn(data, end, &turn);
        size_t long_size = turn.length * turn.times;
        if (turn.times == 1) {
            hear(line, side, (const char *)turn.bytes, turn.length, most);
        } else if (long_size <= sizeof all - again) {
            for (size_t i = 0; i < turn.times; i++) {
                memcpy(all + i * turn.length, turn.bytes, turn.length);
            }
            again += long_size;
            hear(line, side, all, long_size, most);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct line whole, bytewise;
    converse(&whole, data, size, SIZE_MAX);
    converse(&bytewise, data, size, 1);
    assert(whole.messages == bytewise.messages && whole.sum == bytewise.sum);
    assert(whole.pairs.asked == bytewise.pairs.asked && whole.pairs.lost == bytewise.pairs.lost);
    return 0;
}
