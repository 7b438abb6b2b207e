/* Requests as Redis commands, answers as replies. See wire.h. */
#include "sim/processes/wire.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "sim/host/watch.h"

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

static bool parse_hex(const char *text, uint64_t *value)
{
    *value = 0;
    for (int i = 0; i < 16; i++) {
        char c = text[i];
        bool digit = c >= '0' && c <= '9';
        if (!digit && !(c >= 'a' && c <= 'f')) {
            return false;
        }
        *value = *value << 4 | (uint64_t)(digit ? c - '0' : c - 'a' + 10);
    }
    return true;
}

struct token token_parse(const char *text, size_t length)
{
    struct token token = {0};
    if (length != 32 || !parse_hex(text, &token.high) || !parse_hex(text + 16, &token.low)) {
        return (struct token){0};
    }
    return token;
}

/* --- out -----------------------------------------------------------------------------------------
 */

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

/* --- in ------------------------------------------------------------------------------------------
 */

bool wire_unknown_script(const redisReply *raw)
{
    return raw->type == REDIS_REPLY_ERROR && strncmp(raw->str, "NOSCRIPT", 8) == 0;
}

bool wire_begins_unknown_script(const char *bytes, size_t length)
{
    return length >= 9 && memcmp(bytes, "-NOSCRIPT", 9) == 0;
}

bool wire_applied(const char *bytes, size_t length, const struct request *request)
{
    struct reply reply = {.outcome = STORE_OK};
    if (length < 2 || bytes[0] == '-') {
        return false;
    }
    if (bytes[0] == '$' && bytes[1] == '-') {
        reply.outcome = STORE_NIL;
    } else if (bytes[0] == ':') {
        reply.value.integer = bytes[1] - '0';
    }
    return watch_applied(request, &reply);
}

/* What every hustings process and redis-py's json.dumps write. Other spellings take the long way.
 */
static bool parse_usual_status(const char *json, size_t length, struct vote *vote)
{
    static const char head[] = "{\"id\": ";
    static const char middle[] = ", \"status\": \"";
    size_t at = sizeof head - 1;
    uint32_t id = 0;
    if (length < at || memcmp(json, head, at) != 0) {
        return false;
    }
    size_t digits = 0;
    for (; at < length && json[at] >= '0' && json[at] <= '9' && digits < 5; at++, digits++) {
        id = id * 10 + (uint32_t)(json[at] - '0');
    }
    if (digits == 0 || id > NODE_ID_MAX || length - at < sizeof middle - 1 ||
        memcmp(json + at, middle, sizeof middle - 1) != 0) {
        return false;
    }
    at += sizeof middle - 1;
    vote->id = (uint16_t)id;
    if (length - at == 9 && memcmp(json + at, "prepare\"}", 9) == 0) {
        vote->status = STATUS_PREPARE;
        return true;
    }
    if (length - at == 8 && memcmp(json + at, "submit\"}", 8) == 0) {
        vote->status = STATUS_SUBMIT;
        return true;
    }
    return false;
}

static enum status status_parse(const char *text)
{
    if (strcmp(text, "prepare") == 0) {
        return STATUS_PREPARE;
    }
    return strcmp(text, "submit") == 0 ? STATUS_SUBMIT : STATUS_UNKNOWN;
}

static bool number_in(const cJSON *object, const char *name, double low, double high, double *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsNumber(item) || item->valuedouble < low || item->valuedouble > high) {
        return false;
    }
    *out = item->valuedouble;
    return *out == (double)(int64_t)*out;
}

bool wire_parse_status(const char *json, size_t length, struct vote *vote)
{
    *vote = (struct vote){0};
    if (parse_usual_status(json, length, vote)) {
        return true;
    }
    cJSON *object = cJSON_ParseWithLength(json, length);
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(object, "status");
    double id = 0;
    bool good = number_in(object, "id", 0, NODE_ID_MAX, &id) && cJSON_IsString(status);
    if (good) {
        vote->id = (uint16_t)id;
        vote->status = (uint8_t)status_parse(status->valuestring);
    }
    cJSON_Delete(object);
    return good;
}

bool wire_parse_result(const char *json, size_t length, struct result *result)
{
    double id = 0;
    double rule = 0;
    double term = 0;
    cJSON *object = cJSON_ParseWithLength(json, length);
    bool good = number_in(object, "id", 0, NODE_ID_MAX, &id) &&
                number_in(object, "rule", 0, 9, &rule) &&
                number_in(object, "term", 0, 9007199254740992.0, &term);
    cJSON_Delete(object);
    *result = (struct result){.id = (int32_t)id, .rule = (int32_t)rule, .term = (uint64_t)term};
    return good;
}

static int by_id(const void *left, const void *right)
{
    const struct vote *a = left;
    const struct vote *b = right;
    return (int)a->id - (int)b->id;
}

static bool votes_reserve(struct wire_votes *votes, size_t count)
{
    if (count <= votes->capacity) {
        return true;
    }
    struct vote *list = realloc(votes->list, count * sizeof *list);
    if (!list) {
        return false;
    }
    votes->list = list;
    votes->capacity = count;
    return true;
}

/* Fields that are no status are passed over, and so is a second field that claims the same id. */
static void read_ballot(const redisReply *raw, struct wire_votes *votes, struct reply *reply)
{
    uint32_t count = 0;
    bool sorted = true;
    if (raw->type != REDIS_REPLY_ARRAY || !votes_reserve(votes, raw->elements / 2 + 1)) {
        reply->outcome = STORE_REFUSED;
        return;
    }
    for (size_t i = 1; i < raw->elements; i += 2) {
        const redisReply *value = raw->element[i];
        if (value->type == REDIS_REPLY_STRING &&
            wire_parse_status(value->str, value->len, &votes->list[count])) {
            sorted = sorted && (count == 0 || votes->list[count - 1].id < votes->list[count].id);
            count++;
        }
    }
    if (!sorted) {
        qsort(votes->list, count, sizeof *votes->list, by_id);
        uint32_t kept = 1;
        for (uint32_t i = 1; i < count; i++) {
            if (votes->list[i].id != votes->list[kept - 1].id) {
                votes->list[kept++] = votes->list[i];
            }
        }
        count = kept;
    }
    reply->outcome = STORE_OK;
    reply->value.ballot = (struct ballot){.votes = votes->list, .count = count};
}

static void read_string(const redisReply *raw, const struct request *request, struct reply *reply)
{
    reply->outcome = STORE_OK;
    if (request->op == STORE_GET_TOKEN) {
        reply->value.token = token_parse(raw->str, raw->len);
    } else if (!wire_parse_result(raw->str, raw->len, &reply->value.result)) {
        reply->outcome = STORE_REFUSED;
    }
}

void wire_reply(const redisReply *raw, const struct request *request, struct wire_votes *votes,
                struct reply *reply)
{
    memset(reply, 0, sizeof *reply);
    reply->outcome = STORE_REFUSED;
    if (request->op == STORE_READ_BALLOT) {
        read_ballot(raw, votes, reply);
        return;
    }
    switch (raw->type) {
    case REDIS_REPLY_NIL:
        reply->outcome = STORE_NIL;
        return;
    case REDIS_REPLY_INTEGER:
        reply->outcome = STORE_OK;
        reply->value.integer = raw->integer;
        return;
    case REDIS_REPLY_STATUS:
        reply->outcome = STORE_OK;
        return;
    case REDIS_REPLY_STRING:
        read_string(raw, request, reply);
        return;
    default:
        return;
    }
}
