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

struct grid_plan;

/* What a verb is to take instead of running; NULL: nothing. */
struct merged {
    char *const *folders;
    size_t count;
    const char *into; /* the folder of the whole */
};

/* What a verb makes of its cells. */
struct merge_makes {
    const char *cells;          /* what they are called: "points" */
    const char *const *written; /* the names of what it writes in the folder, and then NULL */
};

/* Looks, before anything is written, whether the shards, and a result that is in `into`, are of
 * this plan, whose number for programs is set to theirs; whether nothing else is there of what will
 * be written; and whether no cell is missing. EXIT_HELD, or the code to end with: of EXIT_USAGE one
 * line was said on stderr, of EXIT_WORLD it is in `error`. */
int merge_fits(const struct merged *merged, struct grid_plan *plan, const struct merge_makes *makes,
               char *error, size_t size);

/* Whether `into` has cells of its own and is none of the folders: these count, too, and the verb is
 * to take them. */
bool merge_counts_into(const struct merged *merged);

/* A verb whose shards can be merged. How to add one: its function here, a row in merge.c. */
int sweep_with(const char *program, int argc, char **argv, const struct merged *merged);
int matrix_with(const char *program, int argc, char **argv, const struct merged *merged);
int run_with(const char *program, int argc, char **argv, const struct merged *merged);

#endif
