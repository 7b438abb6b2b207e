/* The command line of `hustings matrix`. See matrix_options.h. */
#include "sim/cli/matrix_options.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/cli.h"
#include "sim/cli/hosts.h"
#include "sim/cli/offers.h"
#include "sim/cli/option.h"
#include "sim/cli/session.h"
#include "sim/system/processors.h"
#include "sim/text/clean.h"

/* What the texts mean, and what is taken unless said. */
static int take_texts(struct matrix_asked *asked, bool merging)
{
    int code =
        grid_options(&asked->grid, &asked->texts, asked->program, "matrix", merging || asked->cell);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (asked->move.trials == 0) {
        asked->move.trials = asked->grid.host->virtual_time ? 100 : 3;
    }
    return OPTIONS_GOOD;
}

static const struct option_row rows[] = {
    {.name = "against",
     .kind = OPTION_TEXT,
     .at = offsetof(struct matrix_asked, against),
     .offers = offer_combinations,
     .value = "LIST",
     .help = "the combinations, separated by commas",
     .more = "`PROTOCOL+LOCK` or `PROTOCOL+LOCK+fencing`; parameters stand behind a colon, as in "
             "`lease:on_renew_failure=go_on+token:ttl=1s`. `own` is what each story has; `all` is "
             "own, and every pair with every default. `FILE.yaml` has keys of a scenario, such as "
             "`program: [python3, mine.py]`. `./mine.py`, a path with a slash, is a program",
     .usual = "all"},
    {.name = "on",
     .kind = OPTION_TEXT,
     .at = offsetof(struct matrix_asked, texts.host),
     .words = "model|processes",
     .value = "HOST",
     .help = "where it runs",
     .usual = "model"},
    {.name = "trials",
     .kind = OPTION_COUNT,
     .at = offsetof(struct matrix_asked, move.trials),
     .low = 1,
     .high = TRIALS_MAX,
     .value = "N",
     .help = "run each cell N times",
     .usual = "100 on the model, 3 on processes"},
    {.name = "seed",
     .kind = OPTION_NUMBER,
     .at = offsetof(struct matrix_asked, move.seed),
     .given = offsetof(struct matrix_asked, move.has_seed),
     .high = UINT64_MAX,
     .value = "N",
     .help = "the seed of trial 1, instead of the story's"},
    {.name = "jobs",
     .kind = OPTION_COUNT,
     .at = offsetof(struct matrix_asked, jobs),
     .low = 1,
     .high = JOBS_MAX,
     .value = "N",
     .help = "run N cells side by side, on the model",
     .usual = "as many as there are processors"},
    {.name = "into",
     .kind = OPTION_TEXT,
     .at = offsetof(struct matrix_asked, into),
     .value = "DIR",
     .takes = TAKES_FOLDER,
     .help = "the results folder",
     .more = "Cells that are finished in it are not run again",
     .usual = "results/TIME-matrix-FOLDER"},
    {.name = "shard",
     .kind = OPTION_TEXT,
     .at = offsetof(struct matrix_asked, texts.shard),
     .value = "I/N",
     .help = "run only each Nth cell, beginning with the Ith",
     .more = "`$0 merge` puts the shards together. Without the option, a job of Slurm, of "
             "Kubernetes or of Open MPI says which shard it is: see Environment"},
    {.name = "for",
     .kind = OPTION_TEXT,
     .at = offsetof(struct matrix_asked, texts.time),
     .value = "TIME",
     .help = "begin no cell after this time, such as 5m"},
    {.name = "fail-fast",
     .kind = OPTION_FLAG,
     .at = offsetof(struct matrix_asked, fail_fast),
     .help = "begin no cell after one that breaks or blocks"},
    {.name = "undecided",
     .kind = OPTION_WORD,
     .at = offsetof(struct matrix_asked, texts.undecided),
     .words = "fail|pass",
     .value = "WHAT",
     .help = "what a cell counts as that cannot be decided",
     .more = "To fail means exit 4",
     .usual = "fail"},
    {.name = "cell",
     .kind = OPTION_TEXT,
     .at = offsetof(struct matrix_asked, cell),
     .value = "NAME",
     .help = "run only this cell, STORY@COMBINATION, and print the command that shows it"},
    {.name = "allow-exec",
     .kind = OPTION_FLAG,
     .at = offsetof(struct matrix_asked, allow_exec),
     .help = "let the combinations start the programs that they name",
     .more = "Read them first: they do what they like, as you"},
    {.name = "redis-server",
     .kind = OPTION_TEXT,
     .at = offsetof(struct matrix_asked, redis_server),
     .value = "PROGRAM",
     .takes = TAKES_PROGRAM,
     .help = "the program of the Redis, as for `$0 run`"},
    {0}};

const struct verb verb_matrix = {
    .name = "matrix",
    .summary = "stories against protocols and locks: which breaks where",
    .usage = {"[OPTION]... [FOLDER | STORY]..."},
    .about =
        "Puts each story to each combination of a protocol and a lock, and shows which breaks "
        "where, and at what price. Without an argument it takes the catalogue of failures that "
        "is shipped.",
    .arguments = {{"STORY", TAKES_SCENARIO,
                   "a scenario file, or the name of one that comes with hustings"},
                  {"FOLDER", TAKES_ANY, "all scenarios *.yaml in it but the cures, *-cured.yaml"}},
    .rows = rows,
    .examples = {{NULL, "$0 matrix --against own,lease+token,lease+token+fencing"}},
    .exits = {{0, "no cell breaks or blocks; with --shard: all cells of the shard were run"},
              {1, "a cell breaks or blocks"},
              {2, "wrong usage, or a wrong scenario"},
              {3, "the world failed: no Redis, a full disk"},
              {4, "no cell breaks or blocks, but some could not be decided"},
              {5, "the time was over"},
              {130, "it was interrupted"}},
    .environment = {{"SLURM_ARRAY_TASK_ID", "which shard this is, in a job array of Slurm"},
                    {"JOB_COMPLETION_INDEX", "likewise in an Indexed Job of Kubernetes, with "
                                             "HUSTINGS_SHARDS: how many there are"},
                    {"OMPI_COMM_WORLD_RANK", "likewise under mpirun of Open MPI"}},
    .see = {"merge", "sweep", "run"},
};

int matrix_options(struct matrix_asked *asked, int argc, char **argv, bool merging)
{
    asked->texts = (struct grid_texts){.host = "model"};
    asked->against = "all";
    asked->jobs = processors(JOBS_MAX);
    int code = options_read(asked->program, argc, argv, &verb_matrix, asked);
    asked->paths = argv + optind;
    asked->path_count = code == OPTIONS_GOOD ? (size_t)(argc - optind) : 0;
    return code == OPTIONS_GOOD ? take_texts(asked, merging) : code;
}

struct plan_of matrix_plan(const struct matrix_asked *asked)
{
    return (struct plan_of){.verb = "matrix",
                            .host = asked->grid.host->name,
                            .against = asked->against,
                            .cell = asked->cell,
                            .trials = asked->move.trials,
                            .has_seed = asked->move.has_seed,
                            .seed = asked->move.seed,
                            .words = (const char *const *)asked->paths,
                            .word_count = asked->path_count};
}
