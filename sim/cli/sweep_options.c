/* The command line of `hustings sweep`. See sweep_options.h. */
#include "sim/cli/sweep_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/hosts.h"
#include "sim/cli/session.h"
#include "sim/results/shipped.h"
#include "sim/sweep/edge.h"
#include "sim/system/processors.h"
#include "sim/text/clean.h"

static const char help[] =
    "Usage: $0 sweep [OPTION]... SCENARIO --set KEY=VALUES...\n"
    "Runs a scenario at every combination of values, and says what each costs, and which to "
    "choose:\n"
    "sweep.csv, sweep.svg and advice.txt in a folder of results.\n"
    "\n"
    "  --set KEY=VALUES     values of a key: a list, 500ms,1s,2s, or a range, 100ms..10s/log8 "
    "(eight,\n"
    "                       each so many times the last) or 3..9/4 (four, at equal distances);\n"
    "                       with one value it is set and does not vary\n"
    "  --sample N           N of the combinations, drawn by chance, instead of all\n"
    "  --on HOST            model (default) or processes\n"
    "  --trials N           trials of each point (default: 200 on model, 10 on processes)\n"
    "  --seed N             the seed of trial 1 of each point, instead of the scenario's\n"
    "  --confirm N          trials that confirm what is recommended, on the model (default 10000;\n"
    "                       0: none)\n"
    "  --jobs N             so many at a time (default: as many as there are processors)\n"
    "  --latency FILE       the model's machine, as $0 calibrate measured it\n"
    "  --into DIR           the folder of results itself; if there are finished points of the "
    "same\n"
    "                       sweep in it, it goes on with the others\n"
    "  --shard I/N          only the Ith of N parts, into DIR/shard-I-of-N; $0 merge puts\n"
    "                       them together. Without it, what Slurm (SLURM_ARRAY_TASK_ID), a\n"
    "                       Kubernetes Indexed Job (JOB_COMPLETION_INDEX with HUSTINGS_SHARDS) or\n"
    "                       Open MPI (OMPI_COMM_WORLD_RANK) say in the environment\n"
    "  --fail-fast          stop at the first point with a broken expectation, with exit 1\n"
    "  --undecided WHAT     with --fail-fast: whether an undecided trial is a fail (exit 4, "
    "default)\n"
    "                       or a pass\n"
    "  --for TIME           begin no point after this time, 30s or 5m; give the command again "
    "with\n"
    "                       --into to go on\n"
    "  --cell N             print the command that runs point N alone, and end\n"
    "  --redis-server PROG, --allow-exec   as of $0 run\n"
    "  --quiet              only where the files are\n"
    "  -h, --help\n"
    "\n"
    "Example: $0 sweep scenarios/catalogue/leader-stalls.yaml --set \\\n"
    "    'protocol.lease.duration=2s,4s,8s' --trials 100\n"
    "\n"
    "Exit: 0 all points were run, 1 and 4 only with --fail-fast, 2 wrong usage or scenario, 3 the\n"
    "world failed, 5 the time was over, 130 interrupted.\n";

/* What the texts mean, and what is taken unless said. */
static int read_texts(struct sweep_asked *asked, const struct grid_texts *texts, bool merging)
{
    int code = grid_options(&asked->grid, texts, asked->program, "sweep", merging);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (asked->trials == 0) {
        asked->trials = asked->grid.host->virtual_time ? 200 : 10;
    }
    if (asked->latency && !asked->grid.host->virtual_time) {
        return option_wrong(asked->program, "sweep", "latency", asked->latency,
                            "real processes take the time that they take; leave it out");
    }
    return OPTIONS_GOOD;
}

int sweep_options(struct sweep_asked *asked, int argc, char **argv, bool merging)
{
    struct grid_texts texts = {.host = "model"};
    asked->jobs = processors(JOBS_MAX);
    asked->confirm = EDGE_TRIALS;
    const struct option_row rows[] = {
        {.name = "set", .kind = OPTION_LIST, .into = &asked->sets},
        {.name = "sample", .kind = OPTION_COUNT, .into = &asked->sample, .low = 1, .high = 1000000},
        {.name = "on", .kind = OPTION_TEXT, .into = &texts.host},
        {.name = "trials",
         .kind = OPTION_COUNT,
         .into = &asked->trials,
         .low = 1,
         .high = TRIALS_MAX},
        {.name = "seed",
         .kind = OPTION_NUMBER,
         .into = &asked->seed,
         .given = &asked->has_seed,
         .high = UINT64_MAX},
        {.name = "confirm", .kind = OPTION_COUNT, .into = &asked->confirm, .high = TRIALS_MAX},
        {.name = "jobs", .kind = OPTION_COUNT, .into = &asked->jobs, .low = 1, .high = JOBS_MAX},
        {.name = "latency", .kind = OPTION_TEXT, .into = &asked->latency},
        {.name = "into", .kind = OPTION_TEXT, .into = &asked->into},
        {.name = "shard", .kind = OPTION_TEXT, .into = &texts.shard},
        {.name = "fail-fast", .kind = OPTION_FLAG, .into = &asked->fail_fast},
        {.name = "undecided", .kind = OPTION_WORD, .into = &texts.undecided, .words = "fail|pass"},
        {.name = "for", .kind = OPTION_TEXT, .into = &texts.time},
        {.name = "cell", .kind = OPTION_COUNT, .into = &asked->cell, .low = 1, .high = 1000000},
        {.name = "redis-server", .kind = OPTION_TEXT, .into = &asked->redis_server},
        {.name = "allow-exec", .kind = OPTION_FLAG, .into = &asked->allow_exec},
        {.name = "quiet", .kind = OPTION_FLAG, .into = &asked->quiet},
        {0}};
    int code = options_read(asked->program, argc, argv, rows, help);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind + 1 != argc || asked->sets.count == 0) {
        fprintf(stderr, "hustings sweep: %s\n",
                optind == argc       ? "which scenario?"
                : optind + 1 != argc ? "one scenario at a time; for many there is matrix"
                                     : "what is to vary? give --set KEY=V1,V2");
        return cli_try(asked->program, "sweep");
    }
    asked->word = argv[optind];
    asked->path = shipped_named(asked->program, asked->word, asked->found, sizeof asked->found);
    return read_texts(asked, &texts, merging);
}

char *sweep_plan_text(const struct sweep_asked *asked, size_t *length)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    if (!file) {
        return NULL;
    }
    fprintf(file, "sweep\n--on\n%s\n--trials\n%" PRIu32 "\n--confirm\n%" PRIu32 "\n",
            asked->grid.host->name, asked->trials, asked->confirm);
    if (asked->has_seed) {
        fprintf(file, "--seed\n%" PRIu64 "\n", asked->seed);
    }
    if (asked->sample > 0) {
        fprintf(file, "--sample\n%" PRIu32 "\n", asked->sample);
    }
    if (asked->latency) {
        fprintf(file, "--latency\n%s\n", asked->latency);
    }
    for (size_t i = 0; i < asked->sets.count; i++) {
        fprintf(file, "--set\n%s\n", asked->sets.words[i]);
    }
    fprintf(file, "--\n%s\n", asked->word);
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
