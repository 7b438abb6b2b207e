/* Writing JSON lines: values and fields into a buffer that goes to a file when it is full. What
 * fails is noted, and said once at the end. */
#ifndef HUSTINGS_JSONL_JSONL_OUT_H
#define HUSTINGS_JSONL_JSONL_OUT_H

#include <stdio.h>

#include "sim/history/history.h"

/* What is being written; zeroed but for `file` to begin with. */
struct out {
    FILE *file;
    size_t used;
    bool failed; /* not everything was written */
    char bytes[1 << 15];
};

void out_flush(struct out *out);

/* Bare text, a number in decimal, one with zeros in front up to `width` digits, a JSON string. */
void out_put(struct out *out, const char *text);
void out_digits(struct out *out, uint64_t value, int width);
void out_quoted(struct out *out, const char *text);

/* Fields open with their comma: only the first of a line, which has none, is written by hand. */
void out_key(struct out *out, const char *key);
void field_text(struct out *out, const char *key, const char *text);
void field_number(struct out *out, const char *key, int64_t value);
void field_number_or_null(struct out *out, const char *key, int64_t value, int64_t null);
void field_bool(struct out *out, const char *key, bool value);

/* Whole numbers that may exceed 2^53: as strings. */
void field_signed(struct out *out, const char *key, int64_t value);
void field_unsigned(struct out *out, const char *key, uint64_t value);

/* "token": 32 hex digits; "result": an object. */
void field_token(struct out *out, struct token token);
void field_result(struct out *out, struct result result);

#endif
