/* Compare-and-set-TTL, atomic: extends a lock that is ours. See op.h. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"
#include "sim/ops/words.h"

static const struct op_script script = {
    .text = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], "
            "ARGV[2]) end return 0",
    .digest = "e50f848e374a94192aa6f2e444e7eb8acc16501d",
    .command = "EVAL (a script with GET and PEXPIRE)",
};

static void encode(const struct request *request, struct op_words *words)
{
    op_word_token(words, request->value.token);
    op_word_number(words, request->ttl_ms);
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    if (keyspace_is_holder(keys, request, reply)) {
        keyspace_expire(keys, request->key, request->ttl_ms);
        reply->value.integer = 1;
    }
}

const struct op_row op_extend_if_equal = {
    .name = "extend_if_equal",
    .summary = "extend the lock if it is ours",
    .command = "EVALSHA (a script with GET and PEXPIRE)",
    .script = &script,
    .traits = OP_WRITES | OP_SCRIPT | OP_TTL | OP_DATES_OWN_LOCK,
    .asks = VALUE_TOKEN,
    .answers = VALUE_DONE,
    .begins = ':',
    .key = KEY_LOCK,
    .request_bytes = 135,
    .answer_bytes = 4,
    .encode = encode,
    .finds = keyspace_holds,
    .apply = apply,
};
