/* What is made of recorded results goes to a file. See output.h. */
#include "sim/results/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/results/files.h"

/* --- writing ---------------------------------------------------------------------------------- */

/* Into what is there, or is made there. */
static bool write_into(const char *path, const char *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        return false;
    }
    bool wrote = write_all(fd, bytes, length);
    int error = errno;
    if (close(fd) != 0 && wrote) {
        return false;
    }
    errno = error;
    return wrote;
}

/* Through a link to what is not there yet: it is made empty, so that it has a name of its own. */
static bool write_through(const char *link, const char *bytes, size_t length)
{
    if (!write_into(link, "", 0)) {
        return false;
    }
    bool wrote = rewrite_file(link, bytes, length);
    char *made = wrote ? NULL : realpath(link, NULL);
    if (made) {
        int error = errno;
        unlink(made);
        errno = error;
        free(made);
    }
    return wrote;
}

bool output_write(const char *path, const char *bytes, size_t length)
{
    struct stat status;
    if (strcmp(path, "-") == 0) {
        return write_all(STDOUT_FILENO, bytes, length);
    }
    if (stat(path, &status) == 0) {
        errno = EISDIR;
        return !S_ISDIR(status.st_mode) &&
               (S_ISREG(status.st_mode) ? rewrite_file(path, bytes, length)
                                        : write_into(path, bytes, length));
    }
    return lstat(path, &status) == 0 ? write_through(path, bytes, length)
                                     : replace_file(path, bytes, length);
}

/* --- what must not be written over ------------------------------------------------------------ */

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool output_is(const char *path, const char *input)
{
    struct stat output, read;
    return stat(path, &output) == 0 &&
           (strcmp(input, "-") == 0 ? fstat(STDIN_FILENO, &read) : stat(input, &read)) == 0 &&
           is_same(&output, &read);
}

/* Whether the file is one of those in the folder whose names match one of the patterns. */
static bool is_among(const struct stat *file, const char *folder, const char *const *patterns)
{
    DIR *open = opendir(folder);
    bool found = false;
    const struct dirent *entry;
    while (open && !found && (entry = readdir(open))) {
        struct stat status;
        bool matches = false;
        for (size_t i = 0; patterns[i] && !matches; i++) {
            matches = fnmatch(patterns[i], entry->d_name, FNM_PERIOD) == 0;
        }
        found = matches && fstatat(dirfd(open), entry->d_name, &status, 0) == 0 &&
                is_same(file, &status);
    }
    if (open) {
        closedir(open);
    }
    return found;
}

bool output_is_recorded(const char *path, const char *folder)
{
    static const char *const left_by_runs[] = {
        "run.json",        "datapackage.json",    "elections.csv",
        "trials.csv",      "violations.csv",      "summary.csv",
        "matrix.csv",      "matrix.svg",          "sweep.csv",
        "sweep.svg",       "advice.txt",          "cells.txt",
        "plan.txt",        "load.*.sql",          "scenario*.yaml",
        "*by-hand-*.yaml", "*trial-[0-9]*.jsonl", NULL};
    static const char *const cells[] = {"*.yaml", NULL};
    struct stat file;
    char inside[4200];
    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode)) {
        return false;
    }
    snprintf(inside, sizeof inside, "%s/history", folder);
    if (is_among(&file, folder, left_by_runs) || is_among(&file, inside, left_by_runs)) {
        return true;
    }
    snprintf(inside, sizeof inside, "%s/cells", folder); /* a matrix leaves scenarios there */
    return is_among(&file, inside, cells);
}
