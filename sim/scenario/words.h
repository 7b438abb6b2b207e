/* The words that a scenario may use, and what somebody probably meant by another one.
 *
 * A vocabulary is a list of words; a word's place in it is its value (a row of a table, or an
 * enum). Those that stand for tables read the tables, so a new protocol, lock, check or fault is
 * known here at once.
 */
#ifndef HUSTINGS_SCENARIO_WORDS_H
#define HUSTINGS_SCENARIO_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct vocabulary {
    const char *what; /* "a protocol" */
    /* The word of an index, or NULL behind the last one. */
    const char *(*word)(const void *context, size_t index);
    const void *context;
};

/* The index of a word, or -1. */
int words_find(const struct vocabulary *vocabulary, const char *text);

/* The word that is so near to `text` that it was probably meant, or NULL. */
const char *words_nearest(const struct vocabulary *vocabulary, const char *text);

/* Whether a text is one of "a|b|c". Capital letters are taken for small ones, and a hyphen for an
 * underscore. */
bool words_among(const char *text, const char *words);

/* Writes "one of a, b, c", as many as fit, into `out`; returns it. */
char *words_list(const struct vocabulary *vocabulary, char *out, size_t size);

/* Writes "did you mean …?" or, where nothing is near, "write one of …" into `out`; returns it. */
char *words_suggest(const struct vocabulary *vocabulary, const char *text, char *out, size_t size);

/* `word` of a vocabulary whose context is an array of strings that ends with NULL. */
const char *words_of_array(const void *array, size_t index);

extern const struct vocabulary words_checks;
extern const struct vocabulary words_targets;     /* by enum target_kind; 0 is "master" */
extern const struct vocabulary words_flags;       /* false, true */
extern const struct vocabulary words_persistence; /* by enum persistence */
extern const struct vocabulary words_frequencies; /* by enum frequency */
extern const struct vocabulary words_verdicts;    /* by enum verdict */

#endif
