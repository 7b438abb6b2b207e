/* Requests as Redis commands. See wire.h; answers: wire_reply.c. */
#include "sim/processes/wire.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/ops/op.h"
#include "sim/resp/digest.h"

void wire_keys_make(struct wire_keys *keys, const char *prefix)
{
    assert(strlen(prefix) < PREFIX_MAX);
    for (int i = 0; i < STORE_KEYS; i++) {
        snprintf(keys->names[i], sizeof keys->names[i], "%s%s", prefix, op_keys[i]);
    }
}

static void put_sha1(const char *text, char out[2 * DIGEST_BYTES + 1])
{
    struct digest digest;
    uint8_t bytes[DIGEST_BYTES];
    digest_begin(&digest);
    digest_add(&digest, text, strlen(text));
    digest_end(&digest, bytes);
    assert(text[0]);
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
}

void wire_keys_move_lock(struct wire_keys *keys, const char *lock_key)
{
    char name[sizeof keys->names[0]], sha1[2 * DIGEST_BYTES + 1];
    const char *brace = strchr(lock_key, '{');
    const char *behind = brace ? strchr(brace, '}') : NULL;
    assert(!brace == !behind);
    snprintf(name, sizeof name, "%s", keys->names[KEY_LOCK]);
    put_sha1(name, sha1);
    if (!lock_key[0]) {
        return;
    }
    if (!brace) {
        snprintf(keys->names[KEY_LOCK], sizeof name, "%s", lock_key);
    } else {
        snprintf(keys->names[KEY_LOCK], sizeof name, "%.*s%s%s", (int)(brace - lock_key), lock_key,
                 brace[1] == 's' ? sha1 : name, behind + 1);
    }
}

bool wire_append(redisContext *redis, const struct wire_keys *keys, const struct request *request,
                 bool whole_script)
{
    struct op_words words;
    assert(request->op < STORE_OPS && request->key < STORE_KEYS);
    uint8_t also = op_rows[request->op]->also;
    op_encode(&words, request, keys->names[request->key],
              also == KEY_LOCK ? NULL : keys->names[also], whole_script);
    return redisAppendCommandArgv(redis, words.count, words.word, words.length) == REDIS_OK;
}
