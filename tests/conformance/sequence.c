/* Random sequences. See sequence.h. */
#include "tests/conformance/sequence.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/host/rng.h"
#include "sim/ops/op.h"
#include "sim/ops/record.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* Short ones end while the sequence runs, at any place within a millisecond: some tens of requests
 * fit into one. */
static const uint32_t ttls_ms[] = {1, 1, 2, 2, 3, 5, 8, 20, 2000, 0, 4294967295};

/* Every operation, and more of what makes the others interesting. */
static const uint8_t often[] = {
    STORE_PUT_IF_ABSENT, STORE_PUT_IF_ABSENT, STORE_PUT_IF_ABSENT, STORE_EXTEND_IF_EQUAL,
    STORE_GET_TOKEN,     STORE_GET_TOKEN,     STORE_SET_STATUS,    STORE_READ_BALLOT,
    STORE_PUT_FENCED,    STORE_GET_EPOCH,     STORE_GET_RECORD,    STORE_TAKE_RECORD,
    STORE_RENEW_RECORD,
};

/* EXPIRE counts in seconds. */
static const uint32_t seconds_ms[] = {0, 999, 1000, 2001, 4294967295};

static const uint64_t terms[] = {
    0, 1, 2, 1000, TERM_MAX, TERM_MAX + 1, TERM_MAX + 2, UINT64_C(1) << 55, UINT64_MAX};

/* Few, so that they meet; and the last. */
static const uint64_t epochs[] = {0, 0, 0, 1, 1, 2, 3, TERM_MAX};

static uint32_t pick(struct sequence *sequence, size_t count)
{
    return (uint32_t)rng_below(&sequence->rng, count);
}

struct sequence sequence_new(uint64_t seed, uint16_t ids)
{
    return (struct sequence){.rng = seed, .ids = ids};
}

/* Few different ones, so that they meet; the zero token among them. */
static struct token token_of(uint32_t who)
{
    return (struct token){.high = who * UINT64_C(0x0123456789abcdef), .low = who};
}

static struct result any_result(struct sequence *sequence)
{
    struct result result = {.id = (int32_t)pick(sequence, NODE_ID_MAX + 3) - 1,
                            .rule = (int32_t)pick(sequence, 5),
                            .term = terms[pick(sequence, COUNT(terms))]};
    if (pick(sequence, 8) == 0) {
        result.rule = (int32_t)pick(sequence, 24) - 12;
    }
    return result;
}

static uint32_t any_ttl(struct sequence *sequence, const struct op_row *row)
{
    bool seconds = row->traits & OP_WHOLE_SECONDS;
    return seconds ? seconds_ms[pick(sequence, COUNT(seconds_ms))]
                   : ttls_ms[pick(sequence, COUNT(ttls_ms))];
}

/* Few different ones, so that what is compared is often what is there; and sometimes nothing is. */
static struct lease_record any_record(struct sequence *sequence)
{
    if (pick(sequence, 2) == 0) {
        return (struct lease_record){.lease_ms = 0};
    }
    return (struct lease_record){.holder = token_of(pick(sequence, 3)),
                                 .acquire_ms = pick(sequence, 2),
                                 .renew_ms = pick(sequence, 3),
                                 .lease_ms = 2000,
                                 .transitions = 1 + pick(sequence, 2)};
}

static struct request any_request(struct sequence *sequence)
{
    uint32_t op = pick(sequence, STORE_OPS + COUNT(often));
    struct request request = {.op = op < STORE_OPS ? (uint8_t)op : often[op - STORE_OPS]};
    const struct op_row *row = op_rows[request.op];
    request.key = row->key;
    if (row->traits & OP_TTL) {
        request.ttl_ms = any_ttl(sequence, row);
    }
    if (row->asks == VALUE_TOKEN) {
        request.value.token = token_of(pick(sequence, 3));
        if (row->finds == record_is_found) {
            request.ttl_ms = 2000;
            request.value.from.now_ms = pick(sequence, 2);
            request.value.from.record = any_record(sequence);
        }
    } else if (row->asks == VALUE_STATUS) {
        request.id = (uint16_t)pick(sequence, sequence->ids);
        request.status = (uint8_t)pick(sequence, 2);
    } else if (row->asks == VALUE_RESULT) {
        request.value.result = any_result(sequence);
    } else if (row->asks == VALUE_NUMBER) {
        request.value.number = epochs[pick(sequence, COUNT(epochs))];
    }
    return request;
}

struct deed sequence_next(struct sequence *sequence)
{
    static const enum store_content contents[] = {CONTENT_NOTHING, CONTENT_NOTHING, CONTENT_NOTHING,
                                                  CONTENT_TEXT,    CONTENT_LIST,    CONTENT_NUMBER};
    struct deed deed = {.kind = DEED_REQUEST, .id = (uint16_t)pick(sequence, sequence->ids)};
    uint32_t roll = pick(sequence, 100);
    if (roll == 0) {
        deed.kind = DEED_PAUSE;
        deed.pause_us = pick(sequence, 2500);
    } else if (roll < 4) {
        deed.kind = DEED_FOREIGN;
        deed.key = (enum store_key)pick(sequence, STORE_KEYS);
        deed.content = contents[pick(sequence, COUNT(contents))];
    } else if (roll == 4) {
        deed.kind = DEED_STATUS;
    } else {
        deed.request = any_request(sequence);
    }
    return deed;
}

char *deed_text(const struct deed *deed, char *out, size_t size)
{
    const struct request *request = &deed->request;
    switch (deed->kind) {
    case DEED_REQUEST:
        snprintf(out, size, "%s token %" PRIu64 " ttl %" PRIu32 " id %u status %u result %" PRId32,
                 op_rows[request->op]->name, request->value.token.low, request->ttl_ms,
                 (unsigned)request->id, (unsigned)request->status, request->value.result.id);
        break;
    case DEED_FOREIGN:
        snprintf(out, size, "a stranger puts content %d at key %d", (int)deed->content,
                 (int)deed->key);
        break;
    case DEED_STATUS:
        snprintf(out, size, "a stranger sets the status of %u", (unsigned)deed->id);
        break;
    case DEED_PAUSE:
        snprintf(out, size, "%" PRIu32 " us pass", deed->pause_us);
        break;
    }
    return out;
}
