/* Requests as Redis commands. See wire.h; answers: wire_reply.c. */
#include "sim/processes/wire.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/ops/op.h"

void wire_keys_make(struct wire_keys *keys, const char *prefix)
{
    assert(strlen(prefix) < PREFIX_MAX);
    static const char *const names[STORE_KEYS] = {"node_lock", "nodes", "election_result", "epoch",
                                                  "writes"};
    for (int i = 0; i < STORE_KEYS; i++) {
        snprintf(keys->names[i], sizeof keys->names[i], "%s%s", prefix, names[i]);
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
