/* Words: how the terminal names processes, times and numbers. Pure text, no escapes, ASCII only.
 *
 * Every function writes at most `size` bytes with the final NUL and returns `out`.
 */
#ifndef HUSTINGS_TERMINAL_WORDS_H
#define HUSTINGS_TERMINAL_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "sim/outcome/outcome.h"

#define WORD_SIZE 48

/* "node 3", "the master", "nobody". */
char *word_who(int32_t id, char *out, size_t size);

/* Numbers as in sim/history/text.h. Milliseconds without the unit: "212.4", "-" for NEVER_NS,
 * "never" for FOREVER_NS. */
char *word_ms(int64_t ns, char *out, size_t size);

/* With the unit: "212.4 ms", "12.3 s". */
char *word_time(int64_t ns, char *out, size_t size);

/* The clock of the picture, which runs: "3.0 s". A moment that stays on the screen: "3.012 s". */
char *word_clock(int64_t ns, char *out, size_t size);
char *word_at(int64_t ns, char *out, size_t size);

/* "1 trial", "1,000 trials". */
char *word_count(uint64_t count, const char *one, char *out, size_t size);

/* What made an election due: "start", "crash node 3". */
char *word_cause(uint8_t cause, int32_t node, char *out, size_t size);

#endif
