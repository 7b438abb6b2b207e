/* GET key: whose the lock is, by its record. See op.h and record.h. */
#include "sim/ops/record.h"

#include <assert.h>

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    assert(request->key == KEY_LOCK);
    const struct store_value *value = keyspace_look(keys, request->key);
    if (value->content == CONTENT_RECORD && record_is_readable(&value->record)) {
        reply->value.record = value->record;
    } else {
        reply->outcome = value->content == CONTENT_NOTHING ? STORE_NIL : STORE_UNREADABLE;
    }
}

const struct op_row op_get_record = {
    .name = "get_record",
    .summary = "look at the lock's record",
    .command = "GET",
    .traits = OP_READS | OP_MAY_BE_NIL | OP_LOOKS_AT_LOCK,
    .asks = VALUE_TOKEN,
    .answers = VALUE_RECORD,
    .begins = '$',
    .key = KEY_LOCK,
    .request_bytes = 28,
    .answer_bytes = 121,
    .apply = apply,
};
