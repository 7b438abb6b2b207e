/* What `hustings sweep` was asked for. */
#ifndef HUSTINGS_CLI_SWEEP_OPTIONS_H
#define HUSTINGS_CLI_SWEEP_OPTIONS_H

#include <limits.h>

#include "sim/cli/grid_options.h"
#include "sim/cli/option.h"
#include "sim/cli/plan_words.h"
#include "sim/sweep/sweep.h"

struct sweep_asked {
    const char *program;
    struct option_list sets;
    const char *word;     /* the scenario, as it was named; may be a shipped one's name … */
    const char *path;     /* … and where it lies */
    char found[PATH_MAX]; /* what `path` may be in */
    const char *into, *latency, *redis_server;
    struct grid_asked grid;
    uint32_t trials, sample, jobs, confirm, cell; /* `cell` from 1; 0: all. `confirm` 0: not */
    bool has_seed, fail_fast, allow_exec, quiet;
    uint64_t seed;
    struct grid_texts texts; /* as given */
};

/* Reads the command line. OPTIONS_GOOD or the exit code to end with. `merging`: shards are not
 * asked for, whatever the environment says. */
int sweep_options(struct sweep_asked *asked, int argc, char **argv, bool merging);

/* What plan.txt says of it; it borrows what `asked` has. */
struct plan_of sweep_plan(const struct sweep_asked *asked);

#endif
