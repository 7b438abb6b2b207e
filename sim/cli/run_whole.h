/* What run_parts.c and run_replay.c share: a run in parts. */
#ifndef HUSTINGS_CLI_RUN_WHOLE_H
#define HUSTINGS_CLI_RUN_WHOLE_H

#include "sim/cli/run_place.h"
#include "sim/cli/session.h"
#include "sim/grid/grid.h"
#include "sim/grid/shard.h"
#include "sim/model/model.h"
#include "sim/results/fields.h"

/* So many trials are a cell of the grid, and a line. */
#define PART_CHUNK 32

struct part_worker {
    struct model *model;
    struct outcome_maker *maker;
    struct history history;
};

struct run_parts {
    const struct session *session;
    struct scenario scenario;
    struct network *network;
    struct shard shard;
    char head[GRID_HEAD];         /* of the grid */
    bool whole;                   /* this is the whole, not a part */
    struct session_replay replay; /* of a whole */
    struct run_place place;       /* of a whole */
    char *folder;
    struct grid *grid;
    struct part_worker worker[JOBS_MAX];
    uint32_t workers;

    /* while it is handed on */
    char *line; /* of the chunk that is read; … */
    const char *at;
    struct shared_texts texts;
    char error[GRID_ERROR];
};

#endif
