/* Ranges of values. See range.h. */
#include "sim/sweep/range.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool copy_part(const char *from, const char *to, char out[SIZE_TEXT])
{
    snprintf(out, SIZE_TEXT, "%.*s", (int)(to - from), from);
    return to > from && to - from < SIZE_TEXT;
}

bool range_begins(const char *text)
{
    char from[SIZE_TEXT];
    double size;
    bool is_time;
    const char *dots = strstr(text, "..");
    return dots && copy_part(text, dots, from) && size_parse(from, &size, &is_time);
}

bool range_read(const char *text, struct range *range)
{
    const char *dots = strstr(text, "..");
    const char *slash = dots ? strchr(dots, '/') : NULL;
    bool low_time = false;
    if (!slash || strpbrk(text, "{[\"',") || !copy_part(text, dots, range->from) ||
        !copy_part(dots + 2, slash, range->to) ||
        !size_parse(range->from, &range->low, &low_time) ||
        !size_parse(range->to, &range->high, &range->is_time) || low_time != range->is_time) {
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

bool range_refuse(char *why, size_t size)
{
    snprintf(
        why, size,
        "this range cannot be; give LOW..HIGH/N, or LOW..HIGH/logN from more than 0, with N from "
        "2 to 10000: 100ms..10s/log8");
    return false;
}

const char *range_text(const struct range *range, long i, int digits, char out[SIZE_TEXT])
{
    if (i == 0 || i == range->count - 1) {
        return i == 0 ? range->from : range->to;
    }
    if (range->is_whole) {
        snprintf(out, SIZE_TEXT, "%.0f", range_size(range, i));
        return out;
    }
    return size_text(range->is_time, range_size(range, i), digits, out);
}

/* Whether its values, with so many digits, are each larger than the last. */
static bool digits_do(const struct range *range, int digits)
{
    double last = range->low;
    for (long i = 1; i < range->count; i++) {
        char text[SIZE_TEXT];
        double size;
        bool is_time;
        if (!size_parse(range_text(range, i, digits, text), &size, &is_time) || size <= last) {
            return false;
        }
        last = size;
    }
    return true;
}

/* More digits than these a double has not. */
#define DIGITS_MAX 15

int range_digits(const struct range *range, char *why, size_t size)
{
    int digits = 3;
    if (range->count < 2 || range->count > RANGE_VALUES_MAX || range->high <= range->low ||
        (range->is_log && range->low <= 0)) {
        range_refuse(why, size);
        return 0;
    }
    while (!digits_do(range, digits)) {
        if (range->is_whole || ++digits > DIGITS_MAX) {
            snprintf(why, size, "of its %ld values some are the same%s; give fewer%s", range->count,
                     range->is_whole ? " whole number" : "",
                     range->is_whole ? ", or ends such as 1.0 if fractions are meant" : "");
            return 0;
        }
    }
    return digits;
}
