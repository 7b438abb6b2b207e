/* Words: how the terminal names processes, times and numbers. Pure text, no escapes, ASCII only.
 * Returned by value, to be used within a printf. */
#ifndef HUSTINGS_TERMINAL_WORDS_H
#define HUSTINGS_TERMINAL_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "sim/outcome/outcome.h"

#define WORD_SIZE 48

struct word {
    char text[WORD_SIZE];
};

/* "node 3", "the master", "nobody". */
struct word word_who(int32_t id);

/* Numbers as in sim/history/text.h. Milliseconds without the unit: "212.4", "-" for NEVER_NS,
 * "never" for FOREVER_NS. */
struct word word_ms(int64_t ns);

/* With the unit: "212.4 ms", "12.3 s". */
struct word word_time(int64_t ns);

/* The clock of the picture, which runs: "3.0 s". A moment that stays on the screen: "3.012 s". */
struct word word_clock(int64_t ns);
struct word word_at(int64_t ns);

/* "1 trial", "1,000 trials". */
struct word word_count(uint64_t count, const char *one);

/* What made an election due: "start", "crash node 3". */
struct word word_cause(uint8_t cause, int32_t node);

#endif
