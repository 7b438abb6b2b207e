/* Ranges of values: LOW..HIGH/N, at equal distances, and LOW..HIGH/logN, each so many times the
 * last. Values in between are rounded to three digits, or to as many more as make them differ, or
 * to whole numbers if both ends are such. */
#ifndef HUSTINGS_SWEEP_RANGE_H
#define HUSTINGS_SWEEP_RANGE_H

#include <stddef.h>

#include "sim/sweep/size.h"

#define RANGE_VALUES_MAX 10000

struct range {
    char from[SIZE_TEXT], to[SIZE_TEXT]; /* as typed */
    double low, high;
    bool is_time, is_whole, is_log;
    long count;
};

/* Whether a text begins like a range: a size, then dots. A path such as ../gc.log does not. */
bool range_begins(const char *text);

/* "100ms..10s/log8". False: it is no range. */
bool range_read(const char *text, struct range *range);

/* How many digits its values need; 0, with one line in `why`: it cannot be. */
int range_digits(const struct range *range, char *why, size_t size);

/* The value at a place, with so many digits; both ends as they were typed. `out` may hold it. */
const char *range_text(const struct range *range, long i, int digits, char out[SIZE_TEXT]);

/* Says in one line that it cannot be. Returns false. */
bool range_refuse(char *why, size_t size);

#endif
