/* The key that a command names first: SET k v, EVALSHA digest 1 k tok, XREAD COUNT 2 STREAMS s 0.
 *
 * Most commands have it behind their name. Those that have it elsewhere, and those that have none,
 * are rows of keys.c. How to add one: a row there, a line in tests/unit/resp/test_keys.c.
 *
 * Pure: no clock, no socket, no heap. */
#ifndef HUSTINGS_RESP_KEYS_H
#define HUSTINGS_RESP_KEYS_H

#include "sim/resp/message.h"

/* NULL: it has none, or it is not among what is kept of the command. */
const struct resp_item *resp_first_key(const struct resp_message *command);

#endif
