/* hustings sweep: one scenario at many points; a table, a picture, advice. What is asked for:
 * sweep_options.c; what is told at the end: sweep_told.c.
 *
 *     axes ─▶ plan ─▶ grid: each cell is a point ─▶ sweep.csv, sweep.svg ─▶ advice, confirmed
 */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/grid_json.h"
#include "sim/cli/inputs.h"
#include "sim/cli/merge.h"
#include "sim/cli/printed.h"
#include "sim/cli/sweep_grid.h"
#include "sim/cli/sweep_look.h"
#include "sim/cli/sweep_told.h"
#include "sim/grid/eta.h"
#include "sim/grid/grid_run.h"
#include "sim/matrix/share.h"
#include "sim/results/command.h"
#include "sim/scenario/source.h"
#include "sim/system/interrupt.h"
#include "sim/text/clean.h"
#include "sim/text/clock.h"
#include "src/protocol.h"

/* --- what is asked for ------------------------------------------------------------------------ */

static bool read_axes(struct sweeping *sweeping)
{
    const struct sweep_asked *asked = &sweeping->asked;
    char why[400], line[900];
    for (size_t i = 0; i < asked->sets.count; i++) {
        if (!axes_add(&sweeping->axes, asked->sets.words[i], why, sizeof why)) {
            snprintf(line, sizeof line, "--set %.400s: %s", asked->sets.words[i], why);
            return sweep_say(sweeping, line);
        }
        const char *key = sweeping->axes.list[i].key;
        if (strcmp(key, "trials") == 0) {
            return sweep_say(sweeping,
                             "--set trials: every point has as many trials; give --trials N");
        }
        if (strcmp(key, "seed") == 0 && asked->has_seed) {
            return sweep_say(sweeping,
                             "--set seed: the seed is given by --seed; leave out one of them");
        }
    }
    return true;
}

/* Shards that are merged have copies of what they are made of. */
static bool read_file(struct sweeping *sweeping)
{
    struct scenario_report *report = calloc(1, sizeof *report);
    const char *shard = sweeping->merged ? sweeping->merged->folders[0] : NULL;
    sweeping->copy = shard ? inputs_scenario(shard, 1) : NULL;
    sweeping->latency = shard && sweeping->asked.latency ? inputs_latency(shard) : NULL;
    const char *path = sweeping->copy ? sweeping->copy : sweeping->asked.path;
    sweeping->sweep.path = path;
    sweeping->text =
        report ? source_read(path, !sweeping->copy, &sweeping->sweep.length, report) : NULL;
    if (report && !sweeping->text) {
        scenario_report_print(stderr, path, report);
    }
    free(report);
    return sweeping->text != NULL;
}

/* --- a point ---------------------------------------------------------------------------------- */

/* Of trial 1 of a point: the seed may be what varies. */
static uint64_t seed_of(const struct sweeping *sweeping, const struct scenario *scenario)
{
    return sweeping->asked.has_seed ? sweeping->asked.seed : scenario->seed;
}

static bool run_point(void *self, size_t cell, uint32_t worker, FILE *line, char *error)
{
    struct sweeping *sweeping = self;
    const char *words[AXES_MAX];
    const struct set_words sets = {words, plan_words(&sweeping->plan, cell, words)};
    struct point_sum sum = {0};
    struct point point;
    struct scenario scenario;
    (void)worker;
    if (!sweep_load(&sweeping->sweep, &sets, &scenario, error)) {
        point_not_valid(&point, error);
        point_write(&point, line);
        return true;
    }
    const struct sweep_trials how = {.trials = sweeping->sweep.trials,
                                     .jobs = sweeping->cell_jobs,
                                     .seed = seed_of(sweeping, &scenario)};
    enum trial_end end = sweep_run(&sweeping->sweep, &scenario, &how, &sum, error);
    scenario_free(&scenario);
    if (end == TRIAL_RAN) {
        point_end(&sum, &point);
        point_write(&point, line);
    } else if (end == TRIAL_INTERRUPTED) {
        error[0] = '\0';
    }
    point_sum_free(&sum);
    return end == TRIAL_RAN;
}

