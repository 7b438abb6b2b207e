/* The lessons of the course: the scenarios of scenarios/course/ that ask something. */
#ifndef HUSTINGS_CLI_LESSONS_H
#define HUSTINGS_CLI_LESSONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/scenario/lesson.h"
#include "sim/scenario/scenario.h"

#define LESSONS_MAX 64

struct lessons {
    struct scenario list[LESSONS_MAX]; /* in the order of their files' names; each has a lesson */
    size_t count;
};

/* Loads all of them. False with one line in `error`; then there are none. */
bool lessons_load(struct lessons *lessons, const char *program, char *error, size_t error_size);

/* Loads one file, of the course or of one's own, as the only lesson. False as above. */
bool lessons_load_file(struct lessons *lessons, const char *path, char *error, size_t error_size);

void lessons_free(struct lessons *lessons);

/* The place of the lesson that is called so: "5", "05", "the-lock-expires", "05-the-lock-expires",
 * and these with "course/" before them. -1: none. */
int lessons_find(const struct lessons *lessons, const char *word);

/* What a lesson is called: its title in the language, or its name in words. Returns `out`. */
char *lesson_title(const struct scenario *lesson, enum language language, char *out, size_t size);

/* The right choice's letter. */
char lesson_right(const struct scenario *lesson);

#endif
