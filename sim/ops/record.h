/* Records on the wire, and the script by which they are compared and set whole: what the operations
 * on a record have in common.
 *
 *     {"holder": "32 hex digits, or none", "leaseMs": 15000, "acquire": 41, "renew": 97,
 *      "transitions": 3}
 *
 * as json.dumps writes it, on one line. What is spelt otherwise is not read, since it could not be
 * compared: it is somebody's record, of whom we know nothing. */
#ifndef HUSTINGS_OPS_RECORD_H
#define HUSTINGS_OPS_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/ops/op.h"
#include "sim/ops/store.h"

/* Room for the longest record and its end. */
#define RECORD_TEXT 160

/* Whether what is written can be read again: a duration, whole numbers that every reader of JSON
 * takes for what they are, and one more grant and renewal to come. */
static inline bool record_is_readable(const struct lease_record *record)
{
    return record->lease_ms > 0 && record->acquire_ms <= TERM_MAX && record->renew_ms < TERM_MAX &&
           record->transitions > 0 && record->transitions < UINT32_MAX;
}

/* Writes it; returns its length. */
size_t record_text(const struct lease_record *record, char text[RECORD_TEXT]);

/* Reads one. False: it is none, or is spelt in another way. */
bool record_parse(const char *text, size_t length, struct lease_record *record);

/* KEYS[1] is set to ARGV[2] and ARGV[3] is the answer, if it is ARGV[1]; "" if nothing is there. */
extern const struct op_script record_script;

/* ARGV of a request that writes `to`, and is answered with `answer` if it does. */
void record_encode(const struct request *request, const struct lease_record *to, uint32_t answer,
                   struct op_words *words);

/* Whether the record is what the request compares it with. */
bool record_is_found(const struct keyspace *keys, const struct request *request);

/* What the script does. */
void record_apply(const struct keyspace *keys, const struct request *request,
                  const struct lease_record *to, struct reply *reply, uint32_t answer);

#endif
