/* HGETALL key: the statuses of all. See op.h. */
#include "sim/ops/op.h"

#include "sim/ops/store.h"
#include <assert.h>

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    assert(keys->votes);
    const struct store_value *value = keyspace_look(keys, request->key);
    uint32_t count = 0;
    if (value->content != CONTENT_NOTHING && value->content != CONTENT_HASH) {
        reply->outcome = STORE_UNREADABLE;
        return;
    }
    for (uint32_t id = 0; id < keys->store->ids && value->content == CONTENT_HASH; id++) {
        if (keys->fields[id] != 0) {
            keys->votes[count++] =
                (struct vote){.id = (uint16_t)id, .status = (uint8_t)(keys->fields[id] - 1)};
        }
    }
    assert(count <= keys->store->ids);
    reply->value.ballot = (struct ballot){.votes = keys->votes, .count = count};
}

const struct op_row op_read_ballot = {
    .name = "read_ballot",
    .summary = "read all statuses",
    .command = "HGETALL",
    .traits = OP_READS,
    .asks = VALUE_NOTHING,
    .answers = VALUE_BALLOT,
    .begins = '*',
    .key = KEY_NODES,
    .request_bytes = 28,
    .answer_bytes = 4,
    .apply = apply,
};
