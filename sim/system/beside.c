/* Files that lie beside this executable. See beside.h. */
#include "sim/system/beside.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool file_beside_us(const char *name, char *path, size_t size)
{
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0) {
        return false;
    }
    own[length] = '\0';
    char *slash = strrchr(own, '/');
    *slash = '\0';
    snprintf(path, size, "%s/%s", own, name);
    return access(path, R_OK) == 0;
}
