/* The folder of a sweep, and the grid in it. See sweep_grid.h. */
#include "sim/cli/sweep_grid.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/grid_json.h"
#include "sim/cli/inputs.h"
#include "sim/cli/merge.h"
#include "sim/grid/eta.h"
#include "sim/grid/folder.h"
#include "sim/scenario/identity.h"
#include "sim/text/clean.h"

bool sweep_say(const struct sweeping *sweeping, const char *what)
{
    if (sweeping->tty) {
        eta_erase(stderr);
    }
    clean_line(stderr, "hustings %s: %s", sweeping->merged ? "merge" : "sweep", what);
    return false;
}

/* --- what it is ------------------------------------------------------------------------------- */

/* Loads each scenario that has a table of pauses which an axis names, and hands it on. */
static void each_with_table(const struct sweeping *sweeping,
                            void (*take)(void *self, const struct scenario *scenario), void *self)
{
    const struct axes *axes = &sweeping->axes;
    const char *words[AXES_MAX];
    char error[SWEEP_ERROR];
    struct scenario scenario;
    assert(axes->count <= AXES_MAX);
    for (size_t i = 0; i < axes->count; i++) {
        for (size_t j = 0; j < axes->count; j++) {
            words[j] = axes->list[j].words[0];
        }
        bool pauses = strncmp(axes->list[i].key, "pauses", strlen("pauses")) == 0;
        for (size_t j = 0; pauses && j < axes->list[i].count; j++) {
            const struct set_words sets = {words, axes->count};
            words[i] = axes->list[i].words[j];
            if (sweep_load(&sweeping->sweep, &sets, &scenario, error)) {
                take(self, &scenario);
                scenario_free(&scenario);
            }
        }
    }
}

static void put_scenario(void *file, const struct scenario *scenario)
{
    scenario_put(scenario, file);
}

/* All that has a say in what comes of the cells, as text. NULL: memory is out. */
static char *identity(const struct sweeping *sweeping)
{
    size_t size = 0;
    char *text = NULL;
    const struct plan_of plan = sweep_plan(&sweeping->asked);
    FILE *file = open_memstream(&text, &size);
    if (file) {
        plan_put(file, &plan);
        fputs(sweeping->text, file);
        put_scenario(file, &sweeping->base);
        each_with_table(sweeping, put_scenario, file);
        plan_put_file(file, sweeping->sweep.options.latency);
        fclose(file);
    }
    return text;
}

static uint64_t programs_of(const struct sweeping *sweeping)
{
    const char *server = sweeping->asked.redis_server;
    uint64_t programs = scenario_programs(&sweeping->base);
    return server ? programs * 31 + file_number(server) : programs;
}

static void keep_table(void *self, const struct scenario *scenario)
{
    inputs_keep_table(self, 1, scenario);
}

/* Leaves copies of what it is made of in its folder. False with one line in `error`. */
static bool keep_inputs(const struct sweeping *sweeping, char *error, size_t size)
{
    struct inputs inputs = {sweeping->folder, error, size};
    error[0] = '\0';
    inputs_keep_scenario(&inputs, 1, sweeping->text, sweeping->sweep.length);
    keep_table(&inputs, &sweeping->base);
    each_with_table(sweeping, keep_table, &inputs);
    inputs_keep_latency(&inputs, sweeping->sweep.options.latency);
    return !error[0];
}

/* --- the folder ------------------------------------------------------------------------------- */

static bool write_run_json(struct sweeping *sweeping)
{
    const struct sweep_asked *asked = &sweeping->asked;
    char error[SWEEP_ERROR];
    const struct grid_facts facts = {.verb = "sweep",
                                     .cells = "points",
                                     .name = "scenario",
                                     .value = asked->path,
                                     .count = sweeping->plan.cells,
                                     .jobs = asked->jobs,
                                     .trials = asked->trials,
                                     .has_seed = true,
                                     .seed = sweeping->sweep.seed,
                                     .parts = sweeping->merged ? sweeping->merged->count : 0};
    sweeping->run = grid_json_begin(sweeping->folder, &asked->grid, &facts, error, sizeof error);
    return sweeping->run || sweep_say(sweeping, error);
}

static bool write_head(struct sweeping *sweeping)
{
    char error[SWEEP_ERROR];
    size_t length = 0;
    const struct plan_of of = sweep_plan(&sweeping->asked);
    char *plan = plan_write(&of, &length);
    bool is_part = sweeping->asked.grid.shard.count > 1;
    bool good = plan &&
                grid_write(sweeping->folder, PLAN_FILE, plan, length, error, sizeof error) &&
                grid_write(sweeping->folder, "scenario.yaml", sweeping->text,
                           sweeping->sweep.length, error, sizeof error) &&
                (!is_part || keep_inputs(sweeping, error, sizeof error));
    free(plan);
    return (good || sweep_say(sweeping, plan ? error : "out of memory")) &&
           write_run_json(sweeping);
}

/* What is written in the folder of a whole; and what is there if it is another's. */
static const char *const written[] = {"sweep.csv",        "sweep.svg",       "advice.txt",
                                      "datapackage.json", "load.sqlite.sql", "load.duckdb.sql",
                                      "scenario.yaml",    "run.json",        PLAN_FILE,
                                      "matrix.csv",       "elections.csv",   NULL};

/* Opens the grid of a plan. EXIT_HELD, or the code to end with. */
static int open_grid_of(struct sweeping *sweeping, struct grid_plan *plan)
{
    char error[SWEEP_ERROR];
    const struct sweep_asked *asked = &sweeping->asked;
    const struct merged *merged = sweeping->merged;
    int code = EXIT_HELD;
    if (merged) {
        const struct merge_makes makes = {"points", written};
        code = merge_fits(merged, plan, &makes, error, sizeof error);
    }
    if (code == EXIT_WORLD) {
        sweep_say(sweeping, error);
    }
    if (code != EXIT_HELD) {
        return code;
    }
    sweeping->folder = grid_folder(merged ? merged->into : asked->into, "sweep",
                                   sweeping->base.name, asked->grid.shard, error, sizeof error);
    bool free_to_use =
        sweeping->folder && grid_refuse_taken(sweeping->folder, written, error, sizeof error);
    sweeping->grid = free_to_use ? grid_open(sweeping->folder, plan, error, sizeof error) : NULL;
    bool good = sweeping->grid != NULL;
    for (size_t i = 0; good && merged && i < merged->count; i++) {
        good = grid_take(sweeping->grid, merged->folders[i], error, sizeof error);
    }
    good = good ? write_head(sweeping) : sweep_say(sweeping, error);
    return good ? EXIT_HELD : EXIT_WORLD;
}

int sweep_grid_open(struct sweeping *sweeping)
{
    char *text = identity(sweeping);
    struct grid_plan plan = {.kind = "sweep",
                             .text = text,
                             .cells = sweeping->plan.cells,
                             .programs = programs_of(sweeping)};
    int code = EXIT_WORLD;
    if (text) {
        code = open_grid_of(sweeping, &plan);
    } else {
        sweep_say(sweeping, "out of memory");
    }
    free(text);
    return code;
}
