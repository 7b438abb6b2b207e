/* EXPIRE key seconds: gives a lock a TTL, whoever has it, of whatever type it is. See op.h. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"
#include "sim/ops/words.h"

/* What is not a whole second is cut off. */
static void encode(const struct request *request, struct op_words *words)
{
    op_word_number(words, request->ttl_ms / 1000);
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    if (keyspace_look(keys, request->key)->content != CONTENT_NOTHING) {
        keyspace_expire(keys, request->key, op_ttl_ms(request->op, request->ttl_ms));
        reply->value.integer = 1;
    }
}

const struct op_row op_expire = {
    .name = "expire",
    .summary = "give the lock a time to live",
    .command = "EXPIRE",
    .traits = OP_WRITES | OP_TTL | OP_WHOLE_SECONDS | OP_DATES_ANY_LOCK,
    .asks = VALUE_NOTHING,
    .answers = VALUE_DONE,
    .begins = ':',
    .key = KEY_LOCK,
    .request_bytes = 38,
    .answer_bytes = 4,
    .encode = encode,
    .apply = apply,
};
