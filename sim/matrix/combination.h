/* A combination: what is put to a story in place of what the story has: a protocol, a lock, their
 * parameters, whether the lock fences.
 *
 *     lease+token                                      every parameter has its default
 *     lease+token+fencing
 *     lease:on_renew_failure=go_on+token               parameters behind a colon, each after one
 *     article:decided_by=nodes+redlock:ttl=3s+servers=3
 *     own                                              what the story has: it is not moved
 *     redis-py.yaml                                    a file: fragment.h; it is called redis-py
 *     scenarios/libraries/redis-py.py                  a program, by a path with a slash in it
 *
 * Times that it does not name are the story's (move.h).
 */
#ifndef HUSTINGS_MATRIX_COMBINATION_H
#define HUSTINGS_MATRIX_COMBINATION_H

#include "sim/matrix/fragment.h"

#define COMBINATION_NAME 160
#define COMBINATIONS_MAX 64

struct combination {
    struct fragment file;           /* owned; its `text` is NULL: it is none */
    struct settings settings;       /* of any number of nodes; every default taken */
    char name[COMBINATION_NAME];    /* as written */
    bool named[OWNERS][PARAMS_MAX]; /* parameters that it names */
    bool own;                       /* what each story has; the rest is not set */
    uint8_t servers;                /* that it names; 0: none */
};

#define COMBINATION_WHY 600

/* Reads one; combination_free() it. False with a line in `why`: what is wrong with it, and how to
 * write it; there is nothing to be freed then. */
bool combination_read(const char *text, struct combination *out, char why[COMBINATION_WHY]);

void combination_free(struct combination *combination);

/* Reads a list of them, separated by commas, blanks as one likes, into `out`, which has room for
 * COMBINATIONS_MAX. "all" is "own", and every pair of a protocol and a lock that go together, with
 * fencing where that can be. Returns how many there are; 0, with a line in `why`: something is
 * wrong, and there is nothing to be freed. None is there twice.
 */
size_t combinations_read(const char *list, struct combination *out, char why[COMBINATION_WHY]);

#endif
