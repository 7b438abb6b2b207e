/* The report: the page with its data. See report.h. */
#include "sim/report/report.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/document.h"
#include "sim/report/escape.h"
#include "sim/report/page.h"
#include "sim/results/output.h"
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

/* Made in memory first: whatever ends this leaves no part of a page. */
static bool write_page(struct data *data, char *const *folders, size_t count,
                       struct report_written *written)
{
    char *page = NULL;
    FILE *memory = open_memstream(&page, &written->bytes);
    bool good = memory && put_page(memory, data, folders, count);
    int error = errno;
    if (memory && fclose(memory) != 0) {
        error = errno;
        good = false;
    }
    errno = error;
    good = good && output_write(written->path, page, written->bytes);
    error = errno;
    free(page);
    errno = error;
    return good;
}

static bool is_recorded(const char *path, char *const *folders, size_t count, char *error,
                        size_t error_size)
{
    for (size_t i = 0; i < count; i++) {
        if (output_is_recorded(path, folders[i])) {
            snprintf(error, error_size,
                     "%s: the run left this file in %s; name another file with -o", path,
                     folders[i]);
            return true;
        }
    }
    return false;
}

bool report_write(const struct report_options *options, char *const *folders, size_t count,
                  struct report_written *written, char *error, size_t error_size)
{
    struct data data = {.options = options};
    assert(count > 0 && page_has_d3);
    *written = (struct report_written){0};
    if (options->out) {
        snprintf(written->path, sizeof written->path, "%s", options->out);
    } else {
        snprintf(written->path, sizeof written->path, "%s/report.html", folders[0]);
    }
    if (is_recorded(written->path, folders, count, error, error_size)) {
        return false;
    }
    bool good = write_page(&data, folders, count, written);
    written->runs = data.runs;
    written->cells = data.cells;
    written->histories = data.histories;
    written->left_out = data.left_out;
    written->missing = data.missing;
    written->bare = data.bare;
    written->cut = data.cut;
    memcpy(written->first_missing, data.first_missing, sizeof written->first_missing);
    if (data.error[0]) {
        snprintf(error, error_size, "%s", data.error);
        return false;
    }
    return good || wrong(written->path, error, error_size);
}
