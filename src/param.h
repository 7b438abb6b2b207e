/* Parameters: what can be set of a protocol, a lock or a fault.
 *
 * A row says all that is to be known of one: its name, its type, its bounds and its default. The
 * loader, lint, the writer of plans, `hustings list`, the command line, the head of a history, the
 * schema and the manual's tables read this row and nothing else.
 *
 * How to add a parameter: one row in the list of its owner (`params` of the protocol's, lock's or
 * fault's row), at the end, and one name in the enum beside that list. Then `tests/scenarios/manual
 * --write` makes the schema and the manual's tables anew.
 */
#ifndef HUSTINGS_PARAM_H
#define HUSTINGS_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/names.h"

enum param_type {
    PARAM_NONE,     /* ends a list */
    PARAM_DURATION, /* ns; `words` may name a word for 0, such as "forever" */
    PARAM_SHIFT,    /* a duration in ns that may be negative: "-2s" */
    PARAM_NUMBER,   /* a whole number */
    PARAM_RATIO,    /* in thousandths; written as a decimal number: 1.2 */
    PARAM_FLAG,     /* 0 or 1; written false or true */
    PARAM_WORD      /* one of `words`; its place, from 0 */
};

struct param_row {
    const char *name;
    const char *summary;
    enum param_type type;
    bool required;     /* has no default */
    bool not_zero;     /* PARAM_NUMBER: 0 would do nothing, and is refused */
    int64_t fallback;  /* its default: ns, a number, 0 or 1, the place of a word */
    const char *words; /* PARAM_WORD: "master|nodes"; PARAM_DURATION: the word for 0, or NULL */
    int64_t low, high; /* bounds, both inclusive; both 0: 1us to 24h */
    int64_t unit;      /* PARAM_DURATION: only whole multiples of this; 0: any */
};

/* A PARAM_WORD's word at a place, into `out`. False, and an empty text, behind the last one. */
bool param_word(const struct param_row *param, size_t place, char *out, size_t size);

/* The place of a PARAM_WORD's word, or -1. */
int param_word_find(const struct param_row *param, const char *word);

/* The bounds of a duration or a number, both inclusive. A history may have any duration up to
 * param_high(): 0 for its word, or what a protocol sets a parameter of its lock to. */
int64_t param_low(const struct param_row *param);
int64_t param_high(const struct param_row *param);

#endif
