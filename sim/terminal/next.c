/* What to run next: the next scenario of the same folder. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "sim/terminal/parts.h"

static bool is_scenario(const char *name)
{
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* By their names without the extension, so that story.yaml stands before story-cured.yaml. */
static int compare_names(const char *a, const char *b)
{
    size_t stem_a = (size_t)(strrchr(a, '.') - a);
    size_t stem_b = (size_t)(strrchr(b, '.') - b);
    int order = memcmp(a, b, stem_a < stem_b ? stem_a : stem_b);
    return order ? order : (stem_a > stem_b) - (stem_a < stem_b);
}

bool next_scenario(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    char folder[PATH_MAX], best[256] = "";
    int length = slash ? (int)(slash - path) : 0;
    if (length >= (int)sizeof folder || !is_scenario(name)) {
        return false;
    }
    snprintf(folder, sizeof folder, "%.*s", length, path);
    DIR *files = opendir(slash ? (length ? folder : "/") : ".");
    if (!files) {
        return false;
    }
    for (const struct dirent *file = readdir(files); file; file = readdir(files)) {
        bool after = is_scenario(file->d_name) && compare_names(file->d_name, name) > 0;
        if (after && (!*best || compare_names(file->d_name, best) < 0)) {
            snprintf(best, sizeof best, "%s", file->d_name);
        }
    }
    closedir(files);
    snprintf(out, size, "%s%s%s", folder, slash ? "/" : "", best);
    return *best != '\0';
}
