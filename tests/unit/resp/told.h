/* What the reader keeps of messages, as text to compare. */
#ifndef HUSTINGS_TESTS_TOLD_H
#define HUSTINGS_TESTS_TOLD_H

#include "sim/resp/reader.h"

/* `SET k "a b"` of a command, `*2 :1 $abc` of an answer; a longer text shows its length and how its
 * digest begins, items that are not kept as `…`. Ends with a NUL. */
void tell_message(const struct resp_message *message, enum resp_side side, char *out, size_t room);

/* All messages of a stream that comes in portions of `portion` bytes, with "; " between them; a
 * message that has not ended shows as "(n)", what is broken as "!". Static. */
const char *tell_stream(enum resp_side side, const char *bytes, size_t size, size_t portion);

/* Reads the one message that these bytes are. */
void read_one(struct resp_reader *reader, enum resp_side side, const char *bytes);

#endif