/* With --fail-fast the first point that is not as expected is the last. */
static bool point_done(void *self, size_t cell, const char *line)
{
    struct sweeping *sweeping = self;
    const struct sweep_asked *asked = &sweeping->asked;
    struct point point;
    if (!asked->fail_fast || !point_read(line, &point)) {
        return true;
    }
    bool failed = !point.why[0] && point.of[FIGURE_FAILED] > 0;
    bool undecided =
        !point.why[0] && point.of[FIGURE_UNDECIDED] > 0 && !asked->grid.undecided_passes;
    if (failed || undecided) {
        sweeping->stopped_at = cell + 1;
        sweeping->code = failed ? EXIT_UNMET : EXIT_UNDECIDED;
    }
    return !failed && !undecided;
}

static void show(void *self, const struct grid_progress *progress)
{
    (void)self;
    eta_show(stderr, "sweep", progress);
}

static bool read_cell(void *self, size_t cell, struct point *point)
{
    struct sweeping *sweeping = self;
    char *line = grid_has(sweeping->grid, cell) ? grid_line(sweeping->grid, cell) : NULL;
    bool good = line && point_read(line, point);
    free(line);
    if (!good) {
        point->why[0] = '\0';
    }
    return good && !point->why[0];
}

/* --- all of it -------------------------------------------------------------------------------- */

/* Runs what is not finished. On the model points are run side by side, and the last of them share
 * the processors among their trials; on processes it is the trials of one that are side by side. */
static enum grid_end run_cells(struct sweeping *sweeping, int64_t until_ns)
{
    const struct sweep_asked *asked = &sweeping->asked;
    char error[GRID_ERROR];
    bool side_by_side = asked->grid.host->virtual_time;
    struct spare spare = {.most = side_by_side ? asked->jobs : 1};
    const struct grid_work work = {.self = sweeping,
                                   .shard = asked->grid.shard,
                                   .jobs = spare.most,
                                   .spare = &spare,
                                   .until_ns = until_ns,
                                   .cell = run_point,
                                   .done = point_done,
                                   .there = asked->fail_fast ? point_done : NULL,
                                   .progress = sweeping->tty ? show : NULL};
    sweeping->cell_jobs = side_by_side ? 1 : asked->jobs;
    sweeping->sweep.options.spare = &spare;
    enum grid_end end = grid_run(sweeping->grid, &work, error, sizeof error);
    sweeping->sweep.options.spare = NULL;
    if (sweeping->tty) {
        eta_erase(stderr);
    }
    if (end == GRID_FAILED) {
        sweep_say(sweeping, error);
    }
    if (!grid_seal(sweeping->grid, error, sizeof error)) {
        sweep_say(sweeping, error);
        end = GRID_FAILED;
    }
    return end;
}

static void look_into(void *self, size_t cell, int64_t *lease_ns, const char **protocol)
{
    const struct sweeping *sweeping = self;
    const char *list[AXES_MAX];
    const struct set_words words = {list, plan_words(&sweeping->plan, cell, list)};
    struct scenario scenario;
    char error[SWEEP_ERROR];
    if (sweep_load(&sweeping->sweep, &words, &scenario, error)) {
        *lease_ns = share_lease_length(&scenario.settings);
        *protocol = protocol_rows[scenario.settings.row[OWNER_PROTOCOL]]->name;
        scenario_free(&scenario);
    }
}

static int code_of(const struct sweeping *sweeping, enum grid_end end)
{
    return end == GRID_FAILED        ? EXIT_WORLD
           : end == GRID_INTERRUPTED ? EXIT_INTERRUPTED
           : sweeping->code > 0      ? sweeping->code
           : end == GRID_STOPPED     ? EXIT_TIME_OVER
                                     : EXIT_HELD;
}

static bool finish(const struct sweeping *sweeping)
{
    char error[SWEEP_ERROR];
    return grid_json_end(sweeping->run, sweeping->folder, error, sizeof error) ||
           sweep_say(sweeping, error);
}

static int run_sweep(struct sweeping *sweeping)
{
    int64_t for_ns = sweeping->asked.grid.for_ns;
    sweeping->until_ns = for_ns > 0 ? monotonic_ns() + for_ns : 0;
    int code = sweep_grid_open(sweeping);
    if (code != EXIT_HELD) {
        return code;
    }
    interrupt_catch();
    enum grid_end end = run_cells(sweeping, sweeping->until_ns);
    const struct points points = {&sweeping->plan, sweeping, read_cell, look_into};
    code = code_of(sweeping, end);
    code = code == EXIT_WORLD ? code : sweep_tell(sweeping, &points, code);
    bool cut = code == EXIT_INTERRUPTED || code == EXIT_TIME_OVER || code == EXIT_WORLD;
    bool whole = !cut && grid_finished(sweeping->grid) ==
                             shard_cells(sweeping->asked.grid.shard, sweeping->plan.cells);
    return !whole || finish(sweeping) ? code : EXIT_WORLD;
}

