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

const char *in_text(struct in *in, const char *key)
{
    const cJSON *value = in_member(in, key);
    if (value && !cJSON_IsString(value)) {
        in_fail(in, "\"%s\" is no text", key);
    }
    return cJSON_IsString(value) ? value->valuestring : "";
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

int64_t in_time(struct in *in, const char *key)
{
    int64_t ns = in_signed(in, key);
    if (ns > HISTORY_TIME_MAX || ns < -HISTORY_TIME_MAX) {
        in_fail(in, "\"%s\" is more than 31 years from the beginning", key);
        return 0;
    }
    return ns;
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
