/* The report: the page with its data. See report.h. */
#include "sim/report/report.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/report/document.h"
#include "sim/report/escape.h"
#include "sim/report/page.h"
#include "sim/results/files.h"
#include "sim/text/errors.h"

bool report_is_built(char *error, size_t error_size)
{
    if (!page_has_d3) {
        snprintf(error, error_size,
                 "hustings was built without d3, which draws the page: install the package "
                 "node-d3, and build again (sim/hustings does so by itself)");
    }
    return page_has_d3;
}

/* The page with the data of the folders. False: `data` says why, or errno. */
static bool put_page(FILE *file, struct data *data, char *const *folders, size_t count)
{
    fwrite(page_before, 1, page_before_size, file);
    data->file = escaped(file);
    if (!data->file) {
        return false;
    }
    bool good = document_write(data, folders, count);
    good = fclose(data->file) == 0 && good;
    fwrite(page_after, 1, page_after_size, file);
    return fflush(file) == 0 && !ferror(file) && good;
}

/* What is written where. */
struct writing {
    struct data data;
    char *temporary; /* owned; NULL: straight onto the target, which is no ordinary file */
    FILE *file;
};

/* Ordinary files are made beside the target, and take its place when they are whole. */
static bool open_target(struct writing *writing, const char *path)
{
    struct stat status;
    if (strcmp(path, "-") == 0) {
        writing->file = stdout;
        return true;
    }
    bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (!exists || S_ISREG(status.st_mode)) {
        writing->temporary = beside(path);
        if (!writing->temporary) {
            errno = ENOMEM;
            return false;
        }
    }
    writing->file = fopen(writing->temporary ? writing->temporary : path, "we");
    return writing->file != NULL;
}

/* Closes it; what is whole takes its place, what is not goes. False with errno set. */
static bool close_target(struct writing *writing, const char *path, bool good)
{
    int because = errno;
    bool closed = writing->file == stdout || fclose(writing->file) == 0;
    if (good && !closed) {
        because = errno;
    }
    good = good && closed;
    if (writing->temporary && good && rename(writing->temporary, path) != 0) {
        because = errno;
        good = false;
    }
    if (writing->temporary && !good) {
        unlink(writing->temporary);
    }
    errno = because;
    return good;
}

static bool wrong(const char *path, char *error, size_t error_size)
{
    if (errno == EISDIR) {
        snprintf(error, error_size, "%s: this is a folder; name a file: -o %s/report.html", path,
                 path);
    } else {
        snprintf(error, error_size, "%s: %s; %s", path, error_words(errno),
                 errno == ENOSPC ? "free some space, or name another file with -o"
                                 : "name another file with -o");
    }
    return false;
}

bool report_write(const struct report_options *options, char *const *folders, size_t count,
                  struct report_written *written, char *error, size_t error_size)
{
    struct writing writing = {.data = {.options = options}};
    struct data *data = &writing.data;
    assert(count > 0 && page_has_d3);
    *written = (struct report_written){0};
    if (options->out) {
        snprintf(written->path, sizeof written->path, "%s", options->out);
    } else {
        snprintf(written->path, sizeof written->path, "%s/report.html", folders[0]);
    }
    if (!open_target(&writing, written->path)) {
        free(writing.temporary);
        return wrong(written->path, error, error_size);
    }
    bool good = put_page(writing.file, data, folders, count);
    long bytes = writing.temporary ? ftell(writing.file) : 0;
    good = close_target(&writing, written->path, good);
    free(writing.temporary);
    written->bytes = bytes > 0 ? (size_t)bytes : 0;
    written->runs = data->runs;
    written->histories = data->histories;
    written->left_out = data->left_out;
    written->missing = data->missing;
    written->bare = data->bare;
    written->cut = data->cut;
    memcpy(written->first_missing, data->first_missing, sizeof written->first_missing);
    if (data->error[0]) {
        snprintf(error, error_size, "%s", data->error);
        return false;
    }
    return good || wrong(written->path, error, error_size);
}
