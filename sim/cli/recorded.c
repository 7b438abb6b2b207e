/* How many trials a results folder should have, and has. See recorded.h. */
#include "sim/cli/recorded.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/compare/csv_in.h"
#include "sim/text/errors.h"
#include "sim/text/ordinary.h"

#define PATH_SIZE 4096

/* What is looked for, and where to say what is wrong. */
struct seeking {
    char path[PATH_SIZE]; /* of the file that is read now */
    const char *file, *scenario;
    size_t earlier; /* scenarios of the same name before it in the run */
    char *error;
    size_t error_size;
};

static bool wrong(const struct seeking *seeking, const char *what)
{
    snprintf(seeking->error, seeking->error_size, "%s: %s", seeking->path, what);
    return false;
}

/* --- run.json --------------------------------------------------------------------------------- */

/* The whole file; the caller's to free(). NULL: `why` says why it cannot be read. */
static char *read_text(const char *path, const char **why)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = ordinary_open(path, why);
    if (file && getdelim(&text, &size, '\0', file) < 0) {
        *why = error_words(errno);
        free(text);
        text = ferror(file) ? NULL : strdup("");
    }
    if (file) {
        fclose(file);
    }
    return text;
}

static bool is_text(const cJSON *object, const char *key, const char *text)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return value && strcmp(value, text) == 0;
}

static bool find_planned(struct seeking *seeking, const cJSON *run, size_t *planned)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(run, "scenarios"))
    {
        if (is_text(entry, "file", seeking->file)) {
            const cJSON *trials = cJSON_GetObjectItemCaseSensitive(entry, "trials");
            if (!cJSON_IsNumber(trials) || !(trials->valuedouble >= 1) ||
                trials->valuedouble > UINT32_MAX) {
                return wrong(seeking, "\"trials\" of a scenario must be a whole number, from 1");
            }
            *planned = (size_t)trials->valuedouble;
            return true;
        }
        seeking->earlier += is_text(entry, "name", seeking->scenario);
    }
    snprintf(seeking->error, seeking->error_size, "%s: it does not have the scenario of %s",
             seeking->path, seeking->file);
    return false;
}

static bool read_planned(struct seeking *seeking, size_t *planned)
{
    const char *why = "";
    if (access(seeking->path, F_OK) != 0 && errno == ENOENT) {
        return true;
    }
    char *text = read_text(seeking->path, &why);
    if (!text) {
        return wrong(seeking, why);
    }
    cJSON *run = cJSON_Parse(text);
    bool good = run ? find_planned(seeking, run, planned) : wrong(seeking, "this is no JSON");
    cJSON_Delete(run);
    free(text);
    return good;
}

/* --- trials.csv ------------------------------------------------------------------------------- */

/* Scenarios of one name have their trials one after the other: where the number does not grow, the
 * next one's begin. */
static bool read_ran(struct seeking *seeking, size_t *ran)
{
    struct csv_in in;
    size_t last = 0, before = 0;
    if (access(seeking->path, F_OK) != 0) {
        return true;
    }
    bool good = csv_in_open(&in, seeking->path);
    int name = good ? csv_in_column(&in, "scenario") : -1;
    int number = name >= 0 ? csv_in_column(&in, "trial") : -1;
    while (number >= 0 && csv_in_row(&in)) {
        if (strcmp(csv_in_cell(&in, name), seeking->scenario) != 0) {
            continue;
        }
        size_t trial = strtoul(csv_in_cell(&in, number), NULL, 10);
        before += trial <= last;
        last = trial;
        *ran += before == seeking->earlier;
    }
    if (!csv_in_close(&in)) {
        snprintf(seeking->error, seeking->error_size, "%s", in.error);
        return false;
    }
    return true;
}

bool recorded_read(struct recorded *recorded, const char *folder, const char *file,
                   const char *scenario, char *error, size_t error_size)
{
    struct seeking seeking = {
        .file = file, .scenario = scenario, .error = error, .error_size = error_size};
    *recorded = (struct recorded){0};
    snprintf(seeking.path, sizeof seeking.path, "%s/run.json", folder);
    if (!read_planned(&seeking, &recorded->planned)) {
        return false;
    }
    snprintf(seeking.path, sizeof seeking.path, "%s/trials.csv", folder);
    return read_ran(&seeking, &recorded->ran);
}

char *recorded_again(const char *folder, uint32_t trial)
{
    struct csv_in in;
    char path[PATH_SIZE], *again = NULL;
    snprintf(path, sizeof path, "%s/trials.csv", folder);
    bool good = csv_in_open(&in, path);
    int number = good ? csv_in_column(&in, "trial") : -1;
    int command = number >= 0 ? csv_in_column_if_any(&in, "reproduce") : -1;
    while (!again && command >= 0 && csv_in_row(&in)) {
        if (strtoul(csv_in_cell(&in, number), NULL, 10) == trial) {
            again = strdup(csv_in_cell(&in, command));
        }
    }
    csv_in_close(&in);
    return again;
}
