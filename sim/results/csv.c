/* Rows of CSV. Numbers are turned into digits by hand: a run of the model writes millions of them,
 * and printf would cost more than the trial. See csv.h. */
#include "sim/results/csv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/outcome/times.h"
#include "sim/text/clean.h"

void csv_free(struct csv *csv)
{
    free(csv->bytes);
    *csv = (struct csv){0};
}

/* Room for `more` bytes, or NULL. */
static char *room(struct csv *csv, size_t more)
{
    assert(csv->length <= csv->capacity);
    if (csv->failed) {
        return NULL;
    }
    if (csv->capacity - csv->length < more) {
        size_t capacity = csv->capacity ? 2 * csv->capacity : 4096;
        while (capacity - csv->length < more) {
            capacity *= 2;
        }
        char *bytes = realloc(csv->bytes, capacity);
        if (!bytes) {
            csv->failed = true;
            return NULL;
        }
        csv->bytes = bytes;
        csv->capacity = capacity;
    }
    return csv->bytes + csv->length;
}

static void put(struct csv *csv, const char *text, size_t length)
{
    char *at = room(csv, length);
    if (at && length) {
        memcpy(at, text, length);
        csv->length += length;
    }
}

static void begin_cell(struct csv *csv)
{
    if (csv->cells++) {
        put(csv, ",", 1);
    }
}

static void put_quoted(struct csv *csv, const char *guard, const char *text)
{
    put(csv, "\"", 1);
    put(csv, guard, strlen(guard));
    for (const char *quote; (quote = strchr(text, '"')); text = quote + 1) {
        put(csv, text, (size_t)(quote - text) + 1);
        put(csv, "\"", 1);
    }
    put(csv, text, strlen(text));
    put(csv, "\"", 1);
}

static bool is_printable_ascii(const char *text)
{
    while (*text >= 0x20 && *text < 0x7f) {
        text++;
    }
    return *text == '\0';
}

bool csv_is_formula(const char *text)
{
    text += strspn(text, " '");
    return *text && strchr("=+-@", *text);
}

static void put_clean(struct csv *csv, const char *text)
{
    const char *guard = csv_is_formula(text) ? "'" : "";
    if (strpbrk(text, ",\"")) {
        put_quoted(csv, guard, text);
    } else {
        put(csv, guard, strlen(guard));
        put(csv, text, strlen(text));
    }
}

void csv_text(struct csv *csv, const char *text)
{
    begin_cell(csv);
    if (is_printable_ascii(text)) { /* nearly all: a run of the model writes millions */
        put_clean(csv, text);
        return;
    }
    char *clean = strdup(text);
    if (!clean) {
        csv->failed = true;
        return;
    }
    put_clean(csv, clean_text(clean, clean, strlen(clean) + 1));
    free(clean);
}

/* Writes the digits backwards, ending before `end`, at least `least` of them; returns the first. */
static char *digits(char *end, uint64_t value, int least)
{
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
        least--;
    } while (value || least > 0);
    return end;
}

#define NUMBER_SIZE 32 /* 20 digits, a sign, a point */

void csv_unsigned(struct csv *csv, uint64_t value)
{
    char text[NUMBER_SIZE];
    char *end = text + sizeof text;
    char *begin = digits(end, value, 1);
    begin_cell(csv);
    put(csv, begin, (size_t)(end - begin));
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void csv_integer(struct csv *csv, int64_t value)
{
    char text[NUMBER_SIZE];
    char *end = text + sizeof text;
    char *begin = digits(end, magnitude(value), 1);
    if (value < 0) {
        *--begin = '-';
    }
    begin_cell(csv);
    put(csv, begin, (size_t)(end - begin));
}

void csv_empty(struct csv *csv)
{
    begin_cell(csv);
}

void csv_ms(struct csv *csv, int64_t ns)
{
    if (ns == NEVER_NS || ns == FOREVER_NS) {
        csv_empty(csv);
        return;
    }
    uint64_t us = magnitude(time_us(ns));
    char text[NUMBER_SIZE];
    char *end = text + sizeof text;
    char *begin = digits(end, us % 1000, 3);
    *--begin = '.';
    begin = digits(begin, us / 1000, 1);
    if (ns < 0 && us) {
        *--begin = '-';
    }
    begin_cell(csv);
    put(csv, begin, (size_t)(end - begin));
}

void csv_id(struct csv *csv, int32_t id)
{
    assert(id >= NOBODY);
    if (id == NOBODY) {
        csv_empty(csv);
    } else {
        csv_integer(csv, id);
    }
}

void csv_end_row(struct csv *csv, size_t columns)
{
    assert(csv->cells == columns);
    put(csv, "\r\n", 2);
    csv->cells = 0;
}
