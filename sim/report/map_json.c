/* The table of a map as the page has it. See map.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compare/csv_in.h"
#include "sim/report/map.h"

static void put_value(struct json_out *out, const char *text, bool words)
{
    char *end;
    double number = words ? 0 : strtod(text, &end);
    if (*text == '\0') {
        json_null(out, NULL);
    } else if (words || *end || !isfinite(number)) {
        json_text(out, NULL, text);
    } else {
        json_number(out, NULL, number);
    }
}

static void put_names(struct json_out *out, const struct csv_in *in)
{
    json_open(out, "columns", '[');
    for (size_t i = 0; i < in->columns; i++) {
        json_text(out, NULL, in->names[i]);
    }
    json_close(out);
}

static void put_rows(struct json_out *out, struct csv_in *in, const struct map *map)
{
    json_open(out, "rows", '[');
    for (size_t row = 0; row < map->count && csv_in_row(in); row++) {
        json_open(out, NULL, '[');
        for (size_t i = 0; i < in->columns; i++) {
            put_value(out, csv_in_cell(in, (int)i), map_column(map->of, in, i) == MAP_WORDS);
        }
        json_close(out);
    }
    json_close(out);
}

static void put_table(const struct map *map, struct data *data)
{
    struct csv_in in;
    char path[4400];
    snprintf(path, sizeof path, "%s/%s.csv", map->of->folder, map->of->kind);
    if (csv_in_open(&in, path)) {
        put_names(&data->out, &in);
        put_rows(&data->out, &in, map);
    }
    if (!csv_in_close(&in)) {
        snprintf(data->error, sizeof data->error, "%s", in.error);
    }
}

void map_json(const struct map *map, struct data *data)
{
    struct json_out *out = &data->out;
    json_open(out, "map", '{');
    json_text(out, "kind", map->of->kind);
    json_text(out, "name", map->of->name);
    json_text(out, "folder", map->of->folder);
    json_text(out, "host", map->of->host);
    json_text(out, "program", map->of->program);
    json_text(out, "command", map->of->command);
    json_seed(out, "seed", map->of->seed);
    json_lines(out, "advice", map->of->advice);
    json_whole(out, "varied", (int64_t)map->of->varied);
    json_whole(out, "differ", (int64_t)map->differ);
    json_whole(out, "total", (int64_t)map->rows);
    put_table(map, data);
    json_open(out, "runs", '[');
    for (size_t i = 0; i < map->count; i++) {
        json_whole(out, NULL, (int64_t)map->cells[i].shown - 1);
    }
    json_close(out);
    json_close(out);
}

char *map_words(const struct map *map, const struct report_options *options, char *out, size_t size)
{
    if (!map->of->run) {
        snprintf(out, size, "%s", map->of->why_not);
    } else if (map->first_error[0]) {
        snprintf(out, size, "its trial could not be run: %s", map->first_error);
    } else if (options->histories == REPORT_NONE) {
        snprintf(out, size, "none were asked for");
    } else {
        snprintf(out, size,
                 "the page has one trial of each cell, those that broke something first, but none "
                 "of more than %zu events, and no more than %zu events in all; --histories all "
                 "takes all of them",
                 MAP_TRIAL_EVENTS, MAP_EVENTS);
    }
    return out;
}
