/* What somebody probably meant who named no scenario. See shipped.h. */
#include <assert.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/results/shipped.h"
#include "sim/scenario/words.h"

#define ENDING ".yaml"

static int is_story(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name), ending = strlen(ENDING);
    return length > ending && strcmp(entry->d_name + length - ending, ENDING) == 0;
}

/* The name of a file without its folder, its number and its ending; these are cut off in place. */
static char *bare(char *name)
{
    char *slash = strrchr(name, '/');
    char *text = slash ? slash + 1 : name;
    size_t length = strlen(text), ending = strlen(ENDING), digits = strspn(text, "0123456789");
    if (length > ending && strcmp(text + length - ending, ENDING) == 0) {
        text[length - ending] = '\0';
    }
    return text[digits] == '-' ? text + digits + 1 : text;
}

/* Of the scenarios of one folder the one that is called nearly so. */
static bool near_in(const char *program, const char *folder, const char *word, char *out,
                    size_t size)
{
    char path[PATH_MAX];
    struct dirent **entries = NULL;
    int count = shipped_path(program, folder, path, sizeof path)
                    ? scandir(path, &entries, is_story, alphasort)
                    : 0;
    const char **names = calloc((size_t)(count > 0 ? count : 0) + 1, sizeof *names);
    for (int i = 0; names && i < count; i++) {
        names[i] = bare(entries[i]->d_name);
    }
    const struct vocabulary known = {.word = words_of_array, .context = names};
    const char *near = names ? words_nearest(&known, word) : NULL;
    if (near) {
        snprintf(out, size, "%s/%s", folder, near);
    }
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    free(names);
    return near != NULL;
}

bool shipped_near(const char *program, const char *word, char *out, size_t size)
{
    char name[NAME_MAX + 1];
    const char *slash = strrchr(word, '/');
    assert(size > 0);
    snprintf(name, sizeof name, "%s", slash ? slash + 1 : word);
    const char *text = bare(name);
    return near_in(program, "catalogue", text, out, size) ||
           near_in(program, "course", text, out, size);
}
