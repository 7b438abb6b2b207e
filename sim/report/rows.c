/* The tables of a scenario. See run_json.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compare/csv_in.h"
#include "sim/report/run_json.h"
#include "sim/report/share.h"
#include "sim/results/columns.h"

#define COLUMNS_MAX 64

/* A table, and how its rows are told. */
struct shown_table {
    enum results_table table;
    const char *key;    /* in the page */
    const char *second; /* what ascends within a trial, or NULL, … */
    bool strictly;      /* … and is never the same twice */
    bool by_steps;      /* too many: those of each step-th trial; else the first ones */
};
static const struct shown_table shown_tables[SHOWN_TABLES] = {
    {TABLE_ELECTIONS, "elections", "nth", true, true},
    {TABLE_VIOLATIONS, "violations", "at_ms", false, false},
    {TABLE_TRIALS, "trialRows", NULL, false, true},
};

/* What says the same in each row, and is told of the run; and commands, which are long. */
static bool is_left_out(const char *name)
{
    static const char *const names[] = {"scenario", "protocol", "lock",
                                        "host",     "seed",     "reproduce"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* A table that is being read. */
struct reading {
    const struct shown_table *of;
    const struct folder_run *run;
    struct csv_in in;
    struct own_rows own;
    int scenario, trial, second;
    size_t columns;
    bool left_out[COLUMNS_MAX], text[COLUMNS_MAX];
};

static bool is_text(enum results_table table, const char *name)
{
    for (size_t i = 0; i < column_count(table); i++) {
        const struct column column = column_at(table, i);
        if (strcmp(column.name, name) == 0) {
            return strcmp(column.type, "string") == 0;
        }
    }
    return true; /* another version's */
}

static bool begin(struct reading *reading, const char *path)
{
    const struct folder_run *run = reading->run;
    struct csv_in *in = &reading->in;
    if (!csv_in_open(in, path)) {
        return false;
    }
    reading->scenario = csv_in_column(in, "scenario");
    reading->trial = csv_in_column(in, "trial");
    reading->second = reading->of->second ? csv_in_column_if_any(in, reading->of->second) : -1;
    reading->own = (struct own_rows){.name = run->scenario.name,
                                     .earlier = run->earlier,
                                     .has_second = reading->second >= 0,
                                     .strictly = reading->of->strictly};
    reading->columns = in->columns < COLUMNS_MAX ? in->columns : COLUMNS_MAX;
    for (size_t i = 0; i < reading->columns; i++) {
        reading->left_out[i] = is_left_out(in->names[i]);
        reading->text[i] = is_text(reading->of->table, in->names[i]);
    }
    return reading->scenario >= 0 && reading->trial >= 0;
}

static uint64_t trial_of(const struct reading *reading)
{
    return strtoull(csv_in_cell(&reading->in, reading->trial), NULL, 10);
}

static int compare_trials(const void *a, const void *b)
{
    uint64_t number = *(const uint64_t *)a;
    uint64_t other = ((const struct folder_trial *)b)->number;
    return (number > other) - (number < other);
}

/* Whether the trial was finished, so that it is in trials.csv. */
static bool is_sealed(const struct folder_run *run, uint64_t trial)
{
    return run->trial_count > 0 && bsearch(&trial, run->trials, run->trial_count,
                                           sizeof *run->trials, compare_trials) != NULL;
}

/* The next row of the scenario's. */
static bool next(struct reading *reading)
{
    struct csv_in *in = &reading->in;
    while (csv_in_row(in)) {
        double second = reading->second < 0 ? 0 : strtod(csv_in_cell(in, reading->second), NULL);
        if (is_own_row(&reading->own, csv_in_cell(in, reading->scenario), trial_of(reading),
                       second) &&
            is_sealed(reading->run, trial_of(reading))) {
            return true;
        }
    }
    return false;
}

/* How many bytes the row takes in the page, about. */
static size_t room_of(const struct reading *reading)
{
    size_t room = 3;
    for (size_t i = 0; i < reading->columns; i++) {
        size_t length = strlen(csv_in_cell(&reading->in, (int)i));
        room += reading->left_out[i] ? 0 : length ? length + (reading->text[i] ? 3 : 1) : 5;
    }
    return room;
}

static void put_cell(struct json_out *out, const char *cell, bool text)
{
    char *end;
    double number = text ? 0 : strtod(cell, &end);
    if (*cell == '\0') {
        json_null(out, NULL);
    } else if (text || *end || !isfinite(number)) {
        json_text(out, NULL, cell);
    } else {
        json_number(out, NULL, number);
    }
}

static void put_row(struct json_out *out, const struct reading *reading)
{
    json_open(out, NULL, '[');
    for (size_t i = 0; i < reading->columns; i++) {
        if (!reading->left_out[i]) {
            put_cell(out, csv_in_cell(&reading->in, (int)i), reading->text[i]);
        }
    }
    json_close(out);
}

static void put_columns(struct json_out *out, const struct reading *reading)
{
    json_open(out, "columns", '[');
    for (size_t i = 0; i < reading->columns; i++) {
        if (!reading->left_out[i]) {
            json_text(out, NULL, reading->in.names[i]);
        }
    }
    json_close(out);
}

static bool measure(struct reading *reading, const char *path, struct extent *extent)
{
    bool good = begin(reading, path);
    uint64_t last = 0;
    while (good && next(reading)) {
        uint64_t trial = trial_of(reading);
        extent->trials += trial != last;
        last = trial;
        extent->rows++;
        extent->bytes += room_of(reading);
    }
    return csv_in_close(&reading->in) && good;
}

static char *path_of(const struct folder_run *run, size_t table, char *out, size_t size)
{
    snprintf(out, size, "%s/%s.csv", run->folder, results_tables[shown_tables[table].table].name);
    return out;
}

bool run_measure(struct data *data, struct shown_run *shown)
{
    char path[4400];
    for (size_t i = 0; i < SHOWN_TABLES; i++) {
        struct reading reading = {.of = &shown_tables[i], .run = shown->run};
        shown->extents[i] = (struct extent){0};
        if (!measure(&reading, path_of(shown->run, i, path, sizeof path), &shown->extents[i])) {
            snprintf(data->error, sizeof data->error, "%s", reading.in.error);
            return false;
        }
    }
    return true;
}

/* Of whole trials: of every third election, say, some causes would be left out. */
static bool is_of_step(const struct reading *reading, size_t step)
{
    return (trial_of(reading) - 1) % step == 0;
}

/* Those of the step, up to the first for which there is no room. Returns whether that was all. */
static bool put_rows(struct json_out *out, struct reading *reading, size_t step, size_t bytes)
{
    bool fits = true;
    json_open(out, "rows", '[');
    while (fits && next(reading)) {
        size_t room = room_of(reading);
        if (is_of_step(reading, step)) {
            fits = room <= bytes;
            bytes -= fits ? room : 0;
            if (fits) {
                put_row(out, reading);
            }
        }
    }
    json_close(out);
    return fits;
}

/* So many times larger than the room that there is for it, but no more than it has trials. */
static size_t step_of(const struct shown_table *table, const struct extent *extent, size_t bytes)
{
    size_t step = table->by_steps && bytes ? (extent->bytes + bytes - 1) / bytes : 1;
    step = step < extent->trials ? step : extent->trials;
    return step ? step : 1;
}

/* The page makes its rows of the history. */
static void put_no_table(struct json_out *out, size_t table)
{
    json_open(out, shown_tables[table].key, '{');
    json_open(out, "columns", '[');
    json_close(out);
    json_open(out, "rows", '[');
    json_close(out);
    json_whole(out, "total", 0);
    json_whole(out, "step", 1);
    json_flag(out, "ended", false);
    json_close(out);
}

static void put_table(struct data *data, const struct shown_run *shown, size_t table, size_t bytes)
{
    char path[4400];
    const struct extent *extent = &shown->extents[table];
    size_t step = step_of(&shown_tables[table], extent, bytes);
    struct reading reading = {.of = &shown_tables[table], .run = shown->run};
    json_open(&data->out, shown_tables[table].key, '{');
    if (begin(&reading, path_of(shown->run, table, path, sizeof path))) {
        put_columns(&data->out, &reading);
        json_whole(&data->out, "total", (int64_t)extent->rows);
        json_whole(&data->out, "step", (int64_t)step);
        /* One trial may have more rows than another. */
        bool all = put_rows(&data->out, &reading, step, step > 1 ? bytes + bytes / 4 : bytes);
        json_flag(&data->out, "ended", !all);
    }
    json_close(&data->out);
    if (!csv_in_close(&reading.in)) {
        snprintf(data->error, sizeof data->error, "%s", reading.in.error);
    }
}

void run_rows(struct data *data, const struct shown_run *shown)
{
    size_t needs[SHOWN_TABLES], gets[SHOWN_TABLES];
    for (size_t i = 0; i < SHOWN_TABLES; i++) {
        needs[i] = shown->extents[i].bytes;
    }
    share_out(needs, gets, SHOWN_TABLES, shown->bytes);
    for (size_t i = 0; i < SHOWN_TABLES && data_good(data); i++) {
        if (shown->run->alone) {
            put_no_table(&data->out, i);
        } else {
            put_table(data, shown, i, gets[i]);
        }
    }
}
