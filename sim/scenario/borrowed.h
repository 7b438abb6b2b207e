/* Words that people bring along from other tools, and what they are here.
 *
 *     "kill": unknown key; hustings says crash: {at: 2s, crash: 3, for: 1s}
 *
 * How to add a word: into the row of borrowed.c with what it means here, or one of its own. Small
 * letters and underscores: capitals and hyphens are taken for the same. tests/unit/test_borrowed.c
 * lints the example in each row.
 */
#ifndef HUSTINGS_SCENARIO_BORROWED_H
#define HUSTINGS_SCENARIO_BORROWED_H

#include "sim/scenario/words.h"

/* Where a word may stand, as bits. */
enum borrowed_place {
    IN_FAULT = 1,  /* a key of an entry of `faults` */
    IN_TARGET = 2, /* whom a fault hits, or `who` */
    IN_KEYS = 4,   /* any other key */
    IN_VALUES = 8  /* one of several words: a lock, a status, a check, … */
};

struct borrowed_row {
    const char *words; /* "kill|sigkill": all that mean this */
    unsigned places;   /* bits of enum borrowed_place */
    const char *hint;  /* what to write instead, with a line that can be copied */
};

/* Ends with a row without words. */
extern const struct borrowed_row borrowed_rows[];

/* What to write instead of a word, or NULL: it is not one that people bring along. */
const char *borrowed_find(enum borrowed_place place, const char *text);

/* As words_suggest(), but what people bring along is known first. */
char *borrowed_suggest(enum borrowed_place place, const struct vocabulary *vocabulary,
                       const char *text, char *out, size_t size);

/* What a word may mean among the parameters of a protocol or a lock: the `index`th name that some
 * of them have for it, or NULL. */
const char *borrowed_param(const char *text, size_t index);

/* What to write instead of a fault that cannot aim at that target, by their names ("pause",
 * "redis"; a process: "3"), or NULL. */
const char *borrowed_aim(const char *fault, const char *target);

#endif
