/* Opens ordinary files alone. See ordinary.h. */
#include "sim/text/ordinary.h"

#include <errno.h>
#include <fcntl.h>
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
