/* Answers as replies. See wire.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "sim/ops/op.h"
#include "sim/ops/record.h"
#include "sim/ops/values.h"
#include "sim/processes/wire.h"

bool wire_unknown_script(const redisReply *raw)
{
    return raw->type == REDIS_REPLY_ERROR && strncmp(raw->str, "NOSCRIPT", 8) == 0;
}

bool wire_says_wrong_type(const char *words)
{
    return strstr(words, "WRONGTYPE") != NULL; /* of a script, Redis 6 says more before it */
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
    assert(at <= length);
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
    if (strcmp(text, status_names[STATUS_PREPARE]) == 0) {
        return STATUS_PREPARE;
    }
    return strcmp(text, status_names[STATUS_SUBMIT]) == 0 ? STATUS_SUBMIT : STATUS_UNKNOWN;
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
                number_in(object, "rule", 0, RESULT_RULE_MAX, &rule) &&
                number_in(object, "term", 0, (double)TERM_MAX, &term);
    cJSON_Delete(object);
    assert(!good || (id <= NODE_ID_MAX && term <= (double)TERM_MAX));
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
    assert(count > votes->capacity);
    votes->list = list;
    votes->capacity = count;
    return true;
}

/* Fields that are no status are passed over, and so is a second field that claims the same id.
 * False: out of memory. */
static bool read_ballot(const redisReply *raw, struct wire_votes *votes, struct reply *reply)
{
    uint32_t count = 0;
    bool sorted = true;
    if (!votes_reserve(votes, raw->elements / 2 + 1)) {
        return false;
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
    assert(count <= votes->capacity);
    reply->value.ballot = (struct ballot){.votes = votes->list, .count = count};
    return true;
}

/* What a good answer says. False: not what was asked for. */
static bool read_value(const redisReply *raw, const struct request *request,
                       struct wire_votes *votes, struct reply *reply)
{
    switch ((enum value_kind)op_rows[request->op]->answers) {
    case VALUE_TOKEN:
        return token_parse(raw->str, raw->len, &reply->value.token);
    case VALUE_RECORD:
        return record_parse(raw->str, raw->len, &reply->value.record);
    case VALUE_RESULT:
        return wire_parse_result(raw->str, raw->len, &reply->value.result);
    case VALUE_BALLOT:
        return read_ballot(raw, votes, reply);
    case VALUE_NUMBER:
        reply->value.integer = raw->integer;
        return raw->integer > 0;
    case VALUE_NOTHING:
    case VALUE_DONE:
        reply->value.integer = raw->type == REDIS_REPLY_INTEGER ? raw->integer : 0;
        return true;
    case VALUE_STATUS:
    case VALUE_KINDS:
        break;
    }
    assert(false && "an answer that nobody reads");
    return false;
}

static char first_byte(const redisReply *raw)
{
    switch (raw->type) {
    case REDIS_REPLY_STRING:
        return '$';
    case REDIS_REPLY_ARRAY:
        return '*';
    case REDIS_REPLY_INTEGER:
        return ':';
    case REDIS_REPLY_STATUS:
        return '+';
    default:
        return '\0';
    }
}

/* Nil, or a number that was not counted. */
static bool is_nil(const redisReply *raw, const struct request *request)
{
    bool number = op_rows[request->op]->answers == VALUE_NUMBER;
    return raw->type == REDIS_REPLY_NIL ||
           (number && raw->type == REDIS_REPLY_INTEGER && raw->integer == 0);
}

static uint8_t outcome_of_error(const redisReply *raw, const struct request *request)
{
    assert(raw->type == REDIS_REPLY_ERROR);
    bool there = op_has(request->op, OP_READS) && wire_says_wrong_type(raw->str);
    return there ? STORE_UNREADABLE : STORE_REFUSED;
}

void wire_reply(const redisReply *raw, const struct request *request, struct wire_votes *votes,
                struct reply *reply)
{
    assert(request->op < STORE_OPS);
    const uint8_t nonsense = op_has(request->op, OP_READS) ? STORE_UNREADABLE : STORE_UNKNOWN;
    memset(reply, 0, sizeof *reply);
    if (raw->type == REDIS_REPLY_ERROR) {
        reply->outcome = outcome_of_error(raw, request);
    } else if (is_nil(raw, request)) {
        reply->outcome = op_has(request->op, OP_MAY_BE_NIL) ? STORE_NIL : nonsense;
    } else if (first_byte(raw) != op_rows[request->op]->begins ||
               !read_value(raw, request, votes, reply)) {
        memset(reply, 0, sizeof *reply);
        reply->outcome = nonsense;
    } else {
        reply->outcome = STORE_OK;
    }
}
