/* Opens ordinary files alone. See ordinary.h. */
#include "sim/text/ordinary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/text/errors.h"

FILE *ordinary_open(const char *path, const char **why)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd >= 0 && fstat(fd, &status) == 0 && !S_ISREG(status.st_mode)) {
        close(fd);
        *why = S_ISDIR(status.st_mode) ? error_words(EISDIR)
                                       : "this is no ordinary file, but a pipe or a device";
        return NULL;
    }
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (!file) {
        *why = error_words(errno);
        if (fd >= 0) {
            close(fd);
        }
    }
    return file;
}

char *ordinary_bytes(const char *path, size_t *length)
{
    const char *why;
    char *bytes = NULL, part[4096];
    size_t got;
    FILE *from = ordinary_open(path, &why);
    FILE *to = from ? open_memstream(&bytes, length) : NULL;
    while (to && (got = fread(part, 1, sizeof part, from)) > 0) {
        fwrite(part, 1, got, to);
    }
    bool good = to && !ferror(from);
    if (to) {
        good = fclose(to) == 0 && good;
    }
    if (from) {
        fclose(from);
    }
    if (!good) {
        free(bytes);
    }
    return good ? bytes : NULL;
}
