/* The lessons of the course. See lessons.h. */
#include "sim/cli/lessons.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/results/shipped.h"
#include "sim/scenario/load.h"
#include "sim/text/errors.h"

/* Loads a file behind those that are there. False with one line in `error`. */
static bool add(struct lessons *lessons, const char *path, char *error, size_t error_size)
{
    struct scenario *scenario = &lessons->list[lessons->count];
    struct scenario_report *report = malloc(sizeof *report);
    assert(lessons->count < LESSONS_MAX);
    if (!report) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    bool good = scenario_load(path, scenario, report);
    if (!good) {
        const struct scenario_problem *problem = &report->problems[0];
        snprintf(error, error_size, "%s:%d: %s; see: hustings lint", path, problem->line,
                 problem->message);
    } else if (!scenario->lesson) {
        snprintf(error, error_size, "%s asks nothing: it has no ask: and answer:", path);
        scenario_free(scenario);
        good = false;
    }
    free(report);
    lessons->count += good;
    return good;
}

static bool is_lesson(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, in order; owned. Returns how many, at most LESSONS_MAX. */
static size_t list_folder(DIR *files, char *names[LESSONS_MAX])
{
    size_t count = 0;
    for (const struct dirent *file = readdir(files); file && count < LESSONS_MAX;
         file = readdir(files)) {
        if (is_lesson(file->d_name) && (names[count] = strdup(file->d_name))) {
            count++;
        }
    }
    qsort(names, count, sizeof *names, by_name);
    return count;
}

bool lessons_load(struct lessons *lessons, const char *program, char *error, size_t error_size)
{
    char folder[PATH_MAX], path[PATH_MAX + 300];
    char *names[LESSONS_MAX];
    *lessons = (struct lessons){.count = 0};
    if (!shipped_path(program, "course", folder, sizeof folder)) {
        snprintf(
            error, error_size,
            "the lessons (scenarios/course) are not beside this program; name one by its file");
        return false;
    }
    DIR *files = opendir(folder);
    if (!files) {
        snprintf(error, error_size, "%s: %s", folder, error_words(errno));
        return false;
    }
    size_t count = list_folder(files, names);
    closedir(files);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        good = good && add(lessons, path, error, error_size);
        free(names[i]);
    }
    if (good && lessons->count == 0) {
        snprintf(error, error_size, "there are no lessons in %s", folder);
    }
    if (!good) {
        lessons_free(lessons);
    }
    return lessons->count > 0;
}

bool lessons_load_file(struct lessons *lessons, const char *path, char *error, size_t error_size)
{
    *lessons = (struct lessons){.count = 0};
    return add(lessons, path, error, error_size);
}

void lessons_free(struct lessons *lessons)
{
    for (size_t i = 0; i < lessons->count; i++) {
        scenario_free(&lessons->list[i]);
    }
    lessons->count = 0;
}

/* Whether its file is called so, but for the ending. */
static bool has_file(const struct scenario *lesson, const char *word)
{
    const char *slash = strrchr(lesson->path, '/'), *file = slash ? slash + 1 : lesson->path;
    size_t length = strlen(word);
    return strncmp(file, word, length) == 0 && strcmp(file + length, ".yaml") == 0;
}

int lessons_find(const struct lessons *lessons, const char *word)
{
    char *end;
    word += strncmp(word, "course/", 7) == 0 ? 7 : 0;
    unsigned long number = strtoul(word, &end, 10);
    if (*end == '\0' && end > word && number >= 1 && number <= lessons->count) {
        return (int)number - 1;
    }
    for (size_t i = 0; i < lessons->count; i++) {
        if (strcmp(lessons->list[i].name, word) == 0 || has_file(&lessons->list[i], word)) {
            return (int)i;
        }
    }
    return -1;
}

char *lesson_title(const struct scenario *lesson, enum language language, char *out, size_t size)
{
    const struct lesson_texts words = lesson_words(lesson->lesson, language);
    snprintf(out, size, "%s", words.title ? words.title : lesson->name);
    for (char *hyphen = strchr(out, '-'); hyphen && !words.title; hyphen = strchr(hyphen, '-')) {
        *hyphen = ' ';
    }
    return out;
}

char lesson_right(const struct scenario *lesson)
{
    return (char)('a' + lesson->lesson->right);
}
