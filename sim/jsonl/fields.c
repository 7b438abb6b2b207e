/* The fields of a JSON line, written or read. See fields.h. */
#include "sim/jsonl/fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool field_is_there(struct fields *fields, const char *key, bool has)
{
    return fields->out ? has : cJSON_HasObjectItem(fields->in->object, key);
}

bool field_begin(struct fields *fields, const char *key, const cJSON **outer)
{
    if (fields->out) {
        out_key(fields->out, key);
        out_put(fields->out, "{");
        return true;
    }
    const cJSON *object = in_member(fields->in, key);
    if (!cJSON_IsObject(object)) {
        in_fail(fields->in, "\"%s\" is no object", key);
        return false;
    }
    *outer = fields->in->object;
    fields->in->object = object;
    return true;
}

void field_end(struct fields *fields, const cJSON *outer)
{
    if (fields->out) {
        out_put(fields->out, "}");
    } else {
        fields->in->object = outer;
    }
}

int64_t field_number(struct fields *fields, const char *key, int64_t value, int64_t low,
                     int64_t high)
{
    if (!fields->out) {
        return in_number(fields->in, key, low, high);
    }
    out_key(fields->out, key);
    out_integer(fields->out, value);
    return value;
}

static void put_null(struct out *out, const char *key)
{
    out_key(out, key);
    out_put(out, "null");
}

int64_t field_number_or_null(struct fields *fields, const char *key, int64_t value, int64_t low,
                             int64_t high, int64_t null)
{
    if (!fields->out) {
        return cJSON_IsNull(in_member(fields->in, key)) ? null
                                                        : in_number(fields->in, key, low, high);
    }
    if (value == null) {
        put_null(fields->out, key);
        return value;
    }
    return field_number(fields, key, value, low, high);
}

bool field_bool(struct fields *fields, const char *key, bool value)
{
    if (fields->out) {
        out_key(fields->out, key);
        out_put(fields->out, value ? "true" : "false");
        return value;
    }
    const cJSON *read = in_member(fields->in, key);
    if (read && !cJSON_IsBool(read)) {
        in_fail(fields->in, "\"%s\" is neither true nor false", key);
    }
    return cJSON_IsTrue(read);
}

static void put_text(struct out *out, const char *key, const char *text)
{
    out_key(out, key);
    out_quoted(out, text);
}

void field_text(struct fields *fields, const char *key, char *text, size_t size)
{
    if (fields->out) {
        put_text(fields->out, key, text);
        return;
    }
    const char *read = in_text(fields->in, key);
    if (strlen(read) >= size) {
        in_fail(fields->in, "\"%s\" is longer than %zu bytes", key, size - 1);
    } else {
        memcpy(text, read, strlen(read) + 1);
    }
}

int64_t field_signed(struct fields *fields, const char *key, int64_t value)
{
    if (!fields->out) {
        return in_signed(fields->in, key);
    }
    out_key(fields->out, key);
    out_put(fields->out, "\"");
    out_integer(fields->out, value);
    out_put(fields->out, "\"");
    return value;
}

int64_t field_time_or_null(struct fields *fields, const char *key, int64_t value, int64_t null)
{
    if (!fields->out) {
        return cJSON_IsNull(in_member(fields->in, key)) ? null : in_time(fields->in, key);
    }
    if (value == null) {
        put_null(fields->out, key);
        return value;
    }
    return field_signed(fields, key, value);
}

int64_t field_duration(struct fields *fields, const char *key, int64_t value, int64_t high_ns)
{
    int64_t ns = field_signed(fields, key, value);
    if (fields->in && ns < 0) {
        in_fail(fields->in, "\"%s\" is negative", key);
    }
    if (fields->in && ns > high_ns) {
        in_fail(fields->in, "\"%s\" is longer than %" PRId64 " ns", key, high_ns);
    }
    return ns;
}

uint64_t field_unsigned(struct fields *fields, const char *key, uint64_t value)
{
    if (!fields->out) {
        return in_unsigned(fields->in, key);
    }
    out_key(fields->out, key);
    out_put(fields->out, "\"");
    out_digits(fields->out, value, 1);
    out_put(fields->out, "\"");
    return value;
}

uint8_t field_name(struct fields *fields, const char *key, uint8_t value, const char *const *names,
                   int count)
{
    if (!fields->out) {
        return in_place_of(fields->in, key, in_text(fields->in, key), names, count);
    }
    put_text(fields->out, key, names[value]);
    return value;
}

uint16_t field_row(struct fields *fields, const char *key, uint16_t value, const char *name,
                   int (*find)(const char *))
{
    if (!fields->out) {
        return in_row_of(fields->in, key, in_text(fields->in, key), find);
    }
    put_text(fields->out, key, name);
    return value;
}

struct token field_token(struct fields *fields, struct token token)
{
    static const char key[] = "token";
    if (fields->out) {
        char digits[33];
        snprintf(digits, sizeof digits, "%016" PRIx64 "%016" PRIx64, token.high, token.low);
        put_text(fields->out, key, digits);
        return token;
    }
    const char *text = in_text(fields->in, key);
    if (strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32) {
        in_fail(fields->in, "\"token\" is no 32 hex digits");
        return (struct token){0, 0};
    }
    char high[17];
    snprintf(high, sizeof high, "%.16s", text);
    return (struct token){.high = strtoull(high, NULL, 16), .low = strtoull(text + 16, NULL, 16)};
}

struct result field_result(struct fields *fields, struct result result)
{
    const cJSON *outer = NULL;
    if (!field_begin(fields, "result", &outer)) {
        return (struct result){.id = NOBODY};
    }
    result.id = (int32_t)field_number_or_null(fields, "id", result.id, 0, INT32_MAX, NOBODY);
    result.rule = (int32_t)field_number(fields, "rule", result.rule, INT32_MIN, INT32_MAX);
    result.term = field_unsigned(fields, "term", result.term);
    field_end(fields, outer);
    return result;
}
