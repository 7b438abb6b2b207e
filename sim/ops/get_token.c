/* GET key: whose the lock is. See op.h. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    const struct store_value *value = keyspace_look(keys, request->key);
    if (value->content == CONTENT_TOKEN) {
        reply->value.token = value->token;
    } else {
        reply->outcome = value->content == CONTENT_NOTHING ? STORE_NIL : STORE_UNREADABLE;
    }
}

const struct op_row op_get_token = {
    .name = "get_token",
    .summary = "get the lock's token",
    .command = "GET",
    .traits = OP_READS | OP_MAY_BE_NIL | OP_LOOKS_AT_LOCK,
    .asks = VALUE_TOKEN,
    .answers = VALUE_TOKEN,
    .begins = '$',
    .key = KEY_LOCK,
    .request_bytes = 28,
    .answer_bytes = 39,
    .apply = apply,
};
