/* Where one was in the course: a line for each lesson that was run, with what was predicted. It is
 * kept in $XDG_STATE_HOME/hustings/course, or ~/.local/state/hustings/course. */
#ifndef HUSTINGS_CLI_COURSE_STATE_H
#define HUSTINGS_CLI_COURSE_STATE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/cli/lessons.h"

struct course_state {
    char path[PATH_MAX];         /* "": there is no place for it */
    bool is_new;                 /* there was no such file yet */
    char predicted[LESSONS_MAX]; /* by the place of the lesson: its letter; '\0': not yet */
};

/* Reads it. What is in the file and is no line of ours is passed over. */
void course_state_read(struct course_state *state, const struct lessons *lessons);

/* Notes a prediction, and writes the file. False with one line in `error`: it is noted for now, but
 * will be forgotten. */
bool course_state_note(struct course_state *state, const struct lessons *lessons, size_t lesson,
                       char letter, char *error, size_t error_size);

/* Forgets all. False with one line in `error`. */
bool course_state_reset(struct course_state *state, char *error, size_t error_size);

#endif
