/* What `hustings matrix` was asked for. */
#ifndef HUSTINGS_CLI_MATRIX_OPTIONS_H
#define HUSTINGS_CLI_MATRIX_OPTIONS_H

#include "sim/cli/grid_options.h"
#include "sim/cli/plan_words.h"
#include "sim/matrix/matrix.h"

struct matrix_asked {
    const char *program;
    const char *against, *into, *cell; /* `into` and `cell` may be NULL */
    const char *redis_server;
    struct grid_asked grid;
    struct move_options move; /* trials, seed */
    char *const *paths;       /* of the stories … */
    size_t path_count;        /* … 0: the catalogue that is shipped */
    uint32_t jobs;
    bool fail_fast, allow_exec;
    struct grid_texts texts; /* as given */
};

/* Reads the command line. OPTIONS_GOOD or the exit code to end with. `merging`: shards are not
 * asked for, whatever the environment says. */
int matrix_options(struct matrix_asked *asked, int argc, char **argv, bool merging);

/* What plan.txt says of it; it borrows what `asked` has. */
struct plan_of matrix_plan(const struct matrix_asked *asked);

#endif
