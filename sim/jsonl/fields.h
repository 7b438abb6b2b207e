/* The fields of a JSON line, written or read: what is in a line is said once for both.
 *
 *     event->number = (uint32_t)field_number(fields, "number", event->number, 0, UINT32_MAX);
 *
 * Written, a field has the value that is given, which comes back; read, its value comes back, which
 * is within the bounds. */
#ifndef HUSTINGS_JSONL_FIELDS_H
#define HUSTINGS_JSONL_FIELDS_H

#include "sim/history/history.h"
#include "sim/jsonl/jsonl_in.h"
#include "sim/jsonl/jsonl_out.h"

/* One of the two. */
struct fields {
    struct out *out;
    struct in *in;
};

/* Whether the field, which may be left out, is there: if it is written, as `has` says. */
bool field_is_there(struct fields *fields, const char *key, bool has);

/* An object of its own: what is between these two are its fields. False, with nothing between: the
 * field is no object. */
bool field_begin(struct fields *fields, const char *key, const cJSON **outer);
void field_end(struct fields *fields, const cJSON *outer);

int64_t field_number(struct fields *fields, const char *key, int64_t value, int64_t low,
                     int64_t high);

/* `null` is written as null. */
int64_t field_number_or_null(struct fields *fields, const char *key, int64_t value, int64_t low,
                             int64_t high, int64_t null);
bool field_bool(struct fields *fields, const char *key, bool value);

/* Text of less than `size` bytes. */
void field_text(struct fields *fields, const char *key, char *text, size_t size);

/* Whole numbers that may exceed 2^53: as strings. `null` is written as null; a duration is from
 * 0 to high_ns, and a time within HISTORY_TIME_MAX of t0. */
int64_t field_signed(struct fields *fields, const char *key, int64_t value);
int64_t field_time_or_null(struct fields *fields, const char *key, int64_t value, int64_t null);
int64_t field_duration(struct fields *fields, const char *key, int64_t value, int64_t high_ns);
uint64_t field_unsigned(struct fields *fields, const char *key, uint64_t value);

/* A place in a table of names; the name of a row, by which `find` finds it (or says -1). */
uint8_t field_name(struct fields *fields, const char *key, uint8_t value, const char *const *names,
                   int count);
uint16_t field_row(struct fields *fields, const char *key, uint16_t value, const char *name,
                   int (*find)(const char *));

/* "token": 32 hex digits; "result": an object. */
struct token field_token(struct fields *fields, struct token token);
struct result field_result(struct fields *fields, struct result result);

#endif
