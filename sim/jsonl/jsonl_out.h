/* Writing JSON: values and keys into a buffer that goes to a file when it is full. What fails is
 * noted, and said once at the end. */
#ifndef HUSTINGS_JSONL_JSONL_OUT_H
#define HUSTINGS_JSONL_JSONL_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What is being written; zeroed but for `file` to begin with. */
struct out {
    FILE *file;
    size_t used;
    bool failed; /* not everything was written */
    char last;   /* the last byte */
    char bytes[1 << 15];
};

void out_flush(struct out *out);

/* Bare text; a number in decimal; one with zeros in front up to `width` digits; a JSON string. */
void out_put(struct out *out, const char *text);
void out_integer(struct out *out, int64_t value);
void out_digits(struct out *out, uint64_t value, int width);
void out_quoted(struct out *out, const char *text);

/* A key, after a comma unless it is the first of its object. */
void out_key(struct out *out, const char *key);

#endif
