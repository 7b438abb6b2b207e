/* Reading the fields of a JSON line, with nothing taken on trust: a field that is missing, of
 * another type or out of range is an error. The first error stands; from then on fields read as 0,
 * so that who reads need not ask after each. */
#ifndef HUSTINGS_JSONL_JSONL_IN_H
#define HUSTINGS_JSONL_JSONL_IN_H

#include <cjson/cJSON.h>

#include "sim/history/history.h"

/* The line being read. */
struct in {
    size_t line;         /* from 1 */
    const cJSON *object; /* whose fields are read */
    char *error;         /* the caller's, of this size */
    size_t error_size;
    bool failed;
};

/* "line N: …" as the error, unless there is one. */
void in_fail(struct in *in, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A field's value, NULL if it is missing; and a value as a whole number in a range, both inclusive.
 */
const cJSON *in_member(struct in *in, const char *key);
int64_t in_whole(struct in *in, const char *key, const cJSON *value, int64_t low, int64_t high);

int64_t in_number(struct in *in, const char *key, int64_t low, int64_t high);

/* Never NULL. */
const char *in_text(struct in *in, const char *key);

/* Whole numbers in strings. */
int64_t in_signed(struct in *in, const char *key);

/* The same: a time, within HISTORY_TIME_MAX of t0. */
int64_t in_time(struct in *in, const char *key);
uint64_t in_unsigned(struct in *in, const char *key);

/* The place of a text in a table of names; the row of a table that has a find function. */
uint8_t in_place_of(struct in *in, const char *key, const char *text, const char *const *names,
                    int count);
uint16_t in_row_of(struct in *in, const char *key, const char *text, int (*find)(const char *));

#endif
