/* Compare-and-delete, atomic: releases a lock that is ours. See op.h. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"
#include "sim/ops/words.h"

static const struct op_script script = {
    .text = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end "
            "return 0",
    .digest = "6fbe84d1140fd2047394924af9d845b83c070bec",
    .command = "EVAL (a script with GET and DEL)",
};

static void encode(const struct request *request, struct op_words *words)
{
    op_word_token(words, request->value.token);
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    if (keyspace_is_holder(keys, request, reply)) {
        keyspace_delete(keys, request->key);
        reply->value.integer = 1;
    }
}

const struct op_row op_delete_if_equal = {
    .name = "delete_if_equal",
    .summary = "delete the lock if it is ours",
    .command = "EVALSHA (a script with GET and DEL)",
    .script = &script,
    .traits = OP_WRITES | OP_SCRIPT | OP_REMOVES_OWN_LOCK,
    .asks = VALUE_TOKEN,
    .answers = VALUE_DONE,
    .begins = ':',
    .key = KEY_LOCK,
    .request_bytes = 125,
    .answer_bytes = 4,
    .encode = encode,
    .finds = keyspace_holds,
    .apply = apply,
};
