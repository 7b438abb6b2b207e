/* The epoch of a lock, atomic, for who holds it: nil if the lock is gone or is another's. It takes
 * nothing: by its answer, the lock was its own all the time. See op.h.
 *
 * Where the lock is its own, but no epoch stands beside it (a stranger was there), the answer is a
 * number that no grant has, and so cannot be read. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"
#include "sim/ops/words.h"

static const struct op_script script = {
    .text = "if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end "
            "local epoch = tonumber(redis.pcall('GET', KEYS[2])) or 0 "
            "return epoch > 0 and epoch or -1",
    .digest = "b6f3a50bd3135784d2f6f8424a8bda04b9368c91",
    .command = "EVAL (a script with GET and GET)",
};

static void encode(const struct request *request, struct op_words *words)
{
    op_word_token(words, request->value.token);
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    const struct store_value *epoch = keyspace_look(keys, KEY_EPOCH);
    if (!keyspace_holds(keys, request)) {
        reply->outcome = STORE_NIL;
    } else if (epoch->content != CONTENT_NUMBER || epoch->number < 1) {
        reply->outcome = STORE_UNREADABLE;
    } else {
        reply->value.integer = epoch->number;
    }
}

const struct op_row op_get_epoch = {
    .name = "get_epoch",
    .summary = "get the epoch of its own lock",
    .command = "EVALSHA (a script with GET and GET)",
    .script = &script,
    .traits = OP_READS | OP_SCRIPT | OP_MAY_BE_NIL,
    .asks = VALUE_TOKEN,
    .answers = VALUE_NUMBER,
    .begins = ':',
    .key = KEY_LOCK,
    .also = KEY_EPOCH,
    .request_bytes = 136,
    .answer_bytes = 4,
    .encode = encode,
    .apply = apply,
};
