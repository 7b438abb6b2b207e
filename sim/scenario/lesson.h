/* What a scenario asks of whoever is about to run it: the keys `ask`, `answer`, `cure` and `texts`.
 * `hustings course` leads through such files. Nothing of it has to do with how the scenario runs.
 */
#ifndef HUSTINGS_SCENARIO_LESSON_H
#define HUSTINGS_SCENARIO_LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LESSON_CHOICES_MAX 6

/* The languages that a lesson's texts may be in; the first is that of the file itself. */
enum language { LANGUAGE_ENGLISH, LANGUAGE_CHINESE, LANGUAGES };
extern const char *const language_names[]; /* "en", "zh"; ends with NULL */

/* Owned texts; NULL: not said in this language. */
struct lesson_texts {
    char *title; /* in English: that of the file's name */
    char *about;
    char *question;
    char *choices[LESSON_CHOICES_MAX]; /* a, b, c, … */
    char *why;                         /* of the answer */
    char *cure_why;
};

struct lesson {
    uint32_t choice_count;
    uint32_t right;    /* the choice that comes true, from 0 */
    char *cure_file;   /* owned; as the file says it, seen from its folder; NULL: no cure */
    char *cure_change; /* owned; the one change, as one writes it in the file */
    struct lesson_texts texts[LANGUAGES];
};

/* Frees it and what it owns. NULL is allowed. */
void lesson_free(struct lesson *lesson);

struct scenario;

/* Where the scenario with the one change lies, seen from here: `scenario` has a lesson with a cure.
 * False: the path is too long. */
bool lesson_cure_path(const struct scenario *scenario, char *path, size_t size);

/* The texts in a language; each that is not said in it is said in English. Borrowed. */
struct lesson_texts lesson_words(const struct lesson *lesson, enum language language);

#endif
