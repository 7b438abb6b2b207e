/* A run in parts: what is the same of all of them, and running one. See run_parts.h; merging them:
 * run_replay.c. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/inputs.h"
#include "sim/cli/merge.h"
#include "sim/cli/plan_words.h"
#include "sim/cli/run_parts.h"
#include "sim/cli/run_whole.h"
#include "sim/grid/eta.h"
#include "sim/grid/folder.h"
#include "sim/grid/grid_run.h"
#include "sim/model_host/machine.h"
#include "sim/results/command.h"
#include "sim/results/outcome_line.h"
#include "sim/scenario/identity.h"
#include "sim/system/interrupt.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"
#include "sim/text/ordinary.h"

/* --- what it is ------------------------------------------------------------------------------- */

static struct plan_of plan_of(const struct session *session, const char *const *word)
{
    return (struct plan_of){.verb = "run",
                            .host = session->host->name,
                            .histories = session->histories,
                            .latency = session->latency,
                            .trials = session->trials,
                            .has_seed = session->has_seed,
                            .seed = session->seed,
                            .sets = &session->sets,
                            .words = word,
                            .word_count = 1};
}

/* All that has a say in what comes of it. NULL: memory is out. */
static char *identity(const struct run_parts *parts, const struct plan_of *plan)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file) {
        plan_put(file, plan);
        scenario_put(&parts->scenario, file);
        plan_put_file(file, session_options(parts->session, &parts->scenario).latency);
        fclose(file);
    }
    return text;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* Leaves beside the lines of a part what merge needs. */
static bool write_head(struct run_parts *parts, const struct plan_of *plan)
{
    size_t length = 0, size = sizeof parts->error;
    struct inputs inputs = {parts->folder, parts->error, size};
    struct scenario *scenario = &parts->scenario;
    char *text = plan_write(plan, &length);
    snprintf(parts->error, size, "out of memory");
    bool good = text && grid_write(parts->folder, PLAN_FILE, text, length, parts->error, size);
    free(text);
    if (!good) {
        return false;
    }
    /* As it stands in the file: values that are set are set again. */
    char *bytes = ordinary_bytes(scenario->path, &length);
    parts->error[0] = '\0';
    inputs_keep_scenario(&inputs, 1, bytes ? bytes : scenario->text,
                         bytes ? length : scenario->text_length);
    inputs_keep_table(&inputs, 1, scenario);
    inputs_keep_latency(&inputs, parts->session->latency);
    free(bytes);
    return !parts->error[0];
}

static bool take_parts(struct run_parts *parts, const struct merged *merged)
{
    for (size_t i = 0; i < merged->count; i++) {
        if (!grid_take(parts->grid, merged->folders[i], parts->error, sizeof parts->error)) {
            return false;
        }
    }
    /* The whole's grid is opened in a folder beside, so these are not in it yet. */
    return !merge_counts_into(merged) ||
           grid_take(parts->grid, merged->into, parts->error, sizeof parts->error);
}

/* What is written in the folder of a whole, and what is there if it is another's; and what is
 * written in that of a part. */
static const char *const of_whole[] = {
    "elections.csv",   "trials.csv", "violations.csv",   "summary.csv",
    "history",         "logs",       "run.json",         "scenario.yaml",
    "sweep.csv",       "matrix.csv", "datapackage.json", "load.sqlite.sql",
    "load.duckdb.sql", NULL};
static const char *const of_part[] = {PLAN_FILE, "inputs", NULL};

/* Whether a part may be left in its folder: if it is the only one, the whole comes there, too. */
static bool may_begin(struct run_parts *parts)
{
    bool again = run_is_merged(parts->folder, parts->head);
    size_t size = sizeof parts->error;
    return grid_refuse_taken(parts->folder, of_part, parts->error, size) &&
           (again || grid_refuse_taken(parts->folder, of_whole, parts->error, size));
}

