/* HSET key id {"id": …, "status": …}: a process reports its status. See op.h. */
#include "sim/ops/op.h"

#include <assert.h>

#include "sim/ops/store.h"
#include "sim/ops/values.h"
#include "sim/ops/words.h"

/* Ours are two: what is none of them is the first. */
static uint8_t known(uint8_t status)
{
    return status == STATUS_SUBMIT ? STATUS_SUBMIT : STATUS_PREPARE;
}

static void encode(const struct request *request, struct op_words *words)
{
    op_word_number(words, request->id);
    op_word_format(words, "{\"id\": %u, \"status\": \"%s\"}", (unsigned)request->id,
                   status_names[known(request->status)]);
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    uint8_t *fields = keyspace_hash(keys, request->key);
    if (!fields) {
        reply->outcome = STORE_REFUSED;
        return;
    }
    assert(request->id < keys->store->ids);
    reply->value.integer = fields[request->id] == 0; /* HSET counts the fields that are new */
    fields[request->id] = (uint8_t)(1 + known(request->status));
}

const struct op_row op_set_status = {
    .name = "set_status",
    .summary = "set own status",
    .command = "HSET",
    .traits = OP_WRITES | OP_NEEDS_MEMORY,
    .asks = VALUE_STATUS,
    .answers = VALUE_NOTHING,
    .begins = ':',
    .key = KEY_NODES,
    .request_bytes = 69,
    .answer_bytes = 4,
    .encode = encode,
    .apply = apply,
};
