/* Reads a machine from a file. See latency_file.h. */
#include "sim/model/latency_file.h"
#include "sim/text/errors.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1 << 20)
#define CORES_MAX 4096

const struct machine_cost machine_costs[] = {
    {"step_ns", offsetof(struct machine, step_ns)},
    {"warm_percent", offsetof(struct machine, warm_percent)},
    {"step_percent", offsetof(struct machine, step_percent)},
    {"rest_ns", offsetof(struct machine, rest_ns)},
    {"request_ns", offsetof(struct machine, request_ns)},
    {"vote_ns", offsetof(struct machine, vote_ns)},
    {"answer_ns", offsetof(struct machine, answer_ns)},
    {"settle_ns", offsetof(struct machine, settle_ns)},
    {"script_ns", offsetof(struct machine, script_ns)},
    {"start_wait_ns", offsetof(struct machine, start_wait_ns)},
    {"push_percent", offsetof(struct machine, push_percent)},
    {"spread_percent", offsetof(struct machine, spread_percent)},
    {NULL, 0},
};

int64_t *machine_cost(struct machine *machine, const struct machine_cost *cost)
{
    return (int64_t *)(void *)((char *)machine + cost->offset);
}

/* --- values ----------------------------------------------------------------------------------- */

struct reading {
    const char *path;
    const cJSON *document;
    char *error;
    size_t error_size;
};

static bool wrong(const struct reading *reading, const char *name, const char *what)
{
    snprintf(reading->error, reading->error_size, "%s: %s%s%s", reading->path, name,
             *name ? ": " : "", what);
    return false;
}

/* A whole number from 0 to `most`. */
static bool whole(const cJSON *item, double most, int64_t *value)
{
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) || item->valuedouble > most ||
        item->valuedouble != (double)(int64_t)item->valuedouble) {
        return false;
    }
    *value = (int64_t)item->valuedouble;
    return true;
}

static bool read_number(const struct reading *reading, const char *name, double most,
                        int64_t *value)
{
    char what[80];
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(reading->document, name);
    if (!whole(item, most, value)) {
        snprintf(what, sizeof what, "give a whole number from 0 to %.0f", most);
        return wrong(reading, name,
                     item ? what : "is missing; make the file by hustings calibrate");
    }
    return true;
}

static bool read_quantiles(const struct reading *reading, const char *name,
                           struct latency_table *table)
{
    int64_t ns[LATENCY_QUANTILES_MAX];
    uint32_t count = 0;
    const cJSON *item;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(reading->document, name);
    cJSON_ArrayForEach(item, list)
    {
        if (count == LATENCY_QUANTILES_MAX || !whole(item, (double)LATENCY_MAX_NS, &ns[count]) ||
            (count > 0 && ns[count] < ns[count - 1])) {
            return wrong(reading, name, "give up to 1001 whole numbers of ns, ascending");
        }
        count++;
    }
    if (!cJSON_IsArray(list) || count < 2) {
        return wrong(reading, name, "give a list of at least 2 quantiles");
    }
    latency_measured(table, ns, count);
    return true;
}

static bool read_kinds(const struct reading *reading, const char *name, int64_t ns[STORE_OPS])
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(reading->document, name);
    bool good = cJSON_IsArray(list) && cJSON_GetArraySize(list) == STORE_OPS;
    for (int i = 0; good && i < STORE_OPS; i++) {
        good = whole(cJSON_GetArrayItem(list, i), 1e9, &ns[i]);
    }
    if (!good) {
        char what[80];
        snprintf(what, sizeof what, "give a whole number of ns for each of the %d kinds",
                 STORE_OPS);
        return wrong(reading, name, what);
    }
    return true;
}

static bool read_machine(const struct reading *reading, struct machine *machine)
{
    int64_t cores;
    int64_t version;
    const char *what =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(reading->document, "hustings"));
    if (!what || strcmp(what, "latency") != 0) {
        return wrong(reading, "", "this is no latency table; make one by hustings calibrate");
    }
    if (!read_number(reading, "version", 1000, &version)) {
        return false;
    }
    if (version != LATENCY_VERSION) {
        return wrong(reading, "version", "it was made for another hustings; calibrate again");
    }
    if (!read_number(reading, "cores", CORES_MAX, &cores) ||
        !read_quantiles(reading, "timer_ns", &machine->timer) ||
        !read_quantiles(reading, "round_ns", &machine->round) ||
        !read_quantiles(reading, "cold_ns", &machine->cold) ||
        !read_kinds(reading, "op_ns", machine->op_ns) ||
        !read_kinds(reading, "first_ns", machine->first_ns) ||
        !read_quantiles(reading, "start_ns", &machine->start) ||
        !read_quantiles(reading, "birth_ns", &machine->birth)) {
        return false;
    }
    if (cores == 0) {
        return wrong(reading, "cores", "there must be one");
    }
    machine->cores = (uint32_t)cores;
    for (const struct machine_cost *cost = machine_costs; cost->name; cost++) {
        if (!read_number(reading, cost->name, 1e9, machine_cost(machine, cost))) {
            return false;
        }
    }
    if (machine->spread_percent < 100 || machine->step_percent > 100 ||
        machine->warm_percent > 100 || machine->push_percent > 100) {
        return wrong(reading, "",
                     "warm_, step_ and push_percent are 0 to 100, spread_percent 100 or more");
    }
    machine_prepare(machine);
    return true;
}

/* --- the file --------------------------------------------------------------------------------- */

/* The whole text; the caller's to free(). NULL: it could not be read, and said so. */
static char *read_text(const struct reading *reading)
{
    FILE *file = fopen(reading->path, "re");
    char *text = file ? malloc(FILE_MAX) : NULL;
    size_t length = text ? fread(text, 1, FILE_MAX, file) : 0;
    if (!text || ferror(file) || length == FILE_MAX) {
        wrong(reading, "",
              length == FILE_MAX ? "larger than any latency table" : error_words(errno));
        free(text);
        text = NULL;
    } else {
        text[length] = '\0';
    }
    if (file) {
        fclose(file);
    }
    return text;
}

bool latency_file_read(const char *path, struct machine *machine, char *error, size_t error_size)
{
    struct reading reading = {.path = path, .error = error, .error_size = error_size};
    char *text = read_text(&reading);
    if (!text) {
        return false;
    }
    cJSON *document = cJSON_Parse(text);
    reading.document = document;
    bool good = document ? read_machine(&reading, machine) : wrong(&reading, "", "this is no JSON");
    cJSON_Delete(document);
    free(text);
    return good;
}
