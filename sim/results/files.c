/* Files that are replaced as a whole, folders and links. See files.h; growing.c has the files that
 * grow. */
#include "sim/results/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool write_all(int fd, const char *bytes, size_t length)
{
    while (length) {
        ssize_t wrote = write(fd, bytes, length);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            return false;
        }
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return true;
}

static bool make_folder(const char *path)
{
    struct stat found;
    if (mkdir(path, 0777) == 0) {
        return true;
    }
    int error = errno;
    if (error == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode)) {
        return true;
    }
    errno = error == EEXIST ? ENOTDIR : error;
    return false;
}

bool make_folders(const char *path)
{
    char *part = strdup(path);
    if (!part) {
        return false;
    }
    bool made = true;
    for (char *slash = part + 1; made && *path && (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        made = make_folder(part);
        *slash = '/';
    }
    made = made && make_folder(part);
    free(part);
    return made;
}

char *beside(const char *path)
{
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    char *temporary;
    return asprintf(&temporary, "%.*s.%s.part-%d", folder, path, path + folder, (int)getpid()) < 0
               ? NULL
               : temporary;
}

/* `like`: the status of the file that it will replace, whose mode it takes, and it is on the disk
 * before it does; NULL: never mind. */
static bool create_whole(const char *path, const char *bytes, size_t length,
                         const struct stat *like)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        return false;
    }
    bool wrote = write_all(fd, bytes, length) &&
                 (!like || (fchmod(fd, like->st_mode & 07777) == 0 && fsync(fd) == 0));
    int error = errno;
    if (close(fd) != 0 && wrote) {
        return false;
    }
    errno = error;
    return wrote;
}

/* Puts what was made at `temporary` into place, or takes it away again. */
static bool move_into_place(bool made, const char *temporary, const char *path)
{
    if (made && rename(temporary, path) == 0) {
        return true;
    }
    int error = errno;
    unlink(temporary);
    errno = error;
    return false;
}

static bool replace(const char *path, const char *bytes, size_t length, const struct stat *like)
{
    char *temporary = beside(path);
    if (!temporary) {
        return false;
    }
    bool replaced = move_into_place(create_whole(temporary, bytes, length, like), temporary, path);
    free(temporary);
    return replaced;
}

bool replace_file(const char *path, const char *bytes, size_t length)
{
    return replace(path, bytes, length, NULL);
}

/* What could not be written leaves its errno: each later attempt fails likewise. */
static bool create_by(const char *path, bool (*write)(void *self, FILE *file), void *self)
{
    FILE *file = fopen(path, "we");
    if (!file) {
        return false;
    }
    errno = ENOMEM;
    bool wrote = write(self, file);
    int error = errno;
    if (fclose(file) != 0) {
        return false;
    }
    errno = error;
    return wrote;
}

bool replace_file_by(const char *path, bool (*write)(void *self, FILE *file), void *self)
{
    char *temporary = beside(path);
    if (!temporary) {
        return false;
    }
    bool replaced = move_into_place(create_by(temporary, write, self), temporary, path);
    free(temporary);
    return replaced;
}

bool rewrite_file(const char *path, const char *bytes, size_t length)
{
    struct stat status;
    char *real = realpath(path, NULL); /* a link to it stays one */
    bool rewritten = real && stat(real, &status) == 0 && replace(real, bytes, length, &status);
    free(real);
    return rewritten;
}

bool replace_link(const char *path, const char *to)
{
    char *temporary = beside(path);
    if (!temporary) {
        return false;
    }
    unlink(temporary); /* what a killed run with our process id may have left */
    bool replaced = move_into_place(symlink(to, temporary) == 0, temporary, path);
    free(temporary);
    return replaced;
}

const char *file_hint(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return "free some space, or choose another folder";
    case EFBIG:
        return "raise the limit on file sizes (ulimit -f)";
    case EACCES:
    case EPERM:
        return "choose a folder that you may write to";
    case EROFS:
        return "the file system is read-only, choose another folder";
    case EISDIR:
    case ENOTDIR:
    case EEXIST:
        return "something else is in the way, move it or choose another folder";
    case EMFILE:
    case ENFILE:
        return "raise the limit on open files (ulimit -n)";
    case ENAMETOOLONG:
        return "choose a folder with a shorter path";
    default:
        return "choose another folder";
    }
}
