/* The options of whatever runs a grid of cells. See grid_options.h. */
#include "sim/cli/grid_options.h"

#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/hosts.h"
#include "sim/cli/option.h"
#include "sim/scenario/scenario.h"
#include "sim/text/clean.h"

static int read_shard(struct grid_asked *grid, const char *text, const char *program,
                      const char *verb)
{
    char error[600];
    bool by_itself = text && strcmp(text, "auto") == 0;
    if (text && !by_itself) {
        return shard_parse(text, &grid->shard)
                   ? OPTIONS_GOOD
                   : option_wrong(program, verb, "shard", text,
                                  "give I/N with I from 1 to N, such as 3/8, or auto");
    }
    if (!shard_from_environment(&grid->shard, &grid->shard_from, error, sizeof error)) {
        clean_line(stderr, "hustings %s: %s", verb, error);
        return EXIT_USAGE;
    }
    if (by_itself && !grid->shard_from) {
        return option_wrong(program, verb, "shard", text,
                            "no job of Slurm, Kubernetes or Open MPI says which shard this is; "
                            "give I/N, such as 3/8");
    }
    return OPTIONS_GOOD;
}

int grid_options(struct grid_asked *grid, const struct grid_texts *texts, const char *program,
                 const char *verb, bool whole)
{
    grid->host = host_find(texts->host);
    grid->undecided_passes = texts->undecided == 1;
    if (!grid->host) {
        return option_wrong(program, verb, "on", texts->host,
                            "there is no such host; give model or processes");
    }
    if (texts->time && (!duration_parse(texts->time, &grid->for_ns) || grid->for_ns == 0)) {
        return option_wrong(program, verb, "for", texts->time,
                            "give a time with a unit, such as 30s or 5m");
    }
    grid->shard = shard_all();
    return whole ? OPTIONS_GOOD : read_shard(grid, texts->shard, program, verb);
}
