/* The stories and combinations of a matrix. See matrix.h. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/matrix/matrix.h"
#include "sim/scenario/identity.h"
#include "sim/scenario/load.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

#define CURED "-cured.yaml"

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

static bool is_there(const struct matrix *matrix, const char *name)
{
    for (size_t i = 0; i < matrix->story_count; i++) {
        if (strcmp(matrix->stories[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool add_file(struct matrix *matrix, const char *path)
{
    size_t size = (matrix->story_count + 1) * sizeof *matrix->stories;
    struct scenario *stories = realloc(matrix->stories, size);
    struct scenario_report *report = calloc(1, sizeof *report);
    matrix->stories = stories ? stories : matrix->stories;
    bool good = false;
    if (!stories || !report) {
        fputs("hustings matrix: out of memory\n", stderr);
    } else if (!scenario_load(path, &stories[matrix->story_count], report)) {
        scenario_report_print(stderr, path, report);
    } else if (is_there(matrix, stories[matrix->story_count].name)) {
        clean_line(stderr, "%s: there is another story of the name %s; give it a name of its own",
                   path, stories[matrix->story_count].name);
        scenario_free(&stories[matrix->story_count]);
    } else {
        good = true;
        matrix->story_count++;
    }
    free(report);
    return good;
}

static int is_story(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ends_with(entry->d_name, ".yaml") &&
           !ends_with(entry->d_name, CURED);
}

static bool add_folder(struct matrix *matrix, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_story, alphasort);
    if (count < 0) {
        clean_line(stderr, "hustings matrix: %s: %s", folder, error_words(errno));
        return false;
    }
    bool good = count > 0;
    if (!good) {
        clean_line(stderr, "hustings matrix: %s: there is no story in it, no file *.yaml", folder);
    }
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') {
        length--;
    }
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        int written = asprintf(&path, "%.*s/%s", (int)length, folder, entries[i]->d_name);
        good = written >= 0 && add_file(matrix, path) && good;
        free(written >= 0 ? path : NULL);
        free(entries[i]);
    }
    free(entries);
    return good;
}

bool matrix_add_stories(struct matrix *matrix, const char *path)
{
    struct stat status;
    bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    return is_folder ? add_folder(matrix, path) : add_file(matrix, path);
}

bool matrix_set_combinations(struct matrix *matrix, const char *list, char error[MATRIX_ERROR])
{
    assert(!matrix->combinations && "once");
    matrix->combinations = calloc(COMBINATIONS_MAX, sizeof *matrix->combinations);
    if (!matrix->combinations) {
        snprintf(error, MATRIX_ERROR, "out of memory");
        return false;
    }
    char why[COMBINATION_WHY];
    matrix->combination_count = combinations_read(list, matrix->combinations, why);
    if (matrix->combination_count == 0) {
        snprintf(error, MATRIX_ERROR, "%s", why);
    }
    return matrix->combination_count > 0;
}

void matrix_put(const struct matrix *matrix, FILE *to)
{
    for (size_t i = 0; i < matrix->combination_count; i++) {
        const char *keys = matrix->combinations[i].file.text;
        fprintf(to, "%s\n%s", matrix->combinations[i].name, keys ? keys : "");
    }
    for (size_t i = 0; i < matrix->story_count; i++) {
        scenario_put(&matrix->stories[i], to);
    }
}

uint64_t matrix_programs(const struct matrix *matrix)
{
    uint64_t number = 0;
    for (size_t i = 0; i < matrix->combination_count; i++) {
        number = number * 31 + matrix->combinations[i].file.number;
    }
    for (size_t i = 0; i < matrix->story_count; i++) {
        number = number * 31 + scenario_programs(&matrix->stories[i]);
    }
    return number;
}

void matrix_free(struct matrix *matrix)
{
    for (size_t i = 0; i < matrix->story_count; i++) {
        scenario_free(&matrix->stories[i]);
    }
    for (size_t i = 0; i < matrix->combination_count; i++) {
        combination_free(&matrix->combinations[i]);
    }
    free(matrix->stories);
    free(matrix->combinations);
    *matrix = (struct matrix){0};
}
