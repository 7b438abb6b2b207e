/* The file of finished cells. See grid.h; what runs them: grid_run.c. */
#include "sim/grid/grid.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/grid/head.h"
#include "sim/grid/lines.h"
#include "sim/results/files.h"
#include "sim/text/errors.h"

/* The file, open, and what is in it. */
struct grid {
    char *path; /* of the file */
    int fd;
    char head[GRID_HEAD]; /* the first line, without its end */
    int64_t length;       /* of the file */
    int64_t *offsets;     /* [cells]: where the line of a cell begins; 0: it is not finished */
    size_t cells, finished;
};

/* --- reading ---------------------------------------------------------------------------------- */

/* By errno. */
static bool world_failed(const char *path, const char *what, char *error, size_t size)
{
    int number = errno;
    snprintf(error, size, "%s: cannot %s: %s; %s", path, what, error_words(number),
             file_hint(number));
    return false;
}

/* --- writing ---------------------------------------------------------------------------------- */

static bool append_bytes(struct grid *grid, const char *bytes, size_t length)
{
    if (lseek(grid->fd, (off_t)grid->length, SEEK_SET) >= 0 && write_all(grid->fd, bytes, length)) {
        grid->length += (int64_t)length;
        return true;
    }
    int error = errno;
    if (ftruncate(grid->fd, (off_t)grid->length) != 0) {
        error = errno;
    }
    errno = error;
    return false;
}

