/* What a file of cells has, without a change of it. See grid.h. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/grid/grid.h"
#include "sim/grid/lines.h"
#include "sim/text/errors.h"

static bool mark(void *self, size_t cell, const char *line, int64_t at, char *error, size_t size)
{
    bool *has = self;
    (void)line;
    (void)at;
    (void)error;
    (void)size;
    has[cell] = true;
    return true;
}

bool grid_look(const char *folder, const struct grid_plan *plan, bool *has, char *error,
               size_t error_size)
{
    char *path = NULL, head[GRID_HEAD];
    int64_t whole = 0;
    assert(plan->cells >= 1 && has);
    if (asprintf(&path, "%s/" GRID_FILE, folder) < 0) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    FILE *file = fopen(path, "re");
    head_write(head, plan);
    const struct lines_reader reader = {path, head, plan->cells, has, mark};
    bool good = file && lines_read(&reader, file, &whole, error, error_size);
    if (file) {
        fclose(file);
    } else {
        snprintf(error, error_size, "%s: cannot read: %s", path, error_words(errno));
    }
    free(path);
    return good;
}
