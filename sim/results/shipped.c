/* Where the shipped scenarios lie. See shipped.h. */
#include "sim/results/shipped.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/results/command.h"

#define HUSTINGS_SHARED "share/hustings" /* below the prefix, as sim/cmake/install.cmake does */
#define FOLDERS_ABOVE 4                  /* the program lies in sim/, build/ or a folder below it */

/* Finds scenarios/NAME in one of the folders above a file, or where it is installed below them. */
static bool find_above(const char *file, const char *name, char found[PATH_MAX])
{
    static const char *const places[] = {"scenarios", HUSTINGS_SHARED "/scenarios"};
    char folder[PATH_MAX], path[2 * PATH_MAX];
    if (!realpath(file, folder)) {
        return false;
    }
    for (int i = 0; i < FOLDERS_ABOVE; i++) {
        char *slash = strrchr(folder, '/');
        if (!slash) {
            return false;
        }
        *slash = '\0';
        for (size_t place = 0; place < sizeof places / sizeof *places; place++) {
            snprintf(path, sizeof path, "%s/%s/%s", folder, places[place], name);
            if (realpath(path, found)) {
                return true;
            }
        }
    }
    return false;
}

static bool find(const char *program, const char *name, char found[PATH_MAX])
{
    return find_above("/proc/self/exe", name, found) ||
           (program && strchr(program, '/') && find_above(program, name, found));
}

bool shipped_path(const char *program, const char *name, char *out, size_t size)
{
    char found[PATH_MAX], here[PATH_MAX], near[PATH_MAX];
    if (!find(program, name, found)) {
        return false;
    }
    int length = snprintf(near, sizeof near, "scenarios/%s", name);
    bool is_near = length < (int)sizeof near && realpath(near, here) && strcmp(here, found) == 0;
    return snprintf(out, size, "%s", is_near ? near : found) < (int)size;
}

bool shipped_word(const char *program, const char *name, char *out, size_t size)
{
    char path[PATH_MAX];
    if (!shipped_path(program, name, path, sizeof path)) {
        return false;
    }
    shell_word(path, out, size);
    return true;
}

bool is_shipped(const char *program, const char *path)
{
    static const char *const folders[] = {"course", "catalogue"};
    char file[PATH_MAX], found[PATH_MAX];
    if (!realpath(path, file)) {
        return false;
    }
    *strrchr(file, '/') = '\0';
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (find(program, folders[i], found) && strcmp(file, found) == 0) {
            return true;
        }
    }
    return false;
}
