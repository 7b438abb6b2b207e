/* A write to the protected resource, which keeps a list of all that it accepted: their fencing
 * tokens. One with a lower token than the last is rejected, so where no lock numbers its grants and
 * all tokens are 0, none is. The answer is how many were accepted by now. See op.h. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"
#include "sim/ops/words.h"

static const struct op_script script = {
    .text = "local last = tonumber(redis.call('LINDEX', KEYS[1], -1) or 0) or 0 if last > "
            "tonumber(ARGV[1]) then return 0 end return redis.call('RPUSH', KEYS[1], ARGV[1])",
    .digest = "fdb724121e73736d80c744e61ba671ba4e20638f",
    .command = "EVAL (a script with LINDEX and RPUSH)",
};

static void encode(const struct request *request, struct op_words *words)
{
    op_word_number(words, request->value.number);
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    struct store_value *value = keyspace_look(keys, request->key);
    if (value->content == CONTENT_NOTHING) {
        value = keyspace_set(keys, request->key, CONTENT_LIST);
    }
    if (value->content != CONTENT_LIST) {
        reply->outcome = STORE_REFUSED;
    } else if (value->list.last > request->value.number) {
        reply->outcome = STORE_NIL;
    } else {
        value->list.last = request->value.number;
        reply->value.integer = ++value->list.length;
    }
}

const struct op_row op_write = {
    .name = "write",
    .summary = "write to the resource",
    .command = "EVALSHA (a script with LINDEX and RPUSH)",
    .script = &script,
    .traits = OP_WRITES | OP_SCRIPT | OP_MAY_BE_NIL | OP_ON_RESOURCE,
    .asks = VALUE_NUMBER,
    .answers = VALUE_NUMBER,
    .begins = ':',
    .key = KEY_WRITES,
    .request_bytes = 90,
    .answer_bytes = 4,
    .encode = encode,
    .apply = apply,
};
