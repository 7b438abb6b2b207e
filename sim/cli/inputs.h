/* Copies of the files that a shard is made of, in its folder, so that it can be merged where these
 * are not, or are others by now:
 *
 *     inputs/1/scenario.yaml   the scenario; of a matrix its stories, in their order: 2/ …
 *     inputs/1/gc.log          the table of pauses that it names, if it lies beside or below it
 *     inputs/latency.json      --latency
 *     inputs/redis-py.yaml     a combination that is a file, or a program, as a file
 *
 * The digest in cells.txt tells a copy that somebody has changed.
 */
#ifndef HUSTINGS_CLI_INPUTS_H
#define HUSTINGS_CLI_INPUTS_H

#include "sim/matrix/matrix.h"

/* A folder's inputs that are being written; what fails is in `error`, and nothing is written
 * any more. */
struct inputs {
    const char *folder; /* of the shard */
    char *error;        /* one line; empty: all is well */
    size_t size;        /* of it */
};

void inputs_keep_scenario(struct inputs *inputs, size_t number, const char *text, size_t length);

/* The table of pauses of a scenario that was loaded from where it lies. Of one that it does not
 * have, or that lies elsewhere, nothing is kept. */
void inputs_keep_table(struct inputs *inputs, size_t number, const struct scenario *scenario);

/* The file of --latency; NULL: there is none. */
void inputs_keep_latency(struct inputs *inputs, const char *path);

/* All that a matrix is made of. */
void inputs_keep_matrix(struct inputs *inputs, const struct matrix *matrix);

/* Where they are in a shard; the caller's to free(). NULL: there is none, or memory is out. */
char *inputs_scenario(const char *folder, size_t number);
char *inputs_latency(const char *folder);

/* A list of combinations in which a file is named by its copy, if there is one; the caller's to
 * free(). NULL: memory is out. */
char *inputs_against(const char *folder, const char *list);

/* Whether a scenario still stands where it was typed, as it is in the copy. */
bool inputs_same(const char *typed, const char *text, size_t length);

/* Removes them. False: something of them is still there. */
bool inputs_remove(const char *folder);

#endif