/* As open_grid(). */
static int open_grid_of(struct run_parts *parts, struct grid_plan *what, const char *into,
                        const struct merged *merged)
{
    size_t size = sizeof parts->error;
    char chunks[40];
    snprintf(chunks, sizeof chunks, "chunks of %d trials", PART_CHUNK);
    const struct merge_makes makes = {chunks, of_whole};
    int code = merged ? merge_fits(merged, what, &makes, parts->error, size) : EXIT_HELD;
    if (code != EXIT_HELD) {
        return code;
    }
    head_write(parts->head, what);
    bool good =
        !merged || run_place_open(&parts->place, merged->into, parts->head, parts->error, size);
    into = merged ? parts->place.beside : into;
    parts->folder =
        good ? grid_folder(into, "run", parts->scenario.name, parts->shard, parts->error, size)
             : NULL;
    good = parts->folder && (merged || may_begin(parts));
    parts->grid = good ? grid_open(parts->folder, what, parts->error, size) : NULL;
    return parts->grid ? EXIT_HELD : EXIT_WORLD;
}

/* EXIT_HELD, or the code to end with; with EXIT_WORLD there is a line in `error`. */
static int open_grid(struct run_parts *parts, const char *word, const char *into,
                     const struct merged *merged)
{
    size_t size = sizeof parts->error;
    const struct plan_of plan = plan_of(parts->session, &word);
    char *text = identity(parts, &plan);
    struct grid_plan what = {.kind = "run",
                             .text = text,
                             .cells = (parts->scenario.trials + PART_CHUNK - 1) / PART_CHUNK};
    snprintf(parts->error, size, "out of memory");
    int code = text ? open_grid_of(parts, &what, into, merged) : EXIT_WORLD;
    free(text);
    if (code == EXIT_HELD) {
        bool good = merged ? take_parts(parts, merged) : write_head(parts, &plan);
        code = good ? EXIT_HELD : EXIT_WORLD;
    }
    return code;
}

static bool make_workers(struct run_parts *parts, uint32_t jobs)
{
    snprintf(parts->error, sizeof parts->error, "out of memory for the model");
    for (; parts->workers < jobs; parts->workers++) {
        struct part_worker *worker = &parts->worker[parts->workers];
        worker->maker = outcome_maker_new();
        worker->model = model_new(&parts->scenario, parts->network);
        if (!worker->maker || !worker->model) {
            parts->workers++;
            return false;
        }
    }
    return true;
}

/* What is needed of the world; the code as of open_grid(). */
static int open_all(struct run_parts *parts, const char *word, const char *into,
                    const struct merged *merged)
{
    const struct session *session = parts->session;
    struct host_facts facts;
    const struct host_options options = session_options(session, &parts->scenario);
    if (!session->host->probe(&parts->scenario, &options, &facts, parts->error,
                              sizeof parts->error)) {
        return EXIT_WORLD;
    }
    parts->network =
        machine_network(&parts->scenario, options.latency, parts->error, sizeof parts->error);
    return parts->network && make_workers(parts, session->jobs)
               ? open_grid(parts, word, into, merged)
               : EXIT_WORLD;
}

struct run_parts *run_parts_open(const struct session *session, const char *word,
                                 struct shard shard, const char *into, const struct merged *merged,
                                 int *code)
{
    struct run_parts *parts = calloc(1, sizeof *parts);
    *code = EXIT_USAGE;
    if (!parts || !session_load(session, word, &parts->scenario, stderr)) {
        free(parts);
        return NULL;
    }
    parts->session = session;
    parts->shard = shard;
    parts->whole = merged != NULL;
    *code = open_all(parts, word, into, merged);
    if (*code == EXIT_WORLD) {
        clean_line(stderr, "hustings %s: %s", merged ? "merge" : "run", parts->error);
    } else if (*code == EXIT_HELD) {
        return parts;
    }
    run_parts_close(parts);
    return NULL;
}

void run_parts_close(struct run_parts *parts)
{
    grid_close(parts->grid);
    run_place_close(&parts->place);
    for (uint32_t i = 0; i < parts->workers; i++) {
        outcome_maker_free(parts->worker[i].maker);
        model_free(parts->worker[i].model);
        history_free(&parts->worker[i].history);
    }
    shared_texts_free(&parts->texts);
    free(parts->line);
    free(parts->network);
    free(parts->folder);
    scenario_free(&parts->scenario);
    free(parts);
}

