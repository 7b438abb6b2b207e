/* A comparison as CSV and as JSON. See tables.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compare/tables.h"
#include "sim/outcome/outcome.h"
#include "sim/results/csv.h"
#include "sim/results/files.h"
#include "sim/results/json.h"

/* --- CSV -------------------------------------------------------------------------------------- */

static const char *const columns[] = {"scenario", "what",     "name",     "a_count",  "b_count",
                                      "a_of",     "b_of",     "a_p50_ms", "b_p50_ms", "a_p90_ms",
                                      "b_p90_ms", "a_p99_ms", "b_p99_ms", "distance", "bound"};
#define COLUMNS (sizeof columns / sizeof *columns)

/* A share or distance with four decimals. */
static void csv_part(struct csv *csv, double part)
{
    char text[32];
    if (part < 0) {
        csv_empty(csv);
        return;
    }
    snprintf(text, sizeof text, "%.4f", part);
    csv_text(csv, text);
}

static void csv_pair(struct csv *csv, const int64_t ns[SIDES])
{
    csv_ms(csv, ns[SIDE_A]);
    csv_ms(csv, ns[SIDE_B]);
}

static bool put_row(void *self, const struct line *line)
{
    struct csv *csv = self;
    bool times = line->of[SIDE_A] + line->of[SIDE_B] == 0;
    csv_text(csv, line->scenario);
    csv_text(csv, line->what);
    csv_text(csv, line->name);
    csv_unsigned(csv, line->count[SIDE_A]);
    csv_unsigned(csv, line->count[SIDE_B]);
    for (enum side side = 0; side < SIDES; side++) {
        if (times) {
            csv_empty(csv);
        } else {
            csv_unsigned(csv, line->of[side]);
        }
    }
    csv_pair(csv, line->p50);
    csv_pair(csv, line->p90);
    csv_pair(csv, line->p99);
    csv_part(csv, line->distance);
    csv_part(csv, line->bound);
    csv_end_row(csv, COLUMNS);
    return !csv->failed;
}

bool comparison_csv(const struct comparison *comparison, const char *path)
{
    struct csv csv = {0};
    for (size_t i = 0; i < COLUMNS; i++) {
        csv_text(&csv, columns[i]);
    }
    csv_end_row(&csv, COLUMNS);
    bool good = comparison_lines(comparison, put_row, &csv);
    if (!good) {
        errno = ENOMEM;
    }
    good = good && replace_file(path, csv.bytes, csv.length);
    csv_free(&csv);
    return good;
}

/* --- JSON ------------------------------------------------------------------------------------- */

struct building {
    cJSON *scenarios, *scenario, *list;
    const char *name, *what; /* of the line before */
    double within;
};

static bool json_ms(cJSON *object, const char *name, int64_t ns)
{
    return ns == NEVER_NS || ns == FOREVER_NS
               ? json_set(object, name, cJSON_CreateNull())
               : json_set_number(object, name, round((double)ns / 1e3) / 1e3);
}

static bool json_part(cJSON *object, const char *name, double part)
{
    return part < 0 ? json_set(object, name, cJSON_CreateNull())
                    : json_set_number(object, name, round(part * 1e4) / 1e4);
}

static bool put_side(cJSON *entry, const struct line *line, enum side side)
{
    cJSON *object = cJSON_CreateObject();
    if (!json_set(entry, side == SIDE_A ? "a" : "b", object) ||
        !json_set_number(object, "count", (double)line->count[side])) {
        return false;
    }
    if (line->of[SIDE_A] + line->of[SIDE_B] > 0) {
        return json_set_number(object, "of", (double)line->of[side]);
    }
    return json_ms(object, "p50_ms", line->p50[side]) &&
           json_ms(object, "p90_ms", line->p90[side]) && json_ms(object, "p99_ms", line->p99[side]);
}

/* A scenario is an object with one list for each `what`. */
static bool find_place(struct building *building, const struct line *line)
{
    if (!building->name || strcmp(building->name, line->scenario) != 0) {
        building->scenario = json_append(building->scenarios);
        building->what = NULL;
        if (!building->scenario || !json_set_text(building->scenario, "scenario", line->scenario)) {
            return false;
        }
    }
    if (!building->what || strcmp(building->what, line->what) != 0) {
        building->list = cJSON_CreateArray();
        if (!json_set(building->scenario, line->what, building->list)) {
            return false;
        }
    }
    building->name = line->scenario;
    building->what = line->what;
    return true;
}

static bool put_entry(void *self, const struct line *line)
{
    struct building *building = self;
    if (!find_place(building, line)) {
        return false;
    }
    cJSON *entry = json_append(building->list);
    return entry && json_set_text(entry, "name", line->name) && put_side(entry, line, SIDE_A) &&
           put_side(entry, line, SIDE_B) && json_part(entry, "distance", line->distance) &&
           json_part(entry, "bound", line->bound);
}

static bool build(const struct comparison *comparison, double within, cJSON *document)
{
    struct building building = {.scenarios = cJSON_CreateArray()};
    return json_set_text(document, "a", comparison->folder[SIDE_A]) &&
           json_set_text(document, "b", comparison->folder[SIDE_B]) &&
           json_part(document, "within", within) &&
           (within < 0 || json_set_number(document, "differences",
                                          (double)comparison_differences(comparison, within))) &&
           json_set(document, "scenarios", building.scenarios) &&
           comparison_lines(comparison, put_entry, &building);
}

bool comparison_json(const struct comparison *comparison, double within, FILE *out)
{
    cJSON *document = cJSON_CreateObject();
    char *text = document && build(comparison, within, document) ? cJSON_Print(document) : NULL;
    cJSON_Delete(document);
    if (!text) {
        errno = ENOMEM;
        return false;
    }
    bool good = fprintf(out, "%s\n", text) > 0 && fflush(out) == 0;
    cJSON_free(text);
    return good;
}
