/* hustings matrix: stories put to combinations of protocol and lock. What it runs: matrix_run.c. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/hosts.h"
#include "sim/cli/matrix_run.h"
#include "sim/cli/option.h"
#include "sim/cli/session.h"
#include "sim/results/shipped.h"
#include "sim/text/clean.h"
#include "sim/text/clock.h"

static const char help[] =
    "Usage: $0 matrix [OPTION]... [FOLDER | STORY]...\n"
    "Puts each story (a scenario; of a folder all files *.yaml but the cures, *-cured.yaml) to\n"
    "each combination of a protocol and a lock, and shows which breaks where, and at what price.\n"
    "Without a folder: the catalogue of failures that is shipped.\n"
    "\n"
    "  --against LIST    the combinations, separated by commas: PROTOCOL+LOCK, or\n"
    "                    PROTOCOL+LOCK+fencing; parameters stand behind a colon, as in\n"
    "                    lease:on_renew_failure=go_on+token:ttl=1s; own: what each story has;\n"
    "                    all: own, and every pair with every default (this is the default)\n"
    "  --on HOST         model (default) or processes\n"
    "  --trials N        of each cell (default 100 on the model, 3 on processes)\n"
    "  --seed N          the seed of trial 1, instead of the story's\n"
    "  --jobs N          so many cells side by side, on the model (default: one a processor)\n"
    "  --into DIR        the results folder; cells that are finished in it are not run again\n"
    "                    (default results/TIME-matrix)\n"
    "  --shard I/N       only each Nth cell, beginning with the Ith; by itself in a job of Slurm,\n"
    "                    Kubernetes or Open MPI\n"
    "  --for TIME        begin no cell after this time, such as 5m\n"
    "  --fail-fast       begin no cell after one that breaks or blocks\n"
    "  --cell NAME       only this cell, STORY@COMBINATION, with the command that shows it\n"
    "  --redis-server PROG  the Redis of cells on processes\n"
    "  -h, --help\n"
    "\n"
    "Example: $0 matrix --against own,lease+token,lease+token+fencing\n"
    "\n"
    "Exit: 0 no cell breaks or blocks, 1 one does, 2 wrong usage or scenario, 3 the world failed,\n"
    "4 none does, but some could not be decided, or were not run; 130 interrupted.\n";

static int read_options(struct matrix_verb *verb, int argc, char **argv)
{
    const char *host = "model", *shard = NULL, *time_bound = NULL;
    struct move_options *move = &verb->matrix.move;
    const struct option_row rows[] = {
        {.name = "against", .kind = OPTION_TEXT, .into = &verb->against},
        {.name = "on", .kind = OPTION_TEXT, .into = &host},
        {.name = "trials",
         .kind = OPTION_COUNT,
         .into = &move->trials,
         .low = 1,
         .high = TRIALS_MAX},
        {.name = "seed",
         .kind = OPTION_NUMBER,
         .into = &move->seed,
         .given = &move->has_seed,
         .high = UINT64_MAX},
        {.name = "jobs", .kind = OPTION_COUNT, .into = &verb->jobs, .low = 1, .high = JOBS_MAX},
        {.name = "into", .kind = OPTION_TEXT, .into = &verb->into},
        {.name = "shard", .kind = OPTION_TEXT, .into = &shard},
        {.name = "for", .kind = OPTION_TEXT, .into = &time_bound},
        {.name = "fail-fast", .kind = OPTION_FLAG, .into = &verb->fail_fast},
        {.name = "cell", .kind = OPTION_TEXT, .into = &verb->cell},
        {.name = "redis-server", .kind = OPTION_TEXT, .into = &verb->matrix.options.redis_server},
        {0}};
    int code = options_read(verb->program, argc, argv, rows, help);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    verb->matrix.host = host_find(host);
    if (!verb->matrix.host) {
        return option_wrong(verb->program, "matrix", "on", host,
                            "there is no such host; give processes or model");
    }
    if (shard && !shard_parse(shard, &verb->shard)) {
        return option_wrong(verb->program, "matrix", "shard", shard,
                            "give I/N, such as 3/8, the third of eight");
    }
    int64_t ns;
    if (time_bound && !duration_parse(time_bound, &ns)) {
        return option_wrong(verb->program, "matrix", "for", time_bound, "give a time, such as 5m");
    }
    verb->shard_given = shard != NULL;
    verb->until_ns = time_bound ? monotonic_ns() + ns : 0;
    return OPTIONS_GOOD;
}

/* Of one cell only the story and the combination are of interest. */
static bool narrow(struct matrix_verb *verb)
{
    const char *at = strchr(verb->cell, '@');
    size_t length = at ? (size_t)(at - verb->cell) : 0;
    if (length == 0 || !at[1]) {
        clean_line(stderr,
                   "hustings matrix: --cell %s: give STORY@COMBINATION, such as "
                   "leader-stalls@lease+token",
                   verb->cell);
        return false;
    }
    verb->against = at + 1;
    struct matrix *matrix = &verb->matrix;
    for (size_t i = matrix->story_count; i-- > 0;) {
        struct scenario *story = &matrix->stories[i];
        if (strncmp(story->name, verb->cell, length) != 0 || story->name[length]) {
            scenario_free(story);
            *story = matrix->stories[--matrix->story_count];
        }
    }
    if (matrix->story_count == 0) {
        clean_line(stderr, "hustings matrix: --cell: there is no story %.*s", (int)length,
                   verb->cell);
    }
    return matrix->story_count > 0;
}

