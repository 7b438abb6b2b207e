/* What the shells that complete words have in common. */
#ifndef HUSTINGS_MANUAL_WORDS_H
#define HUSTINGS_MANUAL_WORDS_H

#include <stdio.h>

#include "sim/manual/verb.h"

/* Puts the words that are offered for a row's value, with a space between; whether there are any.
 */
bool words_has(const struct option_row *row);
void words_put(const struct option_row *row, FILE *out);

/* Puts the arguments of a verb that are typed as they are: topics, "list". */
void words_put_typed(const struct verb *verb, FILE *out);

/* Whether a verb has such an argument. */
bool words_has_typed(const struct verb *verb);

/* What the other arguments of a verb are, of which one kind is completed; TAKES_ANY: nothing. */
enum takes words_take(const struct verb *verb);

/* A text that is one word of a shell, in single quotes: without the marks of markup.h, and with a
 * backslash before each of the characters in `escaped`. */
void words_put_quoted(const char *text, const char *escaped, FILE *out);

#endif
