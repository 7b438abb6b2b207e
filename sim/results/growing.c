/* A file that grows by whole rows, even if the writer is killed within write(), which then may have
 * written a part.
 *
 *     elections.csv           whole, k trials               whole, k + 1 trials
 *                                               exchange
 *     .elections.csv.part-1   whole, k - 1 trials ─▶ +2 ▲▼   whole, k trials
 *
 * So there are two of it. What is appended goes to the hidden one, together with what that lacks
 * since the last time; then the two change names, in one step. Everything is written twice, and
 * nothing is ever copied. Where the file system cannot exchange files, rows are appended in place.
 */
#include "sim/results/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_to_append(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static bool exchange(const struct growing *file)
{
    return renameat2(AT_FDCWD, file->path, AT_FDCWD, file->hidden, RENAME_EXCHANGE) == 0;
}

static void do_without_twin(struct growing *file)
{
    unlink(file->hidden);
    free(file->hidden);
    file->hidden = NULL;
    if (file->hidden_fd >= 0) {
        close(file->hidden_fd);
        file->hidden_fd = -1;
    }
}

bool growing_open(struct growing *file, const char *path, const char *bytes, size_t length)
{
    *file = (struct growing){.path = strdup(path), .hidden = beside(path), .fd = -1};
    file->hidden_fd = -1;
    file->length = (off_t)length;
    if (!file->path || !file->hidden || !replace_file(path, bytes, length) ||
        (file->fd = open_to_append(path)) < 0 || !replace_file(file->hidden, bytes, length) ||
        (file->hidden_fd = open_to_append(file->hidden)) < 0) {
        return false;
    }
    if (!exchange(file)) {
        do_without_twin(file);
        return true;
    }
    return exchange(file);
}

/* --- in place ------------------------------------------------------------------------------------
 */

/* Leaves errno alone. */
static bool cut(int fd, off_t length)
{
    int error = errno;
    bool done = ftruncate(fd, length) == 0;
    errno = error;
    return done;
}

static bool append_in_place(struct growing *file, const char *bytes, size_t length)
{
    if (!write_all(file->fd, bytes, length)) {
        cut(file->fd, file->length);
        return false;
    }
    return true;
}

/* --- with a twin ---------------------------------------------------------------------------------
 */

/* Room to remember what the twin will lack. */
static bool make_room(struct growing *file, size_t length)
{
    if (length <= file->missing_capacity) {
        return true;
    }
    char *missing = realloc(file->missing, length);
    if (!missing) {
        errno = ENOMEM;
        return false;
    }
    file->missing = missing;
    file->missing_capacity = length;
    return true;
}

static void trade_places(struct growing *file)
{
    int fd = file->fd;
    file->fd = file->hidden_fd;
    file->hidden_fd = fd;
}

static bool append_to_twin(struct growing *file, const char *bytes, size_t length)
{
    off_t twin = file->length - (off_t)file->missing_length;
    if (!make_room(file, length)) {
        return false;
    }
    if (!write_all(file->hidden_fd, file->missing, file->missing_length) ||
        !write_all(file->hidden_fd, bytes, length) || !exchange(file)) {
        int error = errno;
        if (!cut(file->hidden_fd, twin)) {
            do_without_twin(file);
        }
        errno = error;
        return false;
    }
    trade_places(file);
    memcpy(file->missing, bytes, length);
    file->missing_length = length;
    return true;
}

bool growing_append(struct growing *file, const char *bytes, size_t length)
{
    file->shorter = file->length;
    if (length == 0) {
        return true;
    }
    bool appended =
        file->hidden ? append_to_twin(file, bytes, length) : append_in_place(file, bytes, length);
    file->length += appended ? (off_t)length : 0;
    return appended;
}

void growing_undo(struct growing *file)
{
    if (file->length == file->shorter) {
        return;
    }
    if (!file->hidden) {
        cut(file->fd, file->shorter);
    } else if (exchange(file)) { /* the twin is what the file was before */
        trade_places(file);
        file->missing_length = 0;
        if (!cut(file->hidden_fd, file->shorter)) {
            do_without_twin(file);
        }
    } else {
        return; /* nothing better can be done */
    }
    file->length = file->shorter;
}

bool growing_close(struct growing *file)
{
    bool whole = true;
    if (file->path) {
        whole = file->fd < 0 || close(file->fd) == 0;
        if (file->hidden) {
            do_without_twin(file);
        }
    }
    free(file->path);
    free(file->missing);
    *file = (struct growing){0};
    return whole;
}
