/* The lines of a file of cells. See lines.h. */
#include "sim/grid/lines.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/digest.h"
#include "sim/text/errors.h"

/* Whether the first line is as it must be. */
static bool read_head(const struct lines_reader *reader, FILE *file, int64_t *whole, char *error,
                      size_t size)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t got = getline(&line, &capacity, file);
    bool ours = got > 0 && line[got - 1] == '\n';
    if (ours) {
        line[got - 1] = '\0';
        ours = strcmp(line, reader->head) == 0;
    }
    if (!ours) {
        snprintf(error, size,
                 "%s: it is of another run: another file, other values, trials or seed, or another "
                 "version; give the same again, or take another folder",
                 reader->path);
    }
    *whole = got;
    free(line);
    return ours;
}

void line_head(size_t cell, const char *line, char out[LINE_HEAD])
{
    assert(!strchr(line, '\n'));
    snprintf(out, LINE_HEAD, "%zu\t%016" PRIx64 "\t", cell,
             digest_bytes(line, strlen(line)) + cell);
}

/* What a line says: which cell, and what of it, in the line. False: it is not one of ours. */
static bool take_apart(const struct lines_reader *reader, char *line, size_t *cell,
                       const char **rest)
{
    char *end;
    unsigned long long number = strtoull(line, &end, 10);
    if (*line < '0' || *line > '9' || *end != '\t' || number >= reader->cells) {
        return false;
    }
    const char *text = strchr(end + 1, '\t');
    char head[LINE_HEAD];
    *cell = (size_t)number;
    *rest = text ? text + 1 : end;
    line_head(*cell, *rest, head);
    return strncmp(line, head, strlen(head)) == 0;
}

bool lines_read(const struct lines_reader *reader, FILE *file, int64_t *whole, char *error,
                size_t size)
{
    char *line = NULL;
    size_t capacity = 0;
    int64_t number = 1;
    ssize_t got;
    assert(reader->take && reader->cells > 0);
    bool good = read_head(reader, file, whole, error, size);
    while (good && (got = getline(&line, &capacity, file)) > 0 && line[got - 1] == '\n') {
        size_t cell;
        const char *rest;
        line[got - 1] = '\0';
        number++;
        if (strlen(line) + 1 != (size_t)got || !take_apart(reader, line, &cell, &rest)) {
            snprintf(error, size,
                     "%s:%" PRId64
                     ": this line is not as hustings left it; run it again, into another "
                     "folder",
                     reader->path, number);
            good = false;
        } else {
            good = reader->take(reader->self, cell, rest, *whole, error, size);
        }
        *whole += got;
    }
    free(line);
    if (good && ferror(file)) {
        snprintf(error, size, "%s: cannot read: %s", reader->path, error_words(errno));
        good = false;
    }
    return good;
}
