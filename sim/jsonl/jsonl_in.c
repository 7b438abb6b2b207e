/* Reading the fields of a JSON line. See jsonl_in.h. */
#include "sim/jsonl/jsonl_in.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void in_fail(struct in *in, const char *format, ...)
{
    if (in->failed) {
        return;
    }
    in->failed = true;
    int used = snprintf(in->error, in->error_size, "line %zu: ", in->line);
    if (used < 0 || (size_t)used >= in->error_size) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(in->error + used, in->error_size - (size_t)used, format, arguments);
    va_end(arguments);
}

const cJSON *in_member(struct in *in, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(in->object, key);
    if (!value) {
        in_fail(in, "\"%s\" is missing", key);
    }
    return value;
}

int64_t in_whole(struct in *in, const char *key, const cJSON *value, int64_t low, int64_t high)
{
    double number = cJSON_IsNumber(value) ? value->valuedouble : (double)NAN;
    if (!(number >= (double)low && number <= (double)high) || floor(number) != number) {
        in_fail(in, "\"%s\" is no whole number from %lld to %lld", key, (long long)low,
                (long long)high);
        return 0;
    }
    return (int64_t)number;
}

int64_t in_number(struct in *in, const char *key, int64_t low, int64_t high)
{
    const cJSON *value = in_member(in, key);
    return value ? in_whole(in, key, value, low, high) : 0;
}

int64_t in_number_or_null(struct in *in, const char *key, int64_t low, int64_t high, int64_t null)
{
    const cJSON *value = in_member(in, key);
    return cJSON_IsNull(value) ? null : value ? in_whole(in, key, value, low, high) : 0;
}

const char *in_text(struct in *in, const char *key)
{
    const cJSON *value = in_member(in, key);
    if (value && !cJSON_IsString(value)) {
        in_fail(in, "\"%s\" is no text", key);
    }
    return cJSON_IsString(value) ? value->valuestring : "";
}

bool in_bool(struct in *in, const char *key)
{
    const cJSON *value = in_member(in, key);
    if (value && !cJSON_IsBool(value)) {
        in_fail(in, "\"%s\" is neither true nor false", key);
    }
    return cJSON_IsTrue(value);
}

int64_t in_signed(struct in *in, const char *key)
{
    const char *text = in_text(in, key);
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || *end || (*text != '-' && (*text < '0' || *text > '9'))) {
        in_fail(in, "\"%s\" is no string with a whole number", key);
        return 0;
    }
    return value;
}

uint64_t in_unsigned(struct in *in, const char *key)
{
    const char *text = in_text(in, key);
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno || end == text || *end || *text < '0' || *text > '9') {
        in_fail(in, "\"%s\" is no string with a whole number from 0", key);
        return 0;
    }
    return value;
}

int64_t in_duration(struct in *in, const char *key)
{
    int64_t ns = in_signed(in, key);
    if (ns < 0) {
        in_fail(in, "\"%s\" is negative", key);
    }
    return ns;
}

/* The place of a text in a table of names. */
uint8_t in_place_of(struct in *in, const char *key, const char *text, const char *const *names,
                    int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], text) == 0) {
            return (uint8_t)i;
        }
    }
    in_fail(in, "\"%s\" is \"%.40s\", which is not one of its names", key, text);
    return 0;
}

uint8_t in_name(struct in *in, const char *key, const char *const *names, int count)
{
    return in_place_of(in, key, in_text(in, key), names, count);
}

/* The row of a table that has a find function of its own. */
uint16_t in_row_of(struct in *in, const char *key, const char *text, int (*find)(const char *))
{
    int row = find(text);
    if (row < 0) {
        in_fail(in, "\"%s\" is \"%.40s\", which this hustings does not know", key, text);
        return 0;
    }
    return (uint16_t)row;
}

uint16_t in_row(struct in *in, const char *key, int (*find)(const char *))
{
    return in_row_of(in, key, in_text(in, key), find);
}

struct token in_token(struct in *in)
{
    struct token token = {0, 0};
    const char *text = in_text(in, "token");
    if (strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32) {
        in_fail(in, "\"token\" is no 32 hex digits");
        return token;
    }
    for (int i = 0; i < 32; i++) {
        uint64_t digit = (uint64_t)(text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10);
        uint64_t *half = i < 16 ? &token.high : &token.low;
        *half = *half << 4 | digit;
    }
    return token;
}

struct result in_result(struct in *in)
{
    const cJSON *line = in->object;
    const cJSON *object = in_member(in, "result");
    struct result result = {.id = NOBODY};
    if (!cJSON_IsObject(object)) {
        in_fail(in, "\"result\" is no object");
        return result;
    }
    in->object = object;
    result.id = (int32_t)in_number_or_null(in, "id", 0, INT32_MAX, NOBODY);
    result.rule = (int32_t)in_number(in, "rule", INT32_MIN, INT32_MAX);
    result.term = in_unsigned(in, "term");
    in->object = line;
    return result;
}
