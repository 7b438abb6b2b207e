/* The command line of `hustings sweep`. See sweep_options.h. */
#include "sim/cli/sweep_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/hosts.h"
#include "sim/cli/named.h"
#include "sim/cli/offers.h"
#include "sim/cli/session.h"
#include "sim/results/shipped.h"
#include "sim/sweep/edge.h"
#include "sim/system/processors.h"
#include "sim/text/clean.h"

/* What the texts mean, and what is taken unless said. */
static int read_texts(struct sweep_asked *asked, bool merging)
{
    int code = grid_options(&asked->grid, &asked->texts, asked->program, "sweep", merging);
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

static const struct option_row rows[] = {
    {.name = "set",
     .kind = OPTION_LIST,
     .at = offsetof(struct sweep_asked, sets),
     .offers = offer_keys,
     .value = "KEY=VALUES",
     .help = "the values of a key; it must be given, once for each key",
     .more = "The key is the way to it through the file: `lock.token.ttl`. Values are a list, "
             "`500ms,1s,2s`, or a range: `100ms..10s/log8` is eight, each so many times the last; "
             "`3..9/4` is four at equal distances. A key with one value is set, and does not vary"},
    {.name = "sample",
     .kind = OPTION_COUNT,
     .at = offsetof(struct sweep_asked, sample),
     .low = 1,
     .high = 1000000,
     .value = "N",
     .help = "run N of the combinations, drawn by chance, instead of all"},
    {.name = "on",
     .kind = OPTION_TEXT,
     .at = offsetof(struct sweep_asked, texts.host),
     .words = "model|processes",
     .value = "HOST",
     .help = "where it runs",
     .usual = "model"},
    {.name = "trials",
     .kind = OPTION_COUNT,
     .at = offsetof(struct sweep_asked, trials),
     .low = 1,
     .high = TRIALS_MAX,
     .value = "N",
     .help = "run each point N times",
     .usual = "200 on the model, 10 on processes"},
    {.name = "seed",
     .kind = OPTION_NUMBER,
     .at = offsetof(struct sweep_asked, seed),
     .given = offsetof(struct sweep_asked, has_seed),
     .high = UINT64_MAX,
     .value = "N",
     .help = "the seed of trial 1 of each point, instead of the scenario's"},
    {.name = "confirm",
     .kind = OPTION_COUNT,
     .at = offsetof(struct sweep_asked, confirm),
     .high = TRIALS_MAX,
     .value = "N",
     .help = "confirm what is recommended by N trials on the model; 0: by none",
     .usual = "10000"},
    {.name = "jobs",
     .kind = OPTION_COUNT,
     .at = offsetof(struct sweep_asked, jobs),
     .low = 1,
     .high = JOBS_MAX,
     .value = "N",
     .help = "run N points side by side",
     .usual = "as many as there are processors"},
    {.name = "latency",
     .kind = OPTION_TEXT,
     .at = offsetof(struct sweep_asked, latency),
     .value = "FILE",
     .takes = TAKES_FILE,
     .help = "the model's machine, as `$0 calibrate` measured it"},
    {.name = "into",
     .kind = OPTION_TEXT,
     .at = offsetof(struct sweep_asked, into),
     .value = "DIR",
     .takes = TAKES_FOLDER,
     .help = "the results folder",
     .more = "If it has finished points of the same sweep, they are not run again"},
    {.name = "shard",
     .kind = OPTION_TEXT,
     .at = offsetof(struct sweep_asked, texts.shard),
     .value = "I/N",
     .help = "only the Ith of N parts, into DIR/shard-I-of-N",
     .more = "`$0 merge` puts the parts together. Without the option, a job of Slurm, of "
             "Kubernetes or of Open MPI says which part it is: see Environment"},
    {.name = "fail-fast",
     .kind = OPTION_FLAG,
     .at = offsetof(struct sweep_asked, fail_fast),
     .help = "stop at the first point with a broken expectation, with exit 1"},
    {.name = "undecided",
     .kind = OPTION_WORD,
     .at = offsetof(struct sweep_asked, texts.undecided),
     .words = "fail|pass",
     .value = "WHAT",
     .help = "with `--fail-fast`: what a trial counts as that cannot be decided",
     .more = "To fail means exit 4",
     .usual = "fail"},
    {.name = "for",
     .kind = OPTION_TEXT,
     .at = offsetof(struct sweep_asked, texts.time),
     .value = "TIME",
     .help = "begin no point after this time, such as 30s or 5m",
     .more = "Give the command again with `--into` to go on"},
    {.name = "cell",
     .kind = OPTION_COUNT,
     .at = offsetof(struct sweep_asked, cell),
     .low = 1,
     .high = 1000000,
     .value = "N",
     .help = "print the command that runs point N alone, and end"},
    {.name = "redis-server",
     .kind = OPTION_TEXT,
     .at = offsetof(struct sweep_asked, redis_server),
     .value = "PROGRAM",
     .takes = TAKES_PROGRAM,
     .help = "the program of the Redis, as for `$0 run`"},
    {.name = "allow-exec",
     .kind = OPTION_FLAG,
     .at = offsetof(struct sweep_asked, allow_exec),
     .help = "let the scenario start the programs that it names",
     .more = "Read it first: they do what they like, as you"},
    {.name = "quiet",
     .kind = OPTION_FLAG,
     .at = offsetof(struct sweep_asked, quiet),
     .help = "print only where the files are"},
    {0}};

const struct verb verb_sweep = {
    .name = "sweep",
    .summary = "a scenario at many values: what each costs, and which to choose",
    .usage = {"[OPTION]... SCENARIO --set KEY=VALUES..."},
    .about =
        "Runs a scenario at every combination of values, and says what each costs, and which to "
        "choose. Leaves sweep.csv, sweep.svg and advice.txt in a results folder.",
    .arguments = {{"SCENARIO", TAKES_SCENARIO,
                   "a scenario file, or the name of one that comes with hustings"}},
    .rows = rows,
    .examples = {{NULL, "$0 sweep leader-stalls --trials 100 \\\n"
                        "    --set protocol.lease.duration=2s,4s,8s"}},
    .exits = {{0, "all points were run"},
              {1, "with --fail-fast: an expectation did not hold"},
              {2, "wrong usage, or a wrong scenario"},
              {3, "the world failed: no Redis, a full disk"},
              {4, "with --fail-fast: a trial could not be decided"},
              {5, "the time was over"},
              {130, "it was interrupted"}},
    .environment = {{"SLURM_ARRAY_TASK_ID", "which shard this is, in a job array of Slurm"},
                    {"JOB_COMPLETION_INDEX", "likewise in an Indexed Job of Kubernetes, with "
                                             "HUSTINGS_SHARDS: how many there are"},
                    {"OMPI_COMM_WORLD_RANK", "likewise under mpirun of Open MPI"}},
    .see = {"merge", "matrix", "run"},
};

int sweep_options(struct sweep_asked *asked, int argc, char **argv, bool merging)
{
    asked->texts = (struct grid_texts){.host = "model"};
    asked->jobs = processors(JOBS_MAX);
    asked->confirm = EDGE_TRIALS;
    int code = options_read(asked->program, argc, argv, &verb_sweep, asked);
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
    asked->path =
        merging ? shipped_named(asked->program, asked->word, asked->found, sizeof asked->found)
                : named_scenario(asked->program, asked->word, asked->found, stderr);
    if (!asked->path) {
        return EXIT_USAGE;
    }
    return read_texts(asked, merging);
}

struct plan_of sweep_plan(const struct sweep_asked *asked)
{
    return (struct plan_of){.verb = "sweep",
                            .host = asked->grid.host->name,
                            .latency = asked->latency,
                            .trials = asked->trials,
                            .sample = asked->sample,
                            .confirm = asked->confirm,
                            .has_confirm = true,
                            .has_seed = asked->has_seed,
                            .seed = asked->seed,
                            .sets = &asked->sets,
                            .words = &asked->word,
                            .word_count = 1};
}
