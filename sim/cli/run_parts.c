/* A run in parts: what is the same of all of them, and running one. See run_parts.h; merging them:
 * run_replay.c. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/merge.h"
#include "sim/cli/plan_words.h"
#include "sim/cli/run_parts.h"
#include "sim/cli/run_whole.h"
#include "sim/grid/eta.h"
#include "sim/grid/folder.h"
#include "sim/grid/grid_run.h"
#include "sim/model_host/machine.h"
#include "sim/results/outcome_line.h"
#include "sim/system/interrupt.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"
#include "sim/version.h"

/* --- what it is ------------------------------------------------------------------------------- */

/* The command line without what has no say in the result. NULL: memory is out. */
static char *plan_text(const struct session *session, const char *word, size_t *length)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    if (!file) {
        return NULL;
    }
    fprintf(file, "run\n--on\n%s\n", session->host->name);
    if (session->trials > 0) {
        fprintf(file, "--trials\n%" PRIu32 "\n", session->trials);
    }
    if (session->has_seed) {
        fprintf(file, "--seed\n%" PRIu64 "\n", session->seed);
    }
    if (session->histories) {
        fprintf(file, "--histories\n%s\n", session->histories);
    }
    if (session->latency) {
        fprintf(file, "--latency\n%s\n", session->latency);
    }
    for (size_t i = 0; i < session->sets.count; i++) {
        fprintf(file, "--set\n%s\n", session->sets.words[i]);
    }
    fprintf(file, "--\n%s\n", word);
    if (fclose(file) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* All that has a say in what comes of it. NULL: memory is out. */
static char *identity(const struct run_parts *parts, const char *plan)
{
    const struct scenario *scenario = &parts->scenario;
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file) {
        fprintf(file, "%s %s\n%s%s\n", hustings_version(), hustings_commit(), plan, scenario->text);
        for (size_t i = 0; i < scenario->stalls.count; i++) {
            fprintf(file, "%" PRId64 " ", scenario->stalls.ns[i]);
        }
        plan_put_file(file, parts->session->latency);
        fclose(file);
    }
    return text;
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool open_grid(struct run_parts *parts, const char *word, const char *into,
                      const struct merged *merged)
{
    size_t length = 0, size = sizeof parts->error;
    char *plan = plan_text(parts->session, word, &length);
    char *text = plan ? identity(parts, plan) : NULL;
    const struct grid_plan what = {.kind = "run",
                                   .text = text,
                                   .cells = (parts->scenario.trials + PART_CHUNK - 1) / PART_CHUNK};
    snprintf(parts->error, size, "out of memory");
    parts->folder =
        text ? grid_folder(into, "run", parts->scenario.name, parts->shard, parts->error, size)
             : NULL;
    parts->grid = parts->folder ? grid_open(parts->folder, &what, parts->error, size) : NULL;
    bool good = parts->grid != NULL;
    for (size_t i = 0; good && merged && i < merged->count; i++) {
        good = grid_take(parts->grid, merged->folders[i], parts->error, size);
    }
    good =
        good && (merged || grid_write(parts->folder, PLAN_FILE, plan, length, parts->error, size));
    free(text);
    free(plan);
    return good;
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

/* What is needed of the world; false with a line in `error`. */
static bool open_all(struct run_parts *parts, const char *word, const char *into,
                     const struct merged *merged)
{
    const struct session *session = parts->session;
    struct host_facts facts;
    const struct host_options options = session_options(session, &parts->scenario);
    if (!session->host->probe(&parts->scenario, &options, &facts, parts->error,
                              sizeof parts->error)) {
        return false;
    }
    parts->network =
        machine_network(&parts->scenario, session->latency, parts->error, sizeof parts->error);
    return parts->network && make_workers(parts, session->jobs) &&
           open_grid(parts, word, into, merged);
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
    if (!open_all(parts, word, merged ? merged->into : into, merged)) {
        clean_line(stderr, "hustings run: %s", parts->error);
        *code = EXIT_WORLD;
    } else if (merged && grid_finished(parts->grid) < grid_cells(parts->grid)) {
        char chunks[40];
        snprintf(chunks, sizeof chunks, "chunks of %d trials", PART_CHUNK);
        merge_missing(merged, parts->grid, "run", chunks);
    } else {
        return parts;
    }
    run_parts_close(parts, false);
    return NULL;
}

static void remove_file(const struct run_parts *parts, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", parts->folder, name) > 0) {
        unlink(path);
        free(path);
    }
}

void run_parts_close(struct run_parts *parts, bool told)
{
    grid_close(parts->grid);
    assert(!told || (parts->whole && parts->folder));
    if (told) {
        remove_file(parts, GRID_FILE);
        remove_file(parts, PLAN_FILE);
    }
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
    size_t finished = grid_finished(parts->grid);
    size_t cells = shard_cells(parts->shard, grid_cells(parts->grid));
    char text[4400];
    size_t length = grid_into(parts->folder, parts->shard);
    if (end != GRID_WHOLE) {
        clean_line(stderr,
                   "hustings run: %s; %zu of %zu chunks of trials are finished; the same command "
                   "goes on from there",
                   end == GRID_INTERRUPTED ? "interrupted" : "stopped", finished, cells);
    } else if (!session->terminal.quiet) {
        snprintf(text, sizeof text, "Shard %u of %u is finished. When all are: %s merge %.*s",
                 parts->shard.index + 1, parts->shard.count, session->program, (int)length,
                 parts->folder); /* where all parts are */
        style_paragraph(&options, STYLE_PLAIN, "  ", STYLE_PLAIN, text, 0);
    }
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
