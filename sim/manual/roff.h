/* Text for `man`, in the language mdoc: what the pages are made of, whoever writes them. */
#ifndef HUSTINGS_MANUAL_ROFF_H
#define HUSTINGS_MANUAL_ROFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The day on which the pages were last read as a whole. That of the build would make other bytes of
 * the same sources. */
#define ROFF_DAY "November 30, 2026"

#define ROFF_PROGRAM "hustings"

struct roff {
    FILE *out;
    size_t column; /* where a line of the source stands */
    bool bold;     /* within backticks */
};

/* Puts so much of a text so that roff takes nothing in it for more than text, but for backticks:
 * between them it is bold. */
void roff_escaped(struct roff *page, const char *text, size_t length);

/* A paragraph, as of markup.h: each sentence begins a line, as mdoc wants it. */
void roff_text(struct roff *page, const char *text);

/* Several of them. `first`: no other stands before them. */
void roff_paragraphs(struct roff *page, const char *text, bool first);

/* A list of names and what is said of each: roff_item(), and text behind it. `macro` is what the
 * name is, such as " Ar". */
void roff_begin_list(struct roff *page);
void roff_item(struct roff *page, const char *macro, const char *name);
void roff_end_list(struct roff *page);

/* Lines that stand as they are, with `$0` for the program. */
void roff_literal(struct roff *page, const char *text);

#endif
