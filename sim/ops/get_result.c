/* GET key: what the last election published. See op.h. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"
#include "sim/ops/values.h"

#include <assert.h>

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    const struct store_value *value = keyspace_look(keys, request->key);
    if (value->content == CONTENT_RESULT) {
        assert(result_is_readable(value->result));
        reply->value.result = value->result;
    } else {
        reply->outcome = value->content == CONTENT_NOTHING ? STORE_NIL : STORE_UNREADABLE;
    }
}

const struct op_row op_get_result = {
    .name = "get_result",
    .summary = "get the result",
    .command = "GET",
    .traits = OP_READS | OP_MAY_BE_NIL | OP_TELLS_LEADER,
    .asks = VALUE_NOTHING,
    .answers = VALUE_RESULT,
    .begins = '$',
    .key = KEY_RESULT,
    .request_bytes = 35,
    .answer_bytes = 38,
    .apply = apply,
};
