/* The size of a value. See size.h. */
#include "sim/sweep/size.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/scenario.h"

bool size_parse(const char *text, double *size, bool *is_time)
{
    int64_t ns;
    char *end;
    *is_time = strlen(text) < SIZE_TEXT && duration_parse(text, &ns);
    if (*is_time) {
        *size = (double)ns;
        return true;
    }
    *size = strtod(text, &end);
    size_t length = strspn(text, "0123456789.");
    return end != text && *end == '\0' && isfinite(*size) && length < SIZE_TEXT &&
           text[length] == '\0';
}

/* "1.390" without the zeros that say nothing: "1.39". */
static void trim(char *text)
{
    size_t length = strlen(text);
    while (strchr(text, '.') && (text[length - 1] == '0' || text[length - 1] == '.')) {
        bool point = text[--length] == '.';
        text[length] = '\0';
        if (point) {
            return;
        }
    }
}

char *size_text(bool is_time, double size, int digits, char out[SIZE_TEXT])
{
    int first = size > 0 ? (int)floor(log10(size)) : 0; /* 0: the digit before the point */
    int behind = digits - 1 - first;
    double unit = pow(10, behind < 0 ? -behind : 0);
    double rounded = behind < 0 ? round(size / unit) * unit : size;
    if (!is_time) {
        snprintf(out, SIZE_TEXT, "%.*f", behind > 0 ? behind : 0, rounded);
        trim(out);
    } else if (rounded >= 1e9 && rounded < 60e9) { /* 1.39s rather than 1390ms */
        snprintf(out, SIZE_TEXT, "%.9f", round(rounded) / 1e9);
        trim(out);
        snprintf(out + strlen(out), 2, "s");
    } else {
        duration_text((int64_t)llround(rounded), out, SIZE_TEXT);
    }
    return out;
}
