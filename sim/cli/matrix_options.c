/* The command line of `hustings matrix`. See matrix_options.h. */
#include "sim/cli/matrix_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/cli.h"
#include "sim/cli/hosts.h"
#include "sim/cli/option.h"
#include "sim/cli/session.h"
#include "sim/system/processors.h"
#include "sim/text/clean.h"

static const char help[] =
    "Usage: $0 matrix [OPTION]... [FOLDER | STORY]...\n"
    "Puts each story (a scenario; of a folder all files *.yaml but the cures, *-cured.yaml) to\n"
    "each combination of a protocol and a lock, and shows which breaks where, and at what price.\n"
    "Without a folder: the catalogue of failures that is shipped.\n"
    "\n"
    "  --against LIST       the combinations, separated by commas: PROTOCOL+LOCK, or\n"
    "                       PROTOCOL+LOCK+fencing; parameters stand behind a colon, as in\n"
    "                       lease:on_renew_failure=go_on+token:ttl=1s; own: what each story has;\n"
    "                       all: own, and every pair with every default (this is the default);\n"
    "                       FILE.yaml: keys of a scenario, such as program: [python3, mine.py]\n"
    "  --on HOST            model (default) or processes\n"
    "  --trials N           of each cell (default 100 on the model, 3 on processes)\n"
    "  --seed N             the seed of trial 1, instead of the story's\n"
    "  --jobs N             so many cells side by side, on the model (default: all processors)\n"
    "  --into DIR           the results folder; cells that are finished in it are not run again\n"
    "                       (default results/TIME-matrix-FOLDER)\n"
    "  --shard I/N          only each Nth cell, beginning with the Ith, for hustings merge; said\n"
    "                       by itself in a job of Slurm, Kubernetes or Open MPI\n"
    "  --for TIME           begin no cell after this time, such as 5m\n"
    "  --fail-fast          begin no cell after one that breaks or blocks\n"
    "  --undecided WHAT     fail (default) or pass: whether an undecided cell makes exit 4\n"
    "  --cell NAME          only this cell, STORY@COMBINATION, with the command that shows it\n"
    "  --allow-exec         combinations may start the programs that they name; read them first:\n"
    "                       they do what they like, as you\n"
    "  --redis-server PROG  the program of the Redis of cells on processes\n"
    "  -h, --help\n"
    "\n"
    "Example: $0 matrix --against own,lease+token,lease+token+fencing\n"
    "\n"
    "Exit: 0 no cell breaks or blocks, 1 one does, 2 wrong usage or scenario, 3 the world failed,\n"
    "4 none does, but some could not be decided, 5 the time was over, 130 interrupted.\n";

/* What the texts mean, and what is taken unless said. */
static int take_texts(struct matrix_asked *asked, const struct grid_texts *texts, bool merging)
{
    int code = grid_options(&asked->grid, texts, asked->program, "matrix", merging || asked->cell);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (asked->move.trials == 0) {
        asked->move.trials = asked->grid.host->virtual_time ? 100 : 3;
    }
    return OPTIONS_GOOD;
}

int matrix_options(struct matrix_asked *asked, int argc, char **argv, bool merging)
{
    struct grid_texts texts = {.host = "model"};
    asked->against = "all";
    asked->jobs = processors(JOBS_MAX);
    const struct option_row rows[] = {
        {.name = "against", .kind = OPTION_TEXT, .into = &asked->against},
        {.name = "on", .kind = OPTION_TEXT, .into = &texts.host},
        {.name = "trials",
         .kind = OPTION_COUNT,
         .into = &asked->move.trials,
         .low = 1,
         .high = TRIALS_MAX},
        {.name = "seed",
         .kind = OPTION_NUMBER,
         .into = &asked->move.seed,
         .given = &asked->move.has_seed,
         .high = UINT64_MAX},
        {.name = "jobs", .kind = OPTION_COUNT, .into = &asked->jobs, .low = 1, .high = JOBS_MAX},
        {.name = "into", .kind = OPTION_TEXT, .into = &asked->into},
        {.name = "shard", .kind = OPTION_TEXT, .into = &texts.shard},
        {.name = "for", .kind = OPTION_TEXT, .into = &texts.time},
        {.name = "fail-fast", .kind = OPTION_FLAG, .into = &asked->fail_fast},
        {.name = "undecided", .kind = OPTION_WORD, .into = &texts.undecided, .words = "fail|pass"},
        {.name = "cell", .kind = OPTION_TEXT, .into = &asked->cell},
        {.name = "allow-exec", .kind = OPTION_FLAG, .into = &asked->allow_exec},
        {.name = "redis-server", .kind = OPTION_TEXT, .into = &asked->redis_server},
        {0}};
    int code = options_read(asked->program, argc, argv, rows, help);
    asked->paths = argv + optind;
    asked->path_count = code == OPTIONS_GOOD ? (size_t)(argc - optind) : 0;
    return code == OPTIONS_GOOD ? take_texts(asked, &texts, merging) : code;
}

char *matrix_plan_text(const struct matrix_asked *asked, size_t *length)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    if (!file) {
        return NULL;
    }
    fprintf(file, "matrix\n--on\n%s\n--trials\n%" PRIu32 "\n--against\n%s\n",
            asked->grid.host->name, asked->move.trials, asked->against);
    if (asked->move.has_seed) {
        fprintf(file, "--seed\n%" PRIu64 "\n", asked->move.seed);
    }
    if (asked->cell) {
        fprintf(file, "--cell\n%s\n", asked->cell);
    }
    fputs("--\n", file);
    for (size_t i = 0; i < asked->path_count; i++) {
        fprintf(file, "%s\n", asked->paths[i]);
    }
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
