/* Reads what a machine takes from a file. See latency_file.h. */
#include "sim/model_host/latency_file.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/errors.h"
#include "sim/text/ordinary.h"

#define FILE_MAX (1 << 20)

const char *const latency_file_names[MEASURED_TABLES] = {"round_ns", "timer_ns", "start_ns"};

struct reading {
    const char *path;
    const cJSON *document;
    char *error;
    size_t error_size;
};

static bool wrong(const struct reading *reading, const char *name, const char *what)
{
    assert(reading->error_size > 0 && *what);
    snprintf(reading->error, reading->error_size, "%s: %s%s%s", reading->path, name,
             *name ? ": " : "", what);
    return false;
}

/* A whole number of ns that the model can draw. */
static bool whole(const cJSON *item, int64_t *value)
{
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) ||
        item->valuedouble > (double)LATENCY_MAX_NS ||
        item->valuedouble != (double)(int64_t)item->valuedouble) {
        return false;
    }
    *value = (int64_t)item->valuedouble;
    return true;
}

static bool read_table(const struct reading *reading, const char *name, int64_t *ns)
{
    int count = 0;
    const cJSON *item;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(reading->document, name);
    if (!list) {
        return wrong(reading, name, "is missing; make the file by hustings calibrate");
    }
    cJSON_ArrayForEach(item, list)
    {
        if (count == MEASURED_QUANTILES || !whole(item, &ns[count]) ||
            (count > 0 && ns[count] < ns[count - 1])) {
            return wrong(reading, name, "give 101 whole numbers of ns, ascending");
        }
        count++;
    }
    return count == MEASURED_QUANTILES ||
           wrong(reading, name, "give 101 whole numbers of ns, ascending");
}

static bool read_tables(const struct reading *reading, struct measured *measured)
{
    const char *what =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(reading->document, "hustings"));
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(reading->document, "version");
    if (!what || strcmp(what, "latency") != 0) {
        return wrong(reading, "", "this is no latency table; make one by hustings calibrate");
    }
    if (!cJSON_IsNumber(version) || version->valuedouble != LATENCY_VERSION) {
        return wrong(reading, "version", "it was made for another hustings; calibrate again");
    }
    for (int i = 0; i < MEASURED_TABLES; i++) {
        if (!read_table(reading, latency_file_names[i], measured->ns[i])) {
            return false;
        }
    }
    return true;
}

/* --- the file --------------------------------------------------------------------------------- */

/* The whole text; the caller's to free(). NULL: it could not be read, and said so. */
static char *read_text(const struct reading *reading)
{
    const char *why = "out of memory";
    FILE *file = ordinary_open(reading->path, &why); /* it is read again and again */
    char *text = file ? malloc(FILE_MAX) : NULL;
    size_t length = text ? fread(text, 1, FILE_MAX, file) : 0;
    if (!text || ferror(file) || length == FILE_MAX) {
        wrong(reading, "",
              length == FILE_MAX          ? "larger than any latency table"
              : file && ferror(file) != 0 ? error_words(errno)
                                          : why);
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

bool latency_file_read(const char *path, struct measured *measured, char *error, size_t error_size)
{
    struct reading reading = {.path = path, .error = error, .error_size = error_size};
    char *text = read_text(&reading);
    if (!text) {
        return false;
    }
    cJSON *document = cJSON_Parse(text);
    reading.document = document;
    bool good = document ? read_tables(&reading, measured) : wrong(&reading, "", "this is no JSON");
    cJSON_Delete(document);
    free(text);
    return good;
}
