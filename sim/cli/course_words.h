/* What the course says by itself, in each of its languages; the lessons' texts are in their files.
 *
 * How to add a language: a row in `enum language` and `language_names` (scenario/lesson.h), its key
 * in scenarios/scenario.schema.json, a column in course_words.c, and texts in the lessons. */
#ifndef HUSTINGS_CLI_COURSE_WORDS_H
#define HUSTINGS_CLI_COURSE_WORDS_H

#include <stddef.h>

#include "sim/scenario/lesson.h"

enum course_word {
    SAY_LESSON,         /* number, of how many (size_t), title */
    SAY_OWN_LESSON,     /* title */
    SAY_PREDICT,        /* the last letter */
    SAY_NOT_ONE,        /* the last letter */
    SAY_ON_PROCESSES,   /* how often */
    SAY_ON_MODEL,       /* how often */
    SAY_NO_SERVER,      /* how often */
    SAY_ONCE,           /* nothing */
    SAY_TIMES,          /* how many (unsigned) */
    SAY_AS_PREDICTED,   /* letter */
    SAY_OTHERWISE,      /* letter, the right one, its text */
    SAY_WHY,            /* what stands before a reason */
    SAY_CURE,           /* nothing */
    SAY_CURE_PROMPT,    /* nothing */
    SAY_CURED,          /* nothing */
    SAY_NEXT_PROMPT,    /* number (size_t), title */
    SAY_LAST,           /* nothing */
    SAY_ALL_DONE,       /* nothing */
    SAY_STOPPED,        /* the program */
    SAY_REMEMBERED,     /* a path */
    SAY_NOT_REMEMBERED, /* why */
    SAY_FORGOTTEN,      /* nothing */
    SAY_UNLIKE,         /* a command */
    SAY_LISTED_NOT,     /* nothing */
    SAY_LISTED_RIGHT,   /* letter */
    SAY_LISTED_OTHER,   /* letter, the right one */
    SAY_SHEET_TITLE,    /* nothing */
    SAY_SHEET_INTRO,    /* nothing */
    SAY_SHEET_ANSWER,   /* letter */
    SAY_SHEET_CURE,     /* nothing */
    COURSE_WORDS
};

/* The text, with what belongs into it, as printf() does. Returns `out`. */
char *course_say(enum course_word word, enum language language, char *out, size_t size, ...);

/* The language that the environment asks for: LC_ALL, LC_MESSAGES, LANG. */
enum language course_language(void);

#endif
