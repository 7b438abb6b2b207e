/* SET key token NX [PX ttl], and INCR of the epoch, atomic: takes a lock that is free, and tells
 * its number. Asked again by who has the lock already, it tells its number once more: the counter
 * does not move while a lock is held. See op.h.
 *
 * If the epoch cannot be counted, or is below 1 even then (a stranger has set it), the lock is
 * given back at once: what is refused must not have been applied. The counter stays where it came
 * to. One who has the lock already is told nil then, as where the epoch is gone. */
#include "sim/ops/op.h"
#include "sim/ops/store.h"
#include "sim/ops/words.h"

#include <assert.h>

static const struct op_script script = {
    .text = "if redis.call('SET', KEYS[1], ARGV[1], 'NX', unpack(ARGV, 2)) then "
            "local epoch = redis.pcall('INCR', KEYS[2]) "
            "if type(epoch) == 'number' and epoch < 1 then "
            "epoch = redis.error_reply('ERR the epoch is below 1') end "
            "if type(epoch) == 'table' then redis.call('DEL', KEYS[1]) end "
            "return epoch end "
            "if redis.pcall('GET', KEYS[1]) == ARGV[1] then "
            "return math.max(redis.call('INCRBY', KEYS[2], 0), 0) end "
            "return 0",
    .digest = "8d9e78dc018c3b4e853dfc34d3b7926afd0622c1",
    .command = "EVAL (a script with SET and INCR)",
};

static void encode(const struct request *request, struct op_words *words)
{
    op_word_token(words, request->value.token);
    if (request->ttl_ms > 0) {
        op_word(words, "PX");
        op_word_number(words, request->ttl_ms);
    }
}

/* INCRBY of the epoch. False: what is there cannot be counted, or is no epoch when it is. */
static bool count(const struct keyspace *keys, int64_t by, struct reply *reply)
{
    struct store_value *epoch = keyspace_look(keys, KEY_EPOCH);
    if (epoch->content == CONTENT_NOTHING) {
        epoch = keyspace_set(keys, KEY_EPOCH, CONTENT_NUMBER);
    }
    if (epoch->content != CONTENT_NUMBER) {
        reply->outcome = STORE_REFUSED;
        return false;
    }
    assert(epoch->number < INT64_MAX);
    epoch->number += by;
    reply->value.integer = epoch->number;
    if (by > 0 && epoch->number < 1) {
        reply->outcome = STORE_REFUSED;
        return false;
    }
    return true;
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    assert(request->key == KEY_LOCK);
    const struct store_value *lock = keyspace_look(keys, request->key);
    bool is_free = lock->content == CONTENT_NOTHING;
    if (!is_free && !keyspace_holds(keys, request)) {
        reply->outcome = STORE_NIL;
        return;
    }
    if (!count(keys, is_free, reply)) {
        return;
    }
    if (is_free) {
        keyspace_set(keys, request->key, CONTENT_TOKEN)->token = request->value.token;
    }
    if (is_free && request->ttl_ms > 0) {
        keyspace_expire(keys, request->key, request->ttl_ms);
    }
    reply->outcome = reply->value.integer > 0 ? STORE_OK : STORE_NIL;
}

const struct op_row op_put_fenced = {
    .name = "put_fenced",
    .summary = "set the lock if it is free, and be told its epoch",
    .command = "EVALSHA (a script with SET and INCR)",
    .script = &script,
    .traits = OP_WRITES | OP_SCRIPT | OP_NEEDS_MEMORY | OP_TTL | OP_MAY_BE_NIL | OP_TAKES_LOCK |
              OP_LOOKS_AT_LOCK,
    .asks = VALUE_TOKEN,
    .answers = VALUE_NUMBER,
    .begins = ':',
    .key = KEY_LOCK,
    .also = KEY_EPOCH,
    .request_bytes = 154,
    .answer_bytes = 4,
    .encode = encode,
    .apply = apply,
};
