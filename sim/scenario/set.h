/* Values of a scenario, set from outside: `--set lock.token.ttl=500ms`.
 *
 *     lock: token    # as redis-py     ─▶     lock: {token: {ttl: 500ms}}    # as redis-py
 *
 * The key is the way to the value through the file: keys, and in a list the number of an entry,
 * from 1 (faults.1.for). What stands there is replaced, what does not is put in, and every other
 * byte stays as it is. So the text of the scenario (scenario->text) is one that has the values,
 * whoever reads it.
 */
#ifndef HUSTINGS_SCENARIO_SET_H
#define HUSTINGS_SCENARIO_SET_H

#include <stdio.h>

#include "sim/scenario/scenario.h"

#define SETS_MAX 64

/* "KEY=VALUE", as typed; borrowed. A later one wins over an earlier one. */
struct set_words {
    const char *const *words;
    size_t count; /* at most SETS_MAX */
};

/* Loads a file with values set; without any it is scenario_load(). False after saying what is wrong
 * on `said`: a line for each problem, which names the value that is to blame, where it is known. */
bool scenario_load_set(const char *path, const struct set_words *sets, struct scenario *scenario,
                       FILE *said);

/* The same for bytes in memory. */
bool scenario_parse_set(const char *path, const char *bytes, size_t length,
                        const struct set_words *sets, struct scenario *scenario, FILE *said);

/* The text with one value set, which may be no good scenario; the caller's to free(). NULL with one
 * line in `why`. `*from` and `*to`: where what was put in stands in it. */
char *set_value(const char *bytes, size_t length, const char *word, size_t *out_length,
                size_t *from, size_t *to, char *why, size_t why_size);

#endif
