/* The manual of the command line, made of the verbs' tables (verb.h): on the screen, as pages of
 * `man`, as Markdown, and for the shells that complete words. */
#ifndef HUSTINGS_MANUAL_MANUAL_H
#define HUSTINGS_MANUAL_MANUAL_H

#include <stdio.h>

#include "sim/manual/verb.h"

/* What a manual is made of. The table of the program itself is one without a name. */
struct book {
    const struct verb *program;
    const struct verb *const *verbs; /* in the order in which they are listed; ends with NULL */
};

/* Prints a verb's help on standard output, as wide as the screen lets it be: --help. Commands in it
 * are such as can be typed here: `program` is the name that we were called by. */
void manual_help(const char *program, const struct verb *verb);

/* Each writes to a file, and leaves it to the caller to look whether that went well. */

/* The page of a verb, or of the program, for `man`: hustings-run(1), hustings(1). */
void manual_man(const struct book *book, const struct verb *verb, FILE *out);

/* All of it as one page of Markdown; or of one verb, if `verb` is not NULL. */
void manual_markdown(const struct book *book, const struct verb *verb, FILE *out);

/* What completes words in a shell. */
void manual_bash(const struct book *book, FILE *out);
void manual_zsh(const struct book *book, FILE *out);
void manual_fish(const struct book *book, FILE *out);

#endif
