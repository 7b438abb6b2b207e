/* A combination that is a file: a program, or keys of a scenario that stand in place of the
 * story's. So a story can be put to a program of one's own, such as a worker for a library.
 *
 *     program: [python3, redis-py.py]       # counted from the file's folder
 *     lock_key: "{key}"
 */
#ifndef HUSTINGS_MATRIX_FRAGMENT_H
#define HUSTINGS_MATRIX_FRAGMENT_H

#include <stdio.h>

#include "sim/scenario/scenario.h"

struct fragment {
    char *text, *path; /* owned: fragment_free() */
    bool programs;     /* the members are programs */
    uint64_t number;   /* for what these are: scenario_programs() */
    struct settings settings;
    bool named[OWNERS][PARAMS_MAX]; /* parameters that it names */
};

/* Takes a program, by its path, for a file that says `program: [PATH]`. Likewise. */
bool fragment_of_program(const char *path, struct fragment *out, char *why, size_t size);

/* Reads it. False with one line in `why`. */
bool fragment_read(const char *path, struct fragment *out, char *why, size_t size);

void fragment_free(struct fragment *fragment);

/* Whether a key of a story falls away, since it is about the story's programs, or the fragment has
 * it, or has programs of its own. `fragment`: NULL, there is none. */
bool fragment_replaces(const struct fragment *fragment, const char *key);

/* Writes its keys, but for those that the settings say. False: memory is out. */
bool fragment_write(const struct fragment *fragment, FILE *file);

#endif
