/* Shards that become one: `hustings merge DIR...`.
 *
 * A grid leaves in its folder, beside cells.txt, the file plan.txt: the command line that says what
 * it is, a word a line, without what has no say in the result (--jobs, --shard, --into). merge
 * calls the verb with these words and with the folders whose cells are to be taken: so the verb
 * does what it does when all its cells are finished. Files are read from the copies of them that a
 * shard has: inputs.h. */
#ifndef HUSTINGS_CLI_MERGE_H
#define HUSTINGS_CLI_MERGE_H

#include <stdbool.h>
#include <stddef.h>

struct grid;
struct grid_plan;

/* What a verb is to take instead of running; NULL: nothing. */
struct merged {
    char *const *folders;
    size_t count;
    const char *into; /* the folder of the whole */
};

/* Whether the shards, and a result that is in `into`, are of this plan, whose number for programs
 * is set to theirs. Else says so in one line on stderr. */
bool merge_fits(const struct merged *merged, struct grid_plan *plan);

/* Says in one line on stderr which cells ("points") are missing, and what to run for them. */
void merge_missing(const struct merged *merged, const struct grid *grid, const char *cells);

/* A verb whose shards can be merged. How to add one: its function here, a row in merge.c. */
int sweep_with(const char *program, int argc, char **argv, const struct merged *merged);
int matrix_with(const char *program, int argc, char **argv, const struct merged *merged);
int run_with(const char *program, int argc, char **argv, const struct merged *merged);

#endif