bool grid_add(struct grid *grid, size_t cell, const char *line, char *error, size_t error_size)
{
    char *text = NULL, head[LINE_HEAD];
    assert(cell < grid->cells && !grid_has(grid, cell));
    line_head(cell, line, head);
    int length = asprintf(&text, "%s%s\n", head, line);
    if (length < 0) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    int64_t at = grid->length;
    bool good = append_bytes(grid, text, (size_t)length) ||
                world_failed(grid->path, "write", error, error_size);
    free(text);
    if (good) {
        grid->offsets[cell] = at;
        grid->finished++;
    }
    return good;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* A line of our own file. */
static bool take_own(void *self, size_t cell, const char *line, int64_t at, char *error,
                     size_t size)
{
    struct grid *grid = self;
    (void)line;
    if (grid_has(grid, cell)) {
        snprintf(error, size, "%s: cell %zu is in it twice; take another folder", grid->path, cell);
        return false;
    }
    grid->offsets[cell] = at;
    grid->finished++;
    return true;
}

/* Whether what is there, which is shorter than a head, is a part of ours; else it is somebody's. */
static bool is_our_beginning(const struct grid *grid, FILE *file, char *error, size_t size)
{
    char bytes[sizeof grid->head];
    size_t got = fread(bytes, 1, sizeof bytes, file);
    if (strncmp(bytes, grid->head, got) == 0) {
        return true;
    }
    snprintf(error, size, "%s: it is not of hustings; take another folder", grid->path);
    return false;
}

/* What is in the file already. A part of a line at its end is cut off. */
static bool read_own(struct grid *grid, char *error, size_t size)
{
    struct stat about;
    int copy = dup(grid->fd);
    FILE *file = copy >= 0 ? fdopen(copy, "r") : NULL;
    if (!file || fstat(grid->fd, &about) != 0) {
        return world_failed(grid->path, "read", error, size);
    }
    /* Killed before the head was whole: it is begun anew. */
    bool begun = about.st_size > (off_t)strlen(grid->head);
    bool good = begun || is_our_beginning(grid, file, error, size);
    if (begun) {
        const struct lines_reader reader = {grid->path, grid->head, grid->cells, grid, take_own};
        good = lines_read(&reader, file, &grid->length, error, size);
    }
    fclose(file);
    if (good && ftruncate(grid->fd, (off_t)grid->length) != 0) {
        good = world_failed(grid->path, "write", error, size);
    }
    if (good && !begun) {
        char head[sizeof grid->head + 1];
        snprintf(head, sizeof head, "%s\n", grid->head);
        good = append_bytes(grid, head, strlen(head)) ||
               world_failed(grid->path, "write", error, size);
    }
    return good;
}

/* Whether the path still leads to the file that we have locked: another hustings may have put one
 * in its place (grid_seal()) between our open() and our flock(). */
static bool is_still_there(const struct grid *grid)
{
    struct stat locked, there;
    return fstat(grid->fd, &locked) == 0 && stat(grid->path, &there) == 0 &&
           locked.st_dev == there.st_dev && locked.st_ino == there.st_ino;
}

/* Locks it. Where a file system has no locks, it goes without. */
static bool lock(struct grid *grid, char *error, size_t size)
{
    if (flock(grid->fd, LOCK_EX | LOCK_NB) == 0 || errno == ENOLCK || errno == EOPNOTSUPP ||
        errno == ENOSYS) {
        return true;
    }
    if (errno != EWOULDBLOCK) {
        return world_failed(grid->path, "lock", error, size);
    }
    snprintf(error, size,
             "%s: another hustings is at work on it; wait for that, or take another folder",
             grid->path);
    return false;
}

static bool open_file(struct grid *grid, char *error, size_t size)
{
    for (;;) {
        grid->fd = open(grid->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (grid->fd < 0) {
            return world_failed(grid->path, "open", error, size);
        }
        if (!lock(grid, error, size)) {
            return false;
        }
        if (is_still_there(grid)) {
            return read_own(grid, error, size);
        }
        close(grid->fd);
    }
}

struct grid *grid_open(const char *folder, const struct grid_plan *plan, char *error,
                       size_t error_size)
{
    struct grid *grid = calloc(1, sizeof *grid);
    assert(plan->cells >= 1 && plan->cells <= GRID_CELLS_MAX);
    if (grid) {
        *grid = (struct grid){.fd = -1, .cells = plan->cells};
        grid->offsets = calloc(plan->cells, sizeof *grid->offsets);
        if (asprintf(&grid->path, "%s/" GRID_FILE, folder) < 0) {
            grid->path = NULL;
        }
    }
    if (!grid || !grid->offsets || !grid->path) {
        snprintf(error, error_size, "out of memory for %zu cells", plan->cells);
        grid_close(grid);
        return NULL;
    }
    head_write(grid->head, plan);
    if (!open_file(grid, error, error_size)) {
        grid_close(grid);
        return NULL;
    }
    return grid;
}

void grid_close(struct grid *grid)
{
    if (grid) {
        if (grid->fd >= 0) {
            close(grid->fd);
        }
        free(grid->path);
        free(grid->offsets);
        free(grid);
    }
}

/* --- what is in it ---------------------------------------------------------------------------- */

size_t grid_finished(const struct grid *grid)
{
    assert(grid->finished <= grid->cells);
    return grid->finished;
}

size_t grid_cells(const struct grid *grid)
{
    assert(grid->cells >= 1);
    return grid->cells;
}

bool grid_has(const struct grid *grid, size_t cell)
{
    assert(cell < grid->cells);
    return grid->offsets[cell] > 0;
}

/* Reads from where the line begins, until its end has come. */
char *grid_line(const struct grid *grid, size_t cell)
{
    assert(grid_has(grid, cell));
    for (size_t room = 512;; room *= 2) {
        char *text = malloc(room + 1);
        ssize_t got = text ? pread(grid->fd, text, room, (off_t)grid->offsets[cell]) : -1;
        if (got <= 0) {
            free(text);
            return NULL;
        }
        text[got] = '\0';
        char *end = strchr(text, '\n');
        char *tab = strchr(text, '\t');
        tab = tab ? strchr(tab + 1, '\t') : NULL;
        if (end && tab && tab < end) {
            memmove(text, tab + 1, (size_t)(end - tab - 1));
            text[end - tab - 1] = '\0';
            return text;
        }
        free(text);
        if ((size_t)got < room) {
            return NULL;
        }
    }
}

/* --- shards ----------------------------------------------------------------------------------- */

/* A line of somebody else's file. */
static bool take_other(void *self, size_t cell, const char *line, int64_t at, char *error,
                       size_t size)
{
    struct grid *grid = self;
    (void)at;
    if (!grid_has(grid, cell)) {
        return grid_add(grid, cell, line, error, size);
    }
    char *mine = grid_line(grid, cell);
    bool same = mine && strcmp(mine, line) == 0;
    free(mine);
    if (!same) {
        snprintf(error, size,
                 "cell %zu came out differently in two folders; were they made by one and the same "
                 "hustings?",
                 cell);
    }
    return same;
}

bool grid_take(struct grid *grid, const char *folder, char *error, size_t error_size)
{
    char *path = NULL;
    int64_t whole = 0;
    if (asprintf(&path, "%s/" GRID_FILE, folder) < 0) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    FILE *file = fopen(path, "re");
    bool good = file || world_failed(path, "read", error, error_size);
    const struct lines_reader reader = {path, grid->head, grid->cells, grid, take_other};
    good = good && lines_read(&reader, file, &whole, error, error_size);
    if (file) {
        fclose(file);
    }
    free(path);
    return good;
}

/* --- in order --------------------------------------------------------------------------------- */

/* Whether the lines stand in the order of the cells already. */
static bool is_in_order(const struct grid *grid)
{
    int64_t last = 0;
    for (size_t i = 0; i < grid->cells; i++) {
        if (grid->offsets[i] > 0) {
            if (grid->offsets[i] < last) {
                return false;
            }
            last = grid->offsets[i];
        }
    }
    return true;
}

/* Writes head and lines to a file that is to take the place of ours, and where each line will be.
 */
static bool write_in_order(struct grid *grid, FILE *file)
{
    int64_t at = fprintf(file, "%s\n", grid->head);
    for (size_t i = 0; at > 0 && i < grid->cells; i++) {
        char *line = grid_has(grid, i) ? grid_line(grid, i) : NULL;
        if (line) {
            char head[LINE_HEAD];
            line_head(i, line, head);
            int length = fprintf(file, "%s%s\n", head, line);
            at = length > 0 ? at + length : -1;
        } else if (grid_has(grid, i)) {
            at = -1;
        }
        free(line);
    }
    return at > 0;
}

/* Writes all to a file beside ours, locks it and puts it in the place of ours: so nobody else can
 * come between. The old one is closed. */
static bool replace(struct grid *grid, const char *new_path)
{
    int fd = open(new_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int copy = fd >= 0 ? dup(fd) : -1;
    FILE *file = copy >= 0 ? fdopen(copy, "w") : NULL;
    bool good = file && write_in_order(grid, file);
    if (file) {
        good = fclose(file) == 0 && good;
    }
    if (good) {
        flock(fd, LOCK_EX | LOCK_NB); /* nobody else knows of it */
        good = rename(new_path, grid->path) == 0;
    }
    if (!good) {
        int error = errno;
        if (fd >= 0) {
            close(fd);
        }
        unlink(new_path);
        errno = error;
        return false;
    }
    close(grid->fd);
    grid->fd = fd;
    return true;
}

bool grid_seal(struct grid *grid, char *error, size_t error_size)
{
    if (is_in_order(grid)) {
        return true;
    }
    char *new_path = beside(grid->path);
    bool good = new_path && replace(grid, new_path);
    if (!good) {
        world_failed(grid->path, "write", error, error_size);
    }
    free(new_path);
    if (!good) {
        return false;
    }
    memset(grid->offsets, 0, grid->cells * sizeof *grid->offsets);
    grid->length = 0;
    grid->finished = 0;
    return lseek(grid->fd, 0, SEEK_SET) == 0 ? read_own(grid, error, error_size)
                                             : world_failed(grid->path, "read", error, error_size);
}
