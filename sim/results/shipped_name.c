/* Shipped scenarios by their names. See shipped.h. */
#include <assert.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/results/shipped.h"

#define ENDING ".yaml"
#define SCENARIOS "scenarios/"
#define WORD_MAX 1000 /* no name is longer */

/* Where a name without a folder is looked for, in this order. */
static const char *const folders[] = {"course", "catalogue"};

/* How long a file's name is without its ending. */
static size_t stem(const char *name)
{
    size_t length = strlen(name), ending = strlen(ENDING);
    bool has_it = length > ending && strcmp(name + length - ending, ENDING) == 0;
    return has_it ? length - ending : length;
}

static bool same(const char *a, size_t a_length, const char *b, size_t b_length)
{
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

/* Whether the file "05-the-lock-expires.yaml" may be called so: by its name, with the ending or
 * without it; without the number, too; and by the number alone, "05" or "5". */
static bool is_called(const char *file, const char *word)
{
    size_t length = stem(file), wanted = stem(word), digits = strspn(file, "0123456789");
    size_t number = digits > 0 && file[digits] == '-' ? digits + 1 : 0;
    if (!file[length]) {
        return false; /* it does not end like a scenario */
    }
    if (number > 0 && word[strspn(word, "0123456789")] == '\0') {
        return strtoul(file, NULL, 10) == strtoul(word, NULL, 10);
    }
    return same(file, length, word, wanted) || same(file + number, length - number, word, wanted);
}

/* Finds the one that is called so in a shipped folder. */
static bool find_in(const char *program, const char *folder, const char *word, char *out,
                    size_t size)
{
    char path[PATH_MAX], name[WORD_MAX + NAME_MAX + 2];
    bool found = false;
    DIR *files = shipped_path(program, folder, path, sizeof path) ? opendir(path) : NULL;
    const struct dirent *file;
    while (files && !found && (file = readdir(files))) {
        if (is_called(file->d_name, word)) {
            snprintf(name, sizeof name, "%s/%s", folder, file->d_name);
            found = shipped_path(program, name, out, size);
        }
    }
    if (files) {
        closedir(files);
    }
    return found;
}

/* The same for "course/05" and, of the folders that need not be named, "05". */
static bool find_called(const char *program, const char *word, char *out, size_t size)
{
    char folder[WORD_MAX];
    const char *slash = strrchr(word, '/');
    if (slash) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - word), word);
        return find_in(program, folder, slash + 1, out, size);
    }
    bool found = false;
    for (size_t i = 0; i < sizeof folders / sizeof *folders && !found; i++) {
        found = find_in(program, folders[i], word, out, size);
    }
    return found;
}

static bool find_folder(const char *program, const char *word, char *out, size_t size)
{
    struct stat status;
    return shipped_path(program, word, out, size) && stat(out, &status) == 0 &&
           S_ISDIR(status.st_mode);
}

/* Whether it cannot be a name, or is that of something of the user's. */
static bool is_ones_own(const char *word)
{
    return !*word || strchr("/.-", *word) || strstr(word, "..") || strlen(word) >= WORD_MAX ||
           access(word, F_OK) == 0;
}

const char *shipped_named(const char *program, const char *word, char *out, size_t size)
{
    assert(size > 0);
    if (is_ones_own(word)) {
        return word;
    }
    bool whole = strncmp(word, SCENARIOS, strlen(SCENARIOS)) == 0;
    const char *name = whole ? word + strlen(SCENARIOS) : word;
    return find_folder(program, name, out, size) || find_called(program, name, out, size) ? out
                                                                                          : word;
}

void shipped_call(const char *program, const char *path, char *out, size_t size)
{
    char word[WORD_MAX], found[PATH_MAX];
    const char *folder = NULL;
    for (const char *at = path; *path == '/' && (at = strstr(at, "/" SCENARIOS)); at++) {
        folder = at + strlen("/" SCENARIOS); /* the last one of this name */
    }
    if (folder && folder[stem(folder)]) {
        snprintf(word, sizeof word, "%.*s", (int)stem(folder), folder);
        if (strcmp(shipped_named(program, word, found, sizeof found), path) == 0) {
            path = word;
        }
    }
    snprintf(out, size, "%s", path);
}
