/* Where the shipped scenarios lie. See shipped.h. */
#include "sim/results/shipped.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/results/command.h"

#define SCENARIOS "scenarios"
#define MARK "scenario.schema.json" /* by which the folder is known; there may be others so named */
#define FOLDERS_ABOVE 4             /* the program lies in sim/, build/ or a folder below it */

/* Whether the scenarios lie in FOLDER/WAY; then the whole path of that. */
static bool lie_in(const char *folder, const char *way, char found[PATH_MAX])
{
    char path[3 * PATH_MAX];
    snprintf(path, sizeof path, "%s/%s/" SCENARIOS "/" MARK, folder, way);
    if (!realpath(path, found)) {
        return false;
    }
    *strrchr(found, '/') = '\0';
    return true;
}

/* Finds the folder of the scenarios: where it is installed, seen from the program's own folder
 * (HUSTINGS_SHARED, see sim/cmake/install.cmake), or else in a folder above it. */
static bool find_from(const char *program, char found[PATH_MAX])
{
    char folder[PATH_MAX];
    if (!realpath(program, folder)) {
        return false;
    }
    char *slash = strrchr(folder, '/');
    *slash = '\0';
    if (lie_in(folder, HUSTINGS_SHARED, found)) {
        return true;
    }
    for (int i = 0; slash && i < FOLDERS_ABOVE; i++) {
        if (lie_in(folder, ".", found)) {
            return true;
        }
        slash = strrchr(folder, '/');
        if (slash) {
            *slash = '\0';
        }
    }
    return false;
}

/* Finds scenarios/NAME. */
static bool find(const char *program, const char *name, char found[PATH_MAX])
{
    char folder[PATH_MAX], path[2 * PATH_MAX];
    if (!find_from("/proc/self/exe", folder) &&
        !(program && strchr(program, '/') && find_from(program, folder))) {
        return false;
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return realpath(path, found);
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
