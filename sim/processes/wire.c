/* Requests as Redis commands. See wire.h; answers: wire_reply.c. */
#include "sim/processes/wire.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Compare-and-delete, compare-and-set-TTL; the digests are the SHA-1 of exactly these texts. */
static const char release_script[] =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";
static const char release_digest[] = "6fbe84d1140fd2047394924af9d845b83c070bec";
static const char extend_script[] =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) "
    "end return 0";
static const char extend_digest[] = "e50f848e374a94192aa6f2e444e7eb8acc16501d";

void wire_keys_make(struct wire_keys *keys, const char *prefix)
{
    static const char *const names[STORE_KEYS] = {"node_lock", "nodes", "election_result"};
    for (int i = 0; i < STORE_KEYS; i++) {
        snprintf(keys->names[i], sizeof keys->names[i], "%s%s", prefix, names[i]);
    }
}

void token_text(struct token token, char text[33])
{
    snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, token.high, token.low);
}

struct command {
    int count;
    const char *words[8];
    size_t lengths[8];
};

static void word(struct command *command, const char *text)
{
    assert(command->count < 8);
    command->words[command->count] = text;
    command->lengths[command->count++] = strlen(text);
}

static bool append(redisContext *redis, const struct command *command)
{
    return redisAppendCommandArgv(redis, command->count, (const char **)command->words,
                                  command->lengths) == REDIS_OK;
}

static const char *status_name(uint8_t status)
{
    return status == STATUS_SUBMIT ? "submit" : "prepare";
}

static bool append_script(redisContext *redis, const char *key, const struct request *request,
                          bool whole, const char *script, const char *digest)
{
    char token[33];
    char ttl[16];
    struct command command = {0};
    token_text(request->value.token, token);
    snprintf(ttl, sizeof ttl, "%" PRIu32, request->ttl_ms);
    word(&command, whole ? "EVAL" : "EVALSHA");
    word(&command, whole ? script : digest);
    word(&command, "1");
    word(&command, key);
    word(&command, token);
    if (request->op == STORE_EXTEND_IF_EQUAL) {
        word(&command, ttl);
    }
    return append(redis, &command);
}

static bool append_put(redisContext *redis, const char *key, const struct request *request)
{
    char token[33];
    char ttl[16];
    struct command command = {0};
    token_text(request->value.token, token);
    word(&command, "SET");
    word(&command, key);
    word(&command, token);
    word(&command, "NX");
    if (request->ttl_ms > 0) {
        snprintf(ttl, sizeof ttl, "%" PRIu32, request->ttl_ms);
        word(&command, "PX");
        word(&command, ttl);
    }
    return append(redis, &command);
}

static bool append_expire(redisContext *redis, const char *key, const struct request *request)
{
    char seconds[16];
    struct command command = {0};
    snprintf(seconds, sizeof seconds, "%" PRIu32, request->ttl_ms / 1000);
    word(&command, "EXPIRE");
    word(&command, key);
    word(&command, seconds);
    return append(redis, &command);
}

static bool append_status(redisContext *redis, const char *key, const struct request *request)
{
    char field[8];
    char json[64];
    struct command command = {0};
    snprintf(field, sizeof field, "%u", (unsigned)request->id);
    snprintf(json, sizeof json, "{\"id\": %u, \"status\": \"%s\"}", (unsigned)request->id,
             status_name(request->status));
    word(&command, "HSET");
    word(&command, key);
    word(&command, field);
    word(&command, json);
    return append(redis, &command);
}

static bool append_result(redisContext *redis, const char *key, const struct request *request)
{
    char json[96];
    struct command command = {0};
    const struct result *result = &request->value.result;
    snprintf(json, sizeof json,
             "{\"id\": %" PRId32 ", \"rule\": %" PRId32 ", \"term\": %" PRIu64 "}", result->id,
             result->rule, result->term);
    word(&command, "SET");
    word(&command, key);
    word(&command, json);
    return append(redis, &command);
}

/* A verb that takes nothing but the key. */
static bool append_verb(redisContext *redis, const char *verb, const char *key)
{
    struct command command = {0};
    word(&command, verb);
    word(&command, key);
    return append(redis, &command);
}

const char *wire_command(const struct request *request, bool whole_script)
{
    static const char *const names[STORE_OPS] = {
        [STORE_PUT_IF_ABSENT] = "SET",
        [STORE_DELETE_IF_EQUAL] = "EVALSHA (a script with GET and DEL)",
        [STORE_EXTEND_IF_EQUAL] = "EVALSHA (a script with GET and PEXPIRE)",
        [STORE_GET_TOKEN] = "GET",
        [STORE_SET_STATUS] = "HSET",
        [STORE_READ_BALLOT] = "HGETALL",
        [STORE_GET_RESULT] = "GET",
        [STORE_SET_RESULT] = "SET",
        [STORE_EXPIRE] = "EXPIRE",
        [STORE_DELETE] = "DEL",
    };
    if (whole_script && request->op == STORE_DELETE_IF_EQUAL) {
        return "EVAL (a script with GET and DEL)";
    }
    if (whole_script && request->op == STORE_EXTEND_IF_EQUAL) {
        return "EVAL (a script with GET and PEXPIRE)";
    }
    return names[request->op];
}

bool wire_append(redisContext *redis, const struct wire_keys *keys, const struct request *request,
                 bool whole_script)
{
    const char *key = keys->names[request->key];
    switch ((enum store_op)request->op) {
    case STORE_PUT_IF_ABSENT:
        return append_put(redis, key, request);
    case STORE_DELETE_IF_EQUAL:
        return append_script(redis, key, request, whole_script, release_script, release_digest);
    case STORE_EXTEND_IF_EQUAL:
        return append_script(redis, key, request, whole_script, extend_script, extend_digest);
    case STORE_SET_STATUS:
        return append_status(redis, key, request);
    case STORE_SET_RESULT:
        return append_result(redis, key, request);
    case STORE_READ_BALLOT:
        return append_verb(redis, "HGETALL", key);
    case STORE_GET_TOKEN:
    case STORE_GET_RESULT:
        return append_verb(redis, "GET", key);
    case STORE_EXPIRE:
        return append_expire(redis, key, request);
    case STORE_DELETE:
        return append_verb(redis, "DEL", key);
    case STORE_OPS:
        break;
    }
    assert(false && "a request without a command");
    return false;
}
