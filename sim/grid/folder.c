/* The folder that a grid leaves its results in. See folder.h. */
#include "sim/grid/folder.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sim/grid/head.h"
#include "sim/results/command.h"
#include "sim/results/files.h"
#include "sim/text/errors.h"

static char *failed(char *path, char *error, size_t size)
{
    int number = errno;
    snprintf(error, size, "%s: cannot be made: %s; %s", path ? path : "results",
             error_words(number), file_hint(number));
    free(path);
    return NULL;
}

/* A new one, by the time; two that begin in the same second get two. */
static char *new_folder(const char *kind, const char *name, char *error, size_t size)
{
    char when[32];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    if (strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc) == 0 || !make_folders("results")) {
        return failed(NULL, error, size);
    }
    for (unsigned turn = 1;; turn++) {
        char *path, suffix[16] = "";
        if (turn > 1) {
            snprintf(suffix, sizeof suffix, "-%u", turn);
        }
        if (asprintf(&path, "results/%s-%s-%s%s", when, kind, name, suffix) < 0) {
            return failed(NULL, error, size);
        }
        if (mkdir(path, 0777) == 0) {
            return replace_link("results/latest", strrchr(path, '/') + 1)
                       ? path
                       : failed(path, error, size);
        }
        if (errno != EEXIST) {
            return failed(path, error, size);
        }
        free(path);
    }
}

char *grid_folder(const char *into, const char *kind, const char *name, struct shard shard,
                  char *error, size_t error_size)
{
    char *base = NULL, *path = NULL;
    assert(shard.index < shard.count);
    if (!into && shard.count == 1) {
        return new_folder(kind, name, error, error_size);
    }
    if (into ? asprintf(&base, "%s", into) < 0 : asprintf(&base, "results/%s-%s", kind, name) < 0) {
        return failed(NULL, error, error_size);
    }
    if (shard.count == 1) {
        path = base;
    } else {
        int length = asprintf(&path, "%s/shard-%u-of-%u", base, shard.index + 1, shard.count);
        free(base);
        if (length < 0) {
            return failed(NULL, error, error_size);
        }
    }
    return make_folders(path) ? path : failed(path, error, error_size);
}

static bool is_there(const char *folder, const char *name)
{
    char *path = NULL;
    bool there = asprintf(&path, "%s/%s", folder, name) > 0 && access(path, F_OK) == 0;
    free(path);
    return there;
}

const char *grid_taken(const char *folder, const char *const *names)
{
    assert(folder && names);
    while (*names && !is_there(folder, *names)) {
        names++;
    }
    return *names && !grid_is_in(folder) ? *names : NULL;
}

bool grid_refuse_taken(const char *folder, const char *const *names, char *error, size_t size)
{
    const char *taken = grid_taken(folder, names);
    if (taken) {
        snprintf(error, size,
                 "%s/%s is there already, and this command did not leave it there; take another "
                 "folder",
                 folder, taken);
    }
    return !taken;
}

bool grid_one_folder(const char *folder, const char *other)
{
    struct stat here, there;
    return stat(folder, &here) == 0 && stat(other, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

size_t grid_into(const char *folder, struct shard shard)
{
    const char *slash = shard.count > 1 ? strrchr(folder, '/') : NULL;
    assert(shard.count == 1 || slash);
    return slash ? (size_t)(slash - folder) : strlen(folder);
}

bool grid_write_by(const char *folder, const char *name, bool (*write)(void *self, FILE *file),
                   void *self, char *error, size_t error_size)
{
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    bool good = replace_file_by(path, write, self);
    if (!good) {
        int number = errno;
        snprintf(error, error_size, "%s: cannot write: %s; %s", path, error_words(number),
                 file_hint(number));
    }
    free(path);
    return good;
}

char *grid_into_word(const char *folder, struct shard shard, char *out, size_t size)
{
    char *into = strndup(folder, grid_into(folder, shard));
    assert(size > 0);
    shell_word(into ? into : folder, out, size);
    free(into);
    return out;
}

/* Bytes that are there already. */
struct whole {
    const char *bytes;
    size_t length;
};

static bool write_whole(void *self, FILE *file)
{
    const struct whole *whole = self;
    return fwrite(whole->bytes, 1, whole->length, file) == whole->length;
}

bool grid_write(const char *folder, const char *name, const char *bytes, size_t length, char *error,
                size_t error_size)
{
    return grid_write_by(folder, name, write_whole, &(struct whole){bytes, length}, error,
                         error_size);
}
