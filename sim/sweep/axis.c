/* The axes of a sweep. See axis.h. */
#include "sim/sweep/axis.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sweep/range.h"

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

/* Measures values from the first on, and returns how many have a size of one kind. */
static size_t measure_first(struct axis *axis, double *sizes)
{
    axis->ascends = true;
    for (size_t i = 0; i < axis->count; i++) {
        bool is_time;
        if (!size_parse(axis_value(axis, i), &sizes[i], &is_time) ||
            (i > 0 && is_time != axis->is_time)) {
            return i;
        }
        axis->is_time = is_time;
        axis->ascends = axis->ascends && (i == 0 || sizes[i] > sizes[i - 1]);
    }
    return axis->count;
}

/* Whether a value is none of any key: a number of a unit that there is not, or of another kind. */
static bool is_misspelt(const char *value, bool as_times)
{
    double size;
    bool is_time;
    size_t length = strspn(value, "0123456789.abcdefghijklmnopqrstuvwxyz");
    return value[0] >= '0' && value[0] <= '9' && value[length] == '\0' &&
           !(size_parse(value, &size, &is_time) && is_time == as_times);
}

/* Measures the values. False: some have no size, and are not just misspelt at the end. */
static bool measure_into(struct axis *axis, double *sizes)
{
    size_t first = measure_first(axis, sizes);
    axis->measured = first == axis->count;
    for (size_t i = first; i < axis->count; i++) {
        if (!is_misspelt(axis_value(axis, i), axis->is_time)) {
            return false;
        }
        sizes[i] = INFINITY;
    }
    return first > 0;
}

static void measure(struct axis *axis)
{
    double *sizes = calloc(axis->count, sizeof *sizes);
    if (sizes && measure_into(axis, sizes)) {
        axis->sizes = sizes;
    } else {
        free(sizes);
        axis->ascends = axis->is_time = axis->measured = false;
    }
}

/* Whether no value is there under two names: 2s, 2000ms. */
static bool differ(const struct axis *axis, char *why, size_t size)
{
    for (size_t i = 1; axis->measured && !axis->ascends && i < axis->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (axis->sizes[i] == axis->sizes[j]) {
                snprintf(why, size, "%s and %s are the same value", axis_value(axis, j),
                         axis_value(axis, i));
                return false;
            }
        }
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

static bool add_range(struct axis *axis, const struct range *range, char *why, size_t size)
{
    int digits = range_digits(range, why, size);
    for (long i = 0; digits > 0 && i < range->count; i++) {
        char text[SIZE_TEXT];
        const char *value = range_text(range, i, digits, text);
        if (!add_value(axis, value, strlen(value), why, size)) {
            return false;
        }
    }
    axis->is_time = range->is_time;
    return digits > 0;
}

static bool name_column(struct axis *axis, char *why, size_t size)
{
    if (asprintf(&axis->column, "%s%s", axis->key, axis->is_time && axis->measured ? "_ms" : "") <
        0) {
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
    bool added = range_read(equals + 1, &range) ? add_range(axis, &range, why, size)
                 : range_begins(equals + 1)     ? range_refuse(why, size)
                                                : add_list(axis, equals + 1, why, size);
    if (added) {
        measure(axis);
    }
    added = added && differ(axis, why, size) && name_column(axis, why, size);
    axis->grows_worse = axis->sizes && grows_worse(axis->key);
    axis->ascends = axis->ascends && axis->grows_worse;
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
