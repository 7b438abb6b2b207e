/* See inputs.h. */
#include "sim/cli/inputs.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/processes/guardian.h"
#include "sim/results/files.h"
#include "sim/scenario/source.h"
#include "sim/text/errors.h"
#include "sim/text/ordinary.h"

#define INPUTS "inputs"

/* --- keeping ---------------------------------------------------------------------------------- */

static void failed(struct inputs *inputs, const char *path)
{
    int number = errno;
    snprintf(inputs->error, inputs->size, "%s: cannot write: %s; %s", path ? path : inputs->folder,
             error_words(number), file_hint(number));
}

/* Writes a file, and makes the folders that it lies in. */
static void keep(struct inputs *inputs, const char *name, const char *bytes, size_t length)
{
    char *path = NULL;
    if (inputs->error[0]) {
        return;
    }
    if (asprintf(&path, "%s/" INPUTS "/%s", inputs->folder, name) < 0) {
        failed(inputs, NULL);
        return;
    }
    char *slash = strrchr(path, '/');
    *slash = '\0';
    bool made = make_folders(path);
    *slash = '/';
    if (!made || !replace_file(path, bytes, length)) {
        failed(inputs, path);
    }
    free(path);
}

/* What cannot be read is no longer there, though it was a moment ago: then whoever merges says so.
 */
static void keep_file(struct inputs *inputs, const char *name, const char *path)
{
    size_t length = 0;
    char *bytes = ordinary_bytes(path, &length);
    if (bytes) {
        keep(inputs, name, bytes, length);
    }
    free(bytes);
}

void inputs_keep_scenario(struct inputs *inputs, size_t number, const char *text, size_t length)
{
    char name[60];
    assert(number >= 1);
    snprintf(name, sizeof name, "%zu/scenario.yaml", number);
    keep(inputs, name, text, length);
}

static bool stays_below(const char *table)
{
    return table[0] != '/' && strncmp(table, "../", 3) != 0 && !strstr(table, "/../");
}

void inputs_keep_table(struct inputs *inputs, size_t number, const struct scenario *scenario)
{
    const char *table = scenario->stalls.table;
    const char *slash = strrchr(scenario->path, '/');
    char *name = NULL, *path = NULL;
    int folder = slash ? (int)(slash - scenario->path + 1) : 0;
    assert(number >= 1);
    if (!table || !stays_below(table) || strcmp(table, "scenario.yaml") == 0) {
        return;
    }
    if (asprintf(&name, "%zu/%s", number, table) >= 0) {
        if (asprintf(&path, "%.*s%s", folder, scenario->path, table) >= 0) {
            keep_file(inputs, name, path);
            free(path);
        }
        free(name);
    }
}

void inputs_keep_latency(struct inputs *inputs, const char *path)
{
    if (path) {
        keep_file(inputs, "latency.json", path);
    }
}

void inputs_keep_matrix(struct inputs *inputs, const struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->story_count; i++) {
        const struct scenario *story = &matrix->stories[i];
        inputs_keep_scenario(inputs, i + 1, story->text, story->text_length);
        inputs_keep_table(inputs, i + 1, story);
    }
    for (size_t i = 0; i < matrix->combination_count; i++) {
        const struct combination *one = &matrix->combinations[i];
        char name[COMBINATION_NAME + 8];
        if (one->file.text) {
            snprintf(name, sizeof name, "%s.yaml", one->name);
            keep(inputs, name, one->file.text, strlen(one->file.text));
        }
    }
}

/* --- finding ---------------------------------------------------------------------------------- */

static char *find(const char *folder, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/" INPUTS "/%s", folder, name) < 0) {
        return NULL;
    }
    if (access(path, F_OK) != 0) {
        free(path);
        return NULL;
    }
    return path;
}

char *inputs_scenario(const char *folder, size_t number)
{
    char name[60];
    assert(number >= 1);
    snprintf(name, sizeof name, "%zu/scenario.yaml", number);
    return find(folder, name);
}

char *inputs_latency(const char *folder)
{
    return find(folder, "latency.json");
}

/* The copy of a combination that is a file; NULL: it is none, or there is no copy. */
static char *copy_of(const char *folder, const char *word, size_t length)
{
    const char *slash = memrchr(word, '/', length);
    size_t skip = slash ? (size_t)(slash + 1 - word) : 0;
    const char *dot = memrchr(word + skip, '.', length - skip);
    size_t base = dot && dot > word + skip ? (size_t)(dot - word) - skip : length - skip;
    bool is_file = slash || (length > 5 && strncmp(word + length - 5, ".yaml", 5) == 0);
    char *name = NULL, *path = NULL;
    if (is_file && asprintf(&name, "%.*s.yaml", (int)base, word + skip) >= 0) {
        path = find(folder, name);
        free(name);
    }
    return path;
}

char *inputs_against(const char *folder, const char *list)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = strchr(folder, ',') ? NULL : open_memstream(&text, &size);
    if (!to) {
        return strdup(list); /* a comma ends a combination */
    }
    while (*list) {
        list += strspn(list, " \t\r\n,");
        size_t length = strcspn(list, ",");
        size_t used = length;
        while (used > 0 && strchr(" \t\r\n", list[used - 1])) {
            used--;
        }
        char *copy = copy_of(folder, list, used);
        fprintf(to, "%.*s,", copy ? (int)strlen(copy) : (int)used, copy ? copy : list);
        free(copy);
        list += length;
    }
    if (fclose(to) != 0) {
        free(text);
        text = NULL;
    }
    return text;
}

bool inputs_same(const char *typed, const char *text, size_t length)
{
    size_t there = 0;
    char *bytes = strcmp(typed, "-") == 0 ? NULL : ordinary_bytes(typed, &there);
    bool same = bytes && there == length && memcmp(bytes, text, length) == 0;
    free(bytes);
    return same;
}

bool inputs_remove(const char *folder)
{
    char *path = NULL;
    bool gone = asprintf(&path, "%s/" INPUTS, folder) >= 0 && remove_folder(path);
    free(path);
    return gone;
}
