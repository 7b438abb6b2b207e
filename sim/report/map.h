/* The heat map of a page: the cells of a matrix or of a sweep, as its table (matrix.csv, sweep.csv)
 * has them, and of each, if there is room, one trial, which is run again for the page: the model
 * gives the same one again.
 *
 *     table ─▶ map_read() ─▶ map_trials(): histories ─▶ map_runs(): a run a trial ─▶ map_json()
 */
#ifndef HUSTINGS_REPORT_MAP_H
#define HUSTINGS_REPORT_MAP_H

#include "sim/history/history.h"
#include "sim/report/run_json.h"

/* Which trial of which cell. */
struct map_asked {
    const char *file; /* of the cell's scenario, as the table has it; "" in a sweep */
    uint64_t number;  /* of the cell, from 1: its row in a matrix, its column `cell` in a sweep */
    uint32_t trial;   /* from 1 */
};

/* A trial of a cell. */
struct map_trial {
    struct scenario scenario; /* owned; its seed is the trial's */
    struct history history;   /* owned */
    char *command;            /* that runs this trial again; owned */
};

/* A folder that a matrix or a sweep left, as whoever asks for a report knows it. */
struct report_map {
    const char *folder;
    const char *kind; /* "matrix", "sweep": its table is KIND.csv */
    const char *host;
    const char *name;    /* what was swept: a path; "" of a matrix */
    const char *program; /* hustings, as it was called */
    uint64_t seed;       /* of a sweep's points; if they have a column `seed`, that is theirs */
    const char *command; /* that goes on with it, or makes it again */
    const char *advice;  /* lines; "" if there are none */
    size_t varied;       /* a sweep's columns behind `cell` that are keys of the scenario */
    void *self;
    /* Runs a trial. False with one line in `error` (MAP_ERROR bytes), and nothing to free. NULL:
     * no trial can be had again, `why_not` says why. */
    bool (*run)(void *self, const struct map_asked *asked, struct map_trial *trial, char *error);
    const char *why_not;
};
#define MAP_ERROR 2048

/* The page has so many cells at most; all of them are in the table. */
#define MAP_CELLS_MAX 5000

/* Which trials are in the page with REPORT_FEW: at most so many events of one, and of all. */
#define MAP_TRIAL_EVENTS ((size_t)10000)
#define MAP_EVENTS ((size_t)250000)

/* Whether the brain was split in the trial that is shown, as the table of a sweep says. */
enum map_split { MAP_SPLIT_UNKNOWN, MAP_WHOLE, MAP_SPLIT };

struct map_cell {
    char *file; /* owned */
    uint64_t number;
    uint32_t trial; /* that is shown: the first that is worth it */
    int check;      /* the row of the check that the trial broke, as the table says; -1: none */
    enum map_split split;
    bool bad; /* it breaks, blocks, … */
    bool ran;
    size_t shown; /* its trial's place among those in the page + 1; 0: it is not there */
};

/* A trial that is in the page. */
struct map_shown {
    struct folder_run run; /* its strings are the map's */
    cJSON *of_run;         /* owned: what run.json would say */
    struct folder_trial trial;
};

struct map {
    const struct report_map *of;
    struct map_cell *cells;       /* owned */
    size_t count, capacity, rows; /* `rows`: in the table */
    struct map_shown *shown;      /* owned */
    size_t shown_count, shown_capacity;
    size_t differ;               /* trials that went another way than the table says */
    size_t events, left_out;     /* `left_out`: cells that ran, and have no trial in the page */
    char first_error[MAP_ERROR]; /* why the first of those that could not be run was not; or "" */
};

/* What the cells of a column of the table are. */
enum map_column {
    MAP_WORDS,  /* text, even if it reads as a number */
    MAP_FIGURE, /* a number, "never", or nothing */
    MAP_VALUE   /* of a key of the scenario: a number or words */
};
struct csv_in;
enum map_column map_column(const struct report_map *of, const struct csv_in *in, size_t column);

/* Reads the table. False: `data` says why. map_free() in any case. */
bool map_read(struct map *map, const struct report_map *of, struct data *data);
void map_free(struct map *map);

/* Writes the chosen trials as histories. */
void map_trials(struct map *map, struct data *data);

/* Writes a run for each of these trials. */
void map_runs(const struct map *map, struct data *data);

/* Writes the member `map`: what it is, the table, and the run of each row (-1: none). */
void map_json(const struct map *map, struct data *data);

/* Why the trials of some cells are not in the page, in a sentence that goes on after their number.
 */
char *map_words(const struct map *map, const struct report_options *options, char *out,
                size_t size);

#endif