static bool add_stories(struct matrix_verb *verb, int argc, char **argv)
{
    char catalogue[SHIPPED_SIZE];
    bool good = true;
    for (int i = optind; i < argc; i++) {
        good = matrix_add_stories(&verb->matrix, argv[i]) && good;
    }
    if (optind == argc && !shipped_path(verb->program, "catalogue", catalogue, sizeof catalogue)) {
        fputs("hustings matrix: which stories? Give a folder of scenarios\n", stderr);
        return false;
    }
    if (optind == argc) {
        good = matrix_add_stories(&verb->matrix, catalogue);
    }
    return good && (!verb->cell || narrow(verb));
}

static bool find_shard(struct matrix_verb *verb)
{
    const char *from = NULL;
    bool good = verb->shard_given ||
                shard_from_environment(&verb->shard, &from, verb->error, sizeof verb->error);
    if (!good) {
        clean_line(stderr, "hustings matrix: %s", verb->error);
    } else if (from) {
        clean_line(stderr, "hustings matrix: shard %u of %u, by %s",
                   (unsigned)verb->shard.index + 1, (unsigned)verb->shard.count, from);
    }
    return good;
}

int cli_matrix(const char *program, int argc, char **argv)
{
    struct terminal_state state = {0};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct matrix_verb verb = {.program = program,
                               .against = "all",
                               .shard = shard_all(),
                               .jobs = (uint32_t)(processors < 1          ? 1
                                                  : processors > JOBS_MAX ? JOBS_MAX
                                                                          : processors),
                               .terminal.state = &state};
    int code = read_options(&verb, argc, argv);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    bool is_model = verb.matrix.host->virtual_time;
    if (verb.matrix.move.trials == 0) {
        verb.matrix.move.trials = is_model ? 100 : 3;
    }
    terminal_probe(&verb.terminal);
    code = EXIT_USAGE;
    if (add_stories(&verb, argc, argv) && find_shard(&verb)) {
        if (matrix_set_combinations(&verb.matrix, verb.against, verb.error)) {
            code = matrix_verb_run(&verb);
        } else {
            clean_line(stderr, "hustings matrix: --against: %s", verb.error);
        }
    }
    matrix_free(&verb.matrix);
    return code;
}
