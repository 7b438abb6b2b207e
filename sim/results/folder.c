/* What all that write into a results folder need: paths in it, its tables, what went wrong. See
 * folder.h. */
#include "sim/results/folder.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "sim/text/errors.h"

bool folder_failed(struct results *results, const char *path)
{
    int error = errno;
    snprintf(results->error, sizeof results->error, "%.300s: cannot write: %s; %s", path,
             error_words(error), file_hint(error));
    return false;
}

bool folder_out_of_memory(struct results *results)
{
    snprintf(results->error, sizeof results->error, "%.300s: cannot write: memory is out; %s",
             results->path, "close other programs or run fewer trials at once with --jobs");
    return false;
}

char *folder_inside(struct results *results, const char *format, ...)
{
    char name[256];
    char *path;
    assert(results->path);
    va_list values;
    va_start(values, format);
    vsnprintf(name, sizeof name, format, values);
    va_end(values);
    if (asprintf(&path, "%s/%s", results->path, name) < 0) {
        folder_out_of_memory(results);
        return NULL;
    }
    return path;
}

bool folder_append(struct results *results, enum results_table table)
{
    struct csv *rows = &results->rows[table];
    assert(table < TABLES && rows->cells == 0);
    if (rows->failed) {
        return folder_out_of_memory(results);
    }
    struct growing *file = &results->tables[table];
    return growing_append(file, rows->bytes, rows->length) || folder_failed(results, file->path);
}
