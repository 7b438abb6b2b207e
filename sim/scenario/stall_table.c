/* A table of stalls. See stall_table.h. */
#include "sim/scenario/stall_table.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/text/clean.h"
#include "sim/text/errors.h"
#include "sim/text/grown.h"
#include "src/units.h"

#define FILE_MAX (16 << 20)
#define LENGTH_MAX 64 /* of what stands on a line, beside comments */
#define LONGEST_NS (24 * NS_PER_H)

/* --- one line --------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    double ns;
} units[] = {{"", 1e6}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}};

/* 0: there is no such unit. */
static double unit_of(const char *name)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(units[i].name, name) == 0) {
            return units[i].ns;
        }
    }
    return 0;
}

static bool wrong(struct stall_problem *problem, const char *text, const char *what,
                  const char *hint)
{
    char shown[LENGTH_MAX + 8];
    assert(strlen(text) <= LENGTH_MAX);
    clean_text(text, shown, sizeof shown);
    snprintf(problem->what, sizeof problem->what, "\"%s\" %s", shown, what);
    snprintf(problem->hint, sizeof problem->hint, "%s", hint);
    return false;
}

/* A number, blanks or none, a unit or none. */
static bool parse_line(const char *text, int64_t *ns, struct stall_problem *problem)
{
    static const char example[] = "write one length a line, in ms or with a unit, as 12.5 or 1.2s; "
                                  "scenarios/README.md has how to make that of a log";
    size_t digits = strspn(text, "0123456789");
    const char *end = text + digits;
    size_t behind = *end == '.' ? strspn(end + 1, "0123456789") : 0;
    if (digits == 0 || digits > 12 || (*end == '.' && behind == 0)) {
        return wrong(problem, text, "is not the length of a stall", example);
    }
    if (*end == ',') {
        return wrong(problem, text, "is not the length of a stall",
                     "write a point for the comma, as in 1.2s");
    }
    end += *end == '.' ? 1 + behind : 0;
    double unit = unit_of(end + strspn(end, " \t"));
    if (unit == 0) {
        return wrong(problem, text, "has a unit that is not known",
                     "the units are us, ms, s and m");
    }
    double length_ns = strtod(text, NULL) * unit; /* the C locale's: a point */
    if (length_ns > (double)LONGEST_NS) {
        return wrong(problem, text, "is longer than a day", example);
    }
    *ns = (int64_t)(length_ns + 0.5);
    return *ns > 0 ||
           wrong(problem, text, "is no time at all", "leave out the line, or write more than 0");
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The bytes of a line without its comment and the blanks around it. False: too long to be one. */
static bool take_line(const char *at, const char *end, char out[LENGTH_MAX + 1])
{
    const char *comment = memchr(at, '#', (size_t)(end - at));
    end = comment ? comment : end;
    while (at < end && strchr(" \t\r", *at)) {
        at++;
    }
    while (end > at && strchr(" \t\r", end[-1])) {
        end--;
    }
    size_t length = (size_t)(end - at);
    size_t kept = length < LENGTH_MAX ? length : LENGTH_MAX;
    memcpy(out, at, kept);
    out[kept] = '\0';
    return length <= LENGTH_MAX && !memchr(at, '\0', length);
}

static bool add(struct stalls *table, size_t *capacity, int64_t ns)
{
    int64_t *grown_ns = grown(table->ns, table->count, capacity, sizeof *grown_ns);
    if (grown_ns) {
        table->ns = grown_ns;
        table->ns[table->count++] = ns;
    }
    return grown_ns != NULL;
}

static bool parse_all(const char *bytes, size_t length, struct stalls *table,
                      struct stall_problem *problem)
{
    const char *end = bytes + length;
    size_t capacity = 0;
    for (const char *at = bytes; at < end; problem->line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        char text[LENGTH_MAX + 1];
        int64_t ns = 0;
        if (!take_line(at, stop, text)) {
            return wrong(problem, text, "is not the length of a stall", "is this the right file?");
        }
        if (text[0] && !parse_line(text, &ns, problem)) {
            return false;
        }
        if (text[0] && !add(table, &capacity, ns)) {
            snprintf(problem->what, sizeof problem->what, "cannot be loaded: out of memory");
            return false;
        }
        at = newline ? newline + 1 : end;
    }
    return true;
}

bool stall_table_parse(const char *bytes, size_t length, struct stalls *table,
                       struct stall_problem *problem)
{
    *table = (struct stalls){0};
    *problem = (struct stall_problem){.line = 1};
    bool good = parse_all(bytes, length, table, problem);
    if (good && table->count == 0) {
        *problem = (struct stall_problem){.line = 0};
        snprintf(problem->what, sizeof problem->what, "has no length of a stall in it");
        snprintf(problem->hint, sizeof problem->hint, "write one a line, as 12.5 or 1.2s");
        good = false;
    }
    if (!good) {
        free(table->ns);
        *table = (struct stalls){0};
    }
    assert(!good || table->count > 0);
    return good;
}

/* --- the file --------------------------------------------------------------------------------- */

static bool unreadable(struct stall_problem *problem, const char *why, const char *hint)
{
    *problem = (struct stall_problem){.line = 0};
    snprintf(problem->what, sizeof problem->what, "cannot be read: %s", why);
    snprintf(problem->hint, sizeof problem->hint, "%s", hint);
    return false;
}

/* The bytes, to be freed; NULL with errno. */
static char *read_bytes(FILE *file, size_t length)
{
    char *bytes = malloc(length + 1);
    if (bytes && fread(bytes, 1, length, file) != length) {
        errno = ferror(file) ? errno : EIO; /* it has become shorter */
        free(bytes);
        bytes = NULL;
    }
    return bytes;
}

static bool read_open(FILE *file, struct stalls *table, struct stall_problem *problem)
{
    struct stat about;
    if (fstat(fileno(file), &about) != 0) {
        return unreadable(problem, error_words(errno), "");
    }
    if (!S_ISREG(about.st_mode)) {
        return unreadable(problem, "it is not a file", "name a file with one length a line");
    }
    if (about.st_size > FILE_MAX) {
        return unreadable(problem, "it is larger than 16 MiB", "take a part of it");
    }
    char *bytes = read_bytes(file, (size_t)about.st_size);
    if (!bytes) {
        return unreadable(problem, error_words(errno), "");
    }
    bool good = stall_table_parse(bytes, (size_t)about.st_size, table, problem);
    free(bytes);
    return good;
}

bool stall_table_read(const char *path, struct stalls *table, struct stall_problem *problem)
{
    *table = (struct stalls){0};
    /* Who opens a pipe must not wait for whoever writes into it. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
    if (!file) {
        int error = errno;
        if (fd >= 0) {
            close(fd);
        }
        return unreadable(problem, error_words(error),
                          error == ENOENT ? "its place is counted from the scenario's folder" : "");
    }
    bool good = read_open(file, table, problem);
    fclose(file);
    return good;
}
