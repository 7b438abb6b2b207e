/* Compare-and-set, atomic: takes a lock that nobody holds any more, by its record, and tells which
 * grant it is. See op.h and record.h. */
#include "sim/ops/record.h"

#include <assert.h>

static struct lease_record after(const struct request *request)
{
    assert(request->op == STORE_TAKE_RECORD);
    return record_taken(&request->value.from.record, request->value.from.token, request->ttl_ms,
                        request->value.from.now_ms);
}

static void encode(const struct request *request, struct op_words *words)
{
    struct lease_record to = after(request);
    record_encode(request, &to, to.transitions, words);
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    assert(request->key == KEY_LOCK);
    struct lease_record to = after(request);
    record_apply(keys, request, &to, reply, to.transitions);
    if (reply->outcome == STORE_OK && reply->value.integer == 0) {
        reply->outcome = STORE_NIL;
    }
}

const struct op_row op_take_record = {
    .name = "take_record",
    .summary = "take the lock if its record is still the same",
    .command = "EVALSHA (a script with GET and SET)",
    .script = &record_script,
    .traits = OP_WRITES | OP_SCRIPT | OP_NEEDS_MEMORY | OP_TTL | OP_MAY_BE_NIL | OP_TAKES_LOCK,
    .asks = VALUE_TOKEN,
    .answers = VALUE_NUMBER,
    .begins = ':',
    .key = KEY_LOCK,
    .request_bytes = 302,
    .answer_bytes = 4,
    .encode = encode,
    .finds = record_is_found,
    .apply = apply,
};
