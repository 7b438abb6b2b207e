/* Compare-and-set, atomic: gives a lock that is ours back; its record stays, without a holder. See
 * op.h and record.h. */
#include "sim/ops/record.h"

#include <assert.h>

static struct lease_record after(const struct request *request)
{
    assert(request->op == STORE_FREE_RECORD);
    return record_freed(&request->value.from.record, request->value.from.now_ms);
}

static void encode(const struct request *request, struct op_words *words)
{
    struct lease_record to = after(request);
    record_encode(request, &to, 1, words);
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    assert(request->key == KEY_LOCK);
    struct lease_record to = after(request);
    record_apply(keys, request, &to, reply, 1);
}

const struct op_row op_free_record = {
    .name = "free_record",
    .summary = "give the lock back if its record is still the same",
    .command = "EVALSHA (a script with GET and SET)",
    .script = &record_script,
    .traits = OP_WRITES | OP_SCRIPT | OP_NEEDS_MEMORY | OP_REMOVES_OWN_LOCK,
    .asks = VALUE_TOKEN,
    .answers = VALUE_DONE,
    .begins = ':',
    .key = KEY_LOCK,
    .request_bytes = 302,
    .answer_bytes = 4,
    .encode = encode,
    .finds = record_is_found,
    .apply = apply,
};
