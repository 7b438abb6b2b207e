/* What all who run a grid of cells are asked for: `hustings matrix` and `hustings sweep`. */
#ifndef HUSTINGS_CLI_GRID_OPTIONS_H
#define HUSTINGS_CLI_GRID_OPTIONS_H

#include <stdbool.h>

#include "sim/grid/shard.h"
#include "sim/host/host.h"

struct grid_asked {
    const struct host_row *host;
    struct shard shard;
    const char *shard_from; /* the variable that says so; NULL: the command line, or none */
    int64_t for_ns;         /* begin no cell after so long; 0: no bound */
    bool undecided_passes;
};

/* As they stand on the command line; NULL: they do not. */
struct grid_texts {
    const char *host, *shard, *time;
    int undecided; /* 0: fail, 1: pass */
};

/* Takes what the texts mean. `whole`: no shard is asked for, whatever the environment says.
 * OPTIONS_GOOD, or the exit code to end with; then a line was printed. */
int grid_options(struct grid_asked *grid, const struct grid_texts *texts, const char *program,
                 const char *verb, bool whole);

#endif
