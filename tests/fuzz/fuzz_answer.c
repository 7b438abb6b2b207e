/* Fuzzes what a process makes of a server's answers, which may be anybody's: whatever the bytes,
 * and whatever was asked, it must end, stay within its memory, and reach no assertion; and each
 * answer is one of the five kinds. Built and run by tests/fuzz/run. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/ops/op.h"
#include "sim/processes/refusal.h"
#include "sim/processes/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(const redisReply *raw, uint8_t op, struct wire_votes *votes)
{
    const struct request request = {.op = op, .key = op_rows[op]->key};
    struct reply reply;
    char words[REFUSAL_WORDS];
    wire_reply(raw, &request, votes, &reply);
    assert(reply.outcome <= STORE_UNREADABLE);
    assert(reply.outcome != STORE_NIL || op_has(op, OP_MAY_BE_NIL));
    if (raw->type == REDIS_REPLY_ERROR) {
        refusal_copy(raw->str, "secret", words, sizeof words);
        assert(!strstr(words, "secret") && !strchr(words, '\n'));
        assert(refusal_advice(words) && refusal_meaning(words));
        assert(reply.outcome == STORE_REFUSED || reply.outcome == STORE_UNREADABLE);
    } else if (reply.outcome == STORE_OK && op_rows[op]->answers == VALUE_BALLOT) {
        const struct ballot *ballot = &reply.value.ballot;
        for (uint32_t i = 0; i < ballot->count; i++) {
            assert(i == 0 || ballot->votes[i - 1].id < ballot->votes[i].id);
        }
    } else if (reply.outcome == STORE_OK && op_rows[op]->answers == VALUE_RESULT) {
        assert(reply.value.result.id >= 0 && reply.value.result.term <= TERM_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_votes votes = {0};
    redisReader *reader = redisReaderCreate();
    void *raw = NULL;
    assert(reader);
    redisReaderFeed(reader, (const char *)data, size);
    while (redisReaderGetReply(reader, &raw) == REDIS_OK && raw) {
        for (uint8_t op = 0; op < STORE_OPS; op++) {
            take(raw, op, &votes);
        }
        freeReplyObject(raw);
        raw = NULL;
    }
    redisReaderFree(reader);
    free(votes.list);
    return 0;
}
