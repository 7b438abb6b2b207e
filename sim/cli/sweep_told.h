/* What a sweep leaves and tells at its end: the table, the picture, the advice. */
#ifndef HUSTINGS_CLI_SWEEP_TOLD_H
#define HUSTINGS_CLI_SWEEP_TOLD_H

#include "sim/cli/sweep_options.h"
#include "sim/grid/grid.h"
#include "sim/results/command.h"
#include "sim/sweep/table.h"

struct cJSON;
struct merged;

/* A sweep that runs. */
struct sweeping {
    struct sweep_asked asked;
    struct axes axes;
    struct plan plan;
    const struct merged *merged; /* shards to be taken, instead of running anything; or NULL */
    char *text;                  /* owned; of the scenario */
    char *copy, *latency;        /* owned; a shard's copies of files, which are read; or NULL */
    struct scenario base;        /* at the first point */
    struct sweep sweep;
    struct grid *grid;
    char *folder;      /* owned */
    struct cJSON *run; /* owned; run.json */
    bool tty;          /* stderr is a terminal */
    uint32_t cell_jobs;
    int64_t until_ns;  /* of --for; 0: none */
    size_t stopped_at; /* by --fail-fast, from 1; 0: it was not */
    int code;          /* for that */
};

/* Writes sweep.csv and sweep.svg, and, once all points are finished, confirms what is recommended
 * and writes advice.txt; tells it on the screen. Returns the exit code: `code`, or a graver one. */
int sweep_tell(struct sweeping *sweeping, const struct points *points, int code);

/* The command that runs a point alone; command_free() it. */
void sweep_command(const struct sweeping *sweeping, const char *const *words, size_t count,
                   uint32_t trials, uint64_t seed, struct shell_command *command);

#endif