/* The command that runs one point alone. */
static int print_cell(const struct sweeping *sweeping)
{
    const struct sweep_asked *asked = &sweeping->asked;
    const char *words[AXES_MAX];
    if (asked->cell > sweeping->plan.cells) {
        char line[120];
        snprintf(line, sizeof line, "--cell %" PRIu32 ": there are %zu points", asked->cell,
                 sweeping->plan.cells);
        sweep_say(sweeping, line);
        return EXIT_USAGE;
    }
    size_t count = plan_words(&sweeping->plan, asked->cell - 1, words);
    const struct set_words sets = {words, count};
    struct shell_command command;
    struct scenario scenario;
    char error[SWEEP_ERROR];
    uint64_t seed = sweeping->sweep.seed;
    if (sweep_load(&sweeping->sweep, &sets, &scenario, error)) {
        seed = seed_of(sweeping, &scenario);
        scenario_free(&scenario);
    }
    sweep_command(sweeping, words, count, asked->trials, seed, &command);
    clean_line(stdout, "%s", command_text(&command));
    command_free(&command);
    return cli_printed(EXIT_HELD);
}

/* What was read from a copy is called after where it was typed, if it still is there; else after
 * the copy that the results will have, unless a table of pauses lies beside the one that was read.
 */
static bool name_base(struct sweeping *sweeping)
{
    const char *typed = sweeping->asked.path;
    struct scenario *base = &sweeping->base;
    char *path = NULL;
    if (!sweeping->copy) {
        return true;
    }
    if (inputs_same(typed, sweeping->text, sweeping->sweep.length)) {
        path = strdup(typed);
    } else if (base->stalls.table) {
        return true;
    } else if (asprintf(&path, "%s/scenario.yaml", sweeping->merged->into) < 0) {
        path = NULL;
    }
    if (path) {
        free(base->path);
        base->path = path;
    }
    return path || sweep_say(sweeping, "out of memory");
}

static int prepare_and_run(struct sweeping *sweeping)
{
    struct sweep_asked *asked = &sweeping->asked;
    const struct merged *merged = sweeping->merged;
    char why[400];
    if (!read_axes(sweeping) || !read_file(sweeping)) {
        return EXIT_USAGE;
    }
    if (!plan_make(&sweeping->plan, &sweeping->axes, asked->sample, asked->seed, why, sizeof why)) {
        sweep_say(sweeping, why);
        return EXIT_USAGE;
    }
    sweeping->sweep = (struct sweep){
        .path = sweeping->sweep.path,
        .text = sweeping->text,
        .length = sweeping->sweep.length,
        .host = asked->grid.host,
        .options = {.latency = sweeping->latency ? sweeping->latency : asked->latency,
                    .redis_server = asked->redis_server},
        .trials = asked->trials};
    if (!sweep_look(sweeping, merged != NULL) || !name_base(sweeping)) {
        return EXIT_USAGE;
    }
    sweeping->sweep.seed = asked->has_seed ? asked->seed : sweeping->base.seed;
    if (asked->cell > 0) {
        return print_cell(sweeping);
    }
    struct host_facts facts;
    /* Who merges starts nothing: least of all a program that a stranger's plan names. */
    if (!merged && !asked->grid.host->probe(&sweeping->base, &sweeping->sweep.options, &facts, why,
                                            sizeof why)) {
        sweep_say(sweeping, why);
        return EXIT_WORLD;
    }
    return run_sweep(sweeping);
}

int sweep_with(const char *program, int argc, char **argv, const struct merged *merged)
{
    struct sweeping sweeping = {
        .asked.program = program, .merged = merged, .tty = isatty(STDERR_FILENO) == 1};
    int code = sweep_options(&sweeping.asked, argc, argv, merged != NULL);
    if (code == OPTIONS_GOOD) {
        code = prepare_and_run(&sweeping);
    }
    grid_close(sweeping.grid);
    cJSON_Delete(sweeping.run);
    plan_free(&sweeping.plan);
    axes_free(&sweeping.axes);
    scenario_free(&sweeping.base);
    free(sweeping.folder);
    free(sweeping.text);
    free(sweeping.copy);
    free(sweeping.latency);
    return code;
}

int cli_sweep(const char *program, int argc, char **argv)
{
    return sweep_with(program, argc, argv, NULL);
}
