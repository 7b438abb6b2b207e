/* SET key token NX [PX ttl]: takes a lock that is free. See op.h. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"
#include "sim/ops/words.h"

static void encode(const struct request *request, struct op_words *words)
{
    op_word_token(words, request->value.token);
    op_word(words, "NX");
    if (request->ttl_ms > 0) {
        op_word(words, "PX");
        op_word_number(words, request->ttl_ms);
    }
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    if (keyspace_look(keys, request->key)->content != CONTENT_NOTHING) {
        reply->outcome = STORE_NIL;
        return;
    }
    keyspace_set(keys, request->key, CONTENT_TOKEN)->token = request->value.token;
    if (request->ttl_ms > 0) {
        keyspace_expire(keys, request->key, request->ttl_ms);
    }
}

const struct op_row op_put_if_absent = {
    .name = "put_if_absent",
    .summary = "set the lock if it is free",
    .command = "SET",
    .traits = OP_WRITES | OP_NEEDS_MEMORY | OP_TTL | OP_MAY_BE_NIL | OP_TAKES_LOCK,
    .asks = VALUE_TOKEN,
    .answers = VALUE_NOTHING,
    .begins = '+',
    .key = KEY_LOCK,
    .request_bytes = 93,
    .answer_bytes = 5,
    .encode = encode,
    .apply = apply,
};
