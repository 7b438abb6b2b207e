/* A file that grows by whole trials. See files.h. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/results/files.h"

bool growing_open(struct growing *file, const char *path, const char *bytes, size_t length)
{
    *file = (struct growing){.path = strdup(path), .fd = -1, .length = (off_t)length};
    if (!file->path || !replace_file(path, bytes, length)) {
        return false;
    }
    file->fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    return file->fd >= 0;
}

/* Leaves errno alone. */
static void cut(struct growing *file, off_t length)
{
    assert(length >= 0 && length <= file->length);
    int error = errno;
    if (ftruncate(file->fd, length) == 0) {
        file->length = length;
    }
    errno = error;
}

bool growing_append(struct growing *file, const char *bytes, size_t length)
{
    assert(file->fd >= 0);
    file->shorter = file->length;
    if (!write_all(file->fd, bytes, length)) {
        cut(file, file->shorter);
        return false;
    }
    file->length += (off_t)length;
    return true;
}

void growing_undo(struct growing *file)
{
    assert(file->shorter <= file->length);
    if (file->length != file->shorter) {
        cut(file, file->shorter);
    }
}

bool growing_close(struct growing *file)
{
    bool whole = !file->path || file->fd < 0 || close(file->fd) == 0;
    free(file->path);
    *file = (struct growing){0};
    return whole;
}
