/* A command that is refused in the Redis's place (sim/faults/refuse_command.c), as bytes.
 *
 * So that the order of answers is kept whatever else is under way, it goes to the Redis as a
 * command that none knows, as long as the one that it stands for; and what the Redis says of that
 * gets the words of the error. */
#ifndef HUSTINGS_RELAY_REFUSED_H
#define HUSTINGS_RELAY_REFUSED_H

#include "sim/faults/fault.h"
#include "sim/resp/message.h"

/* Longer than any error. */
#define REFUSED_ERROR 160

/* Writes it in the command's place. False: it has not that length, and nothing was written. */
bool refused_write(uint8_t error, char *bytes, size_t size);

/* Whether an answer is to such a command: then the answer that its sender is to get, of which the
 * size is returned; else 0. */
size_t refused_answer(const struct resp_item *answer, char out[REFUSED_ERROR]);

#endif
