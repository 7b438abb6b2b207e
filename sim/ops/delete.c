/* DEL key: removes a lock, whoever has it. See op.h. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    reply->value.integer = keyspace_delete(keys, request->key);
}

const struct op_row op_delete = {
    .name = "delete",
    .summary = "delete the lock",
    .command = "DEL",
    .traits = OP_WRITES | OP_REMOVES_ANY_LOCK,
    .asks = VALUE_NOTHING,
    .answers = VALUE_DONE,
    .begins = ':',
    .key = KEY_LOCK,
    .request_bytes = 28,
    .answer_bytes = 4,
    .apply = apply,
};
