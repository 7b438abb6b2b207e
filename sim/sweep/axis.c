/* The axes of a sweep. See axis.h. */
#include "sim/sweep/axis.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/scenario.h"

/* What befalls whoever runs the service; all other keys are theirs to choose. */
static const char *const befalls[] = {"faults", "pauses", "network", "starts", "duration", "seed"};

static bool is_chosen(const char *key)
{
    size_t length = strcspn(key, ".");
    for (size_t i = 0; i < sizeof befalls / sizeof *befalls; i++) {
        if (strlen(befalls[i]) == length && strncmp(key, befalls[i], length) == 0) {
            return false;
        }
    }
    return true;
}

/* Of which a larger value is the worse one, if it makes a difference: only of such may one say
 * "up to". Of the others more can be better (a time between pauses, bytes a second), or neither (a
 * seed, the nth time, when a fault comes). A key is here whole, or, of a fault, its last part. */
static const char *const worse_of_fault[] = {"for", "by", "jitter", "count", "share", "ppm"};
static const char *const worse[] = {"network.latency",     "network.latency.p50",
                                    "network.latency.p99", "network.latency.min",
                                    "network.latency.max", "network.latency.mean"};

static bool grows_worse(const char *key)
{
    const char *last = strrchr(key, '.');
    for (size_t i = 0; i < sizeof worse / sizeof *worse; i++) {
        if (strcmp(key, worse[i]) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof worse_of_fault / sizeof *worse_of_fault; i++) {
        if (strncmp(key, "faults.", 7) == 0 && strcmp(last + 1, worse_of_fault[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *axis_value(const struct axis *axis, size_t index)
{
    assert(index < axis->count);
    return axis->words[index] + strlen(axis->key) + 1;
}

/* --- sizes ------------------------------------------------------------------------------------ */

/* A time, in ns, or a number. */
static bool size_of(const char *text, double *size, bool *is_time)
{
    int64_t ns;
    char *end;
    *is_time = duration_parse(text, &ns);
    if (*is_time) {
        *size = (double)ns;
        return true;
    }
    *size = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*size) &&
           strspn(text, "0123456789.") == strlen(text);
}

static double rounded(double size)
{
    if (size <= 0) {
        return 0;
    }
    double unit = pow(10, floor(log10(size)) - 2);
    return unit >= 1 ? round(size / unit) * unit : round(size / unit) / round(1 / unit);
}

char *axis_text(const struct axis *axis, double size, char *out)
{
    int64_t us = axis->is_time ? (int64_t)llround(rounded(size) / 1000) : 0;
    if (us >= 1000000 && us < 60000000) { /* three digits: 1.39s rather than 1390ms */
        snprintf(out, 40, "%.12gs", (double)us / 1e6);
    } else if (axis->is_time) {
        duration_text(us * 1000, out, 40);
    } else {
        snprintf(out, 40, "%.12g", rounded(size));
    }
    return out;
}

/* Whether all values have a size, and these grow. */
static bool measure(struct axis *axis)
{
    axis->sizes = calloc(axis->count, sizeof *axis->sizes);
    bool measured = axis->sizes != NULL;
    axis->ascends = measured;
    for (size_t i = 0; measured && i < axis->count; i++) {
        bool is_time;
        measured = size_of(axis_value(axis, i), &axis->sizes[i], &is_time) &&
                   (i == 0 || is_time == axis->is_time);
        axis->is_time = is_time;
        axis->ascends = axis->ascends && (i == 0 || axis->sizes[i] > axis->sizes[i - 1]);
    }
    if (!measured) {
        free(axis->sizes);
        axis->sizes = NULL;
        axis->ascends = axis->is_time = false;
    }
    return true;
}

/* --- values ----------------------------------------------------------------------------------- */

static bool add_value(struct axis *axis, const char *value, size_t length, char *why, size_t size)
{
    if (axis->count == AXIS_VALUES_MAX || length == 0) {
        snprintf(why, size,
                 length == 0 ? "one of its values is empty; give KEY=V1,V2"
                             : "it has too many values; 10,000 are the most");
        return false;
    }
    char **words = realloc(axis->words, (axis->count + 1) * sizeof *words);
    if (!words) {
        snprintf(why, size, "out of memory");
        return false;
    }
    axis->words = words;
    if (asprintf(&words[axis->count], "%s=%.*s", axis->key, (int)length, value) < 0) {
        snprintf(why, size, "out of memory");
        return false;
    }
    axis->count++;
    return true;
}

/* Whether the last value is not there yet. */
static bool is_new(const struct axis *axis, char *why, size_t size)
{
    for (size_t i = 0; i + 1 < axis->count; i++) {
        if (strcmp(axis->words[i], axis->words[axis->count - 1]) == 0) {
            snprintf(why, size, "the value %s is there twice", axis_value(axis, i));
            return false;
        }
    }
    return true;
}

/* How long the value is that `text` begins with: up to a comma outside of brackets and quotes. */
static size_t value_length(const char *text)
{
    int depth = 0;
    char quote = '\0';
    size_t at = 0;
    for (; text[at] && (text[at] != ',' || depth > 0 || quote); at++) {
        char c = text[at];
        if (quote) {
            if (c == quote) {
                quote = '\0';
            }
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else {
            depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        }
    }
    return at;
}

static bool add_list(struct axis *axis, const char *values, char *why, size_t size)
{
    for (const char *at = values;; at++) {
        at += strspn(at, " ");
        size_t length = value_length(at), rest = length;
        while (length > 0 && at[length - 1] == ' ') {
            length--;
        }
        if (!add_value(axis, at, length, why, size) || !is_new(axis, why, size)) {
            return false;
        }
        at += rest;
        if (*at == '\0') {
            return true;
        }
    }
}

/* --- ranges ----------------------------------------------------------------------------------- */

struct range {
    char from[40], to[40];
    double low, high;
    bool is_time, is_whole, is_log;
    long count;
};

static bool copy_part(const char *from, const char *to, char out[40])
{
    snprintf(out, 40, "%.*s", (int)(to - from), from);
    return to > from && to - from < 40;
}

/* Whether a text begins like a range: a size, then dots. A path such as ../gc.log does not. */
static bool begins_range(const char *text)
{
    char from[40];
    double size;
    bool is_time;
    const char *dots = strstr(text, "..");
    return dots && copy_part(text, dots, from) && size_of(from, &size, &is_time);
}

/* "100ms..10s/log8". False: it is no range. */
static bool read_range(const char *text, struct range *range)
{
    const char *dots = strstr(text, "..");
    const char *slash = dots ? strchr(dots, '/') : NULL;
    bool low_time = false;
    if (!slash || strpbrk(text, "{[\"',") || !copy_part(text, dots, range->from) ||
        !copy_part(dots + 2, slash, range->to) || !size_of(range->from, &range->low, &low_time) ||
        !size_of(range->to, &range->high, &range->is_time) || low_time != range->is_time) {
        return false;
    }
    const char *count = slash + 1;
    char *end;
    range->is_log = strncmp(count, "log", 3) == 0;
    count += range->is_log ? 3 : 0;
    range->count = strtol(count, &end, 10);
    range->is_whole = !range->is_time && !strpbrk(range->from, ".") && !strpbrk(range->to, ".");
    return *count >= '0' && *count <= '9' && *end == '\0';
}

static double range_size(const struct range *range, long i)
{
    double share = (double)i / (double)(range->count - 1);
    return range->is_log ? range->low * pow(range->high / range->low, share)
                         : range->low + share * (range->high - range->low);
}

static bool no_range(char *why, size_t size)
{
    snprintf(
        why, size,
        "this range cannot be; give LOW..HIGH/N, or LOW..HIGH/logN from more than 0, with N from "
        "2 to 10000: 100ms..10s/log8");
    return false;
}

static bool add_range(struct axis *axis, const struct range *range, char *why, size_t size)
{
    char text[40], last[40] = "";
    if (range->count < 2 || range->count > AXIS_VALUES_MAX || range->high <= range->low ||
        (range->is_log && range->low <= 0)) {
        return no_range(why, size);
    }
    axis->is_time = range->is_time;
    for (long i = 0; i < range->count; i++) {
        const char *value = i == 0 ? range->from : i == range->count - 1 ? range->to : text;
        if (value == text && range->is_whole) {
            snprintf(text, sizeof text, "%.0f", range_size(range, i));
        } else if (value == text) {
            axis_text(axis, range_size(range, i), text);
        }
        bool again = strcmp(value, last) == 0;
        snprintf(last, sizeof last, "%s", value);
        if (!again && !add_value(axis, value, strlen(value), why, size)) {
            return false;
        }
    }
    return true;
}

static bool name_column(struct axis *axis, char *why, size_t size)
{
    if (asprintf(&axis->column, "%s%s", axis->key, axis->is_time ? "_ms" : "") < 0) {
        axis->column = NULL;
        snprintf(why, size, "out of memory");
    }
    return axis->column != NULL;
}

/* --- axes ------------------------------------------------------------------------------------- */

bool axes_add(struct axes *axes, const char *text, char *why, size_t size)
{
    struct range range;
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) {
        snprintf(why, size,
                 "it has no values; give KEY=V1,V2 or KEY=LOW..HIGH/N, such as "
                 "lock.token.ttl=500ms,1s,2s");
        return false;
    }
    if (axes->count == AXES_MAX) {
        snprintf(why, size, "there are too many keys; %d are the most", AXES_MAX);
        return false;
    }
    struct axis *axis = &axes->list[axes->count++];
    *axis = (struct axis){.key = strndup(text, (size_t)(equals - text))};
    if (!axis->key) {
        snprintf(why, size, "out of memory");
        return false;
    }
    for (size_t i = 0; i + 1 < axes->count; i++) {
        if (strcmp(axes->list[i].key, axis->key) == 0) {
            snprintf(why, size, "this key has values already; give them all at once");
            return false;
        }
    }
    axis->chosen = is_chosen(axis->key);
    bool added = read_range(equals + 1, &range) ? add_range(axis, &range, why, size)
                 : begins_range(equals + 1)     ? no_range(why, size)
                                                : add_list(axis, equals + 1, why, size);
    added = added && measure(axis) && name_column(axis, why, size);
    axis->ascends = axis->ascends && grows_worse(axis->key);
    return added;
}

void axes_free(struct axes *axes)
{
    for (size_t i = 0; i < axes->count; i++) {
        struct axis *axis = &axes->list[i];
        for (size_t j = 0; j < axis->count; j++) {
            free(axis->words[j]);
        }
        free(axis->words);
        free(axis->sizes);
        free(axis->key);
        free(axis->column);
    }
    *axes = (struct axes){0};
}
