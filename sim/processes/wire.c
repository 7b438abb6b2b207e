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

static void put_sha1(const char *text, char out[DIGEST_HEX])
{
    struct digest digest;
    uint8_t bytes[DIGEST_BYTES];
    digest_begin(&digest);
    digest_add(&digest, text, strlen(text));
    digest_end(&digest, bytes);
    assert(text[0]);
    digest_hex(bytes, out);
}

void wire_keys_move_lock(struct wire_keys *keys, const char *lock_key)
{
    char name[KEY_NAME_MAX], sha1[DIGEST_HEX];
    const char *brace = strchr(lock_key, '{');
    const char *behind = brace ? strchr(brace, '}') : NULL;
    assert(!brace == !behind);
    size_t length = strlen(keys->names[KEY_LOCK]);
    assert(length < sizeof name);
    memcpy(name, keys->names[KEY_LOCK], length + 1);
    put_sha1(name, sha1);
    if (!lock_key[0]) {
        return;
    }
    if (!brace) {
        snprintf(keys->names[KEY_LOCK], sizeof keys->names[0], "%s", lock_key);
    } else {
        snprintf(keys->names[KEY_LOCK], sizeof keys->names[0], "%.*s%s%s", (int)(brace - lock_key),
                 lock_key, brace[1] == 's' ? sha1 : name, behind + 1);
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