/* --- running a part --------------------------------------------------------------------------- */

static bool goes_on(void *self)
{
    (void)self;
    return !interrupt_came();
}

/* Runs a trial, and writes what came of it. False: as grid_work.cell. */
static bool run_trial(const struct run_parts *parts, struct part_worker *worker, uint32_t number,
                      FILE *line, char *error)
{
    const struct scenario *scenario = &parts->scenario;
    struct outcome outcome;
    enum trial_end end = model_trial(worker->model, number, trial_seed(scenario->seed, number),
                                     &worker->history, NULL);
    if (end != TRIAL_RAN) {
        snprintf(error, GRID_ERROR, "%s",
                 end == TRIAL_WORLD_FAILED ? model_error(worker->model) : "");
        return false;
    }
    if (!outcome_make(worker->maker, scenario, &worker->history, &outcome)) {
        snprintf(error, GRID_ERROR, "out of memory");
        return false;
    }
    outcome_write(line, &outcome);
    outcome_free(&outcome);
    return true;
}

/* The outcomes of a chunk. */
static bool run_chunk(void *self, size_t cell, uint32_t index, FILE *line, char *error)
{
    struct run_parts *parts = self;
    struct part_worker *worker = &parts->worker[index];
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    bool good = file != NULL;
    uint32_t first = (uint32_t)cell * PART_CHUNK;
    assert(index < parts->workers && first < parts->scenario.trials);
    snprintf(error, GRID_ERROR, "%s", file ? "" : "out of memory");
    model_watch(worker->model, goes_on, NULL);
    for (uint32_t i = 1; good && i <= PART_CHUNK && first + i <= parts->scenario.trials; i++) {
        good = run_trial(parts, worker, first + i, file, error);
    }
    if (file && fclose(file) != 0) {
        snprintf(error, GRID_ERROR, "out of memory");
        good = false;
    }
    if (good) {
        fputs(text, line);
    }
    free(text);
    return good;
}

static void show(void *self, const struct grid_progress *progress)
{
    (void)self;
    eta_show(stderr, "run", progress);
}

/* What there is, and how it goes on. */
static void tell(const struct run_parts *parts, enum grid_end end)
{
    const struct session *session = parts->session;
    struct terminal_options options = session->terminal;
    struct shell_command command = {0};
    char text[5200], what[80];
    char *home = shard_home(parts->folder);
    if (end != GRID_WHOLE) {
        char into[4400];
        clean_line(stderr,
                   "hustings run: %s; %zu of %zu chunks of trials are finished; the same command "
                   "with --into %s goes on from there",
                   end == GRID_INTERRUPTED ? "interrupted" : "stopped", grid_finished(parts->grid),
                   shard_cells(parts->shard, grid_cells(parts->grid)),
                   grid_into_word(parts->folder, parts->shard, into, sizeof into));
    } else if (home) {
        snprintf(what, sizeof what, "Shard %u of %u is finished. When all are",
                 parts->shard.index + 1, parts->shard.count);
        command_word(&command, "", session->program);
        command_put(&command, " merge");
        command_word(&command, "", home);
        snprintf(text, sizeof text, "%s: %s",
                 parts->shard.count == 1 ? "All trials are run. To make their results" : what,
                 command_text(&command));
        style_paragraph(&options, STYLE_PLAIN, "  ", STYLE_PLAIN, text, 0);
    }
    command_free(&command);
    free(home);
}

int run_parts_run(struct run_parts *parts)
{
    bool tty = isatty(STDERR_FILENO) == 1;
    const struct grid_work work = {.self = parts,
                                   .shard = parts->shard,
                                   .jobs = parts->session->jobs,
                                   .cell = run_chunk,
                                   .progress = tty ? show : NULL};
    interrupt_catch();
    enum grid_end end = grid_run(parts->grid, &work, parts->error, sizeof parts->error);
    if (tty) {
        eta_erase(stderr);
    }
    if (end == GRID_FAILED || !grid_seal(parts->grid, parts->error, sizeof parts->error)) {
        clean_line(stderr, "hustings run: %s", parts->error);
        return EXIT_WORLD;
    }
    tell(parts, end);
    return end == GRID_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_HELD;
}
