/* Reads a scenario file and looks at its bytes. See source.h. */
#include "sim/scenario/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/problem.h"
#include "sim/scenario/report.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

static void too_large(struct scenario_report *report)
{
    problem_add(report, 0, 0, NULL, "a scenario is a page of text: is this the right file?",
                "the file is larger than %d KiB, the most that is read", SCENARIO_FILE_MAX / 1024);
}

static void unreadable(struct scenario_report *report, int error)
{
    const char *hint = "";
    if (error == ENOENT) {
        hint = "check the name, and the folder you are in; see: hustings list scenarios";
    } else if (error == EACCES) {
        hint = "let yourself read it: chmod u+r";
    } else if (error == EISDIR) {
        hint = "name the files in it, such as FOLDER/*.yaml";
    }
    problem_add(report, 0, 0, NULL, hint, "cannot be read: %s", error_words(error));
}

/* Reads up to SCENARIO_FILE_MAX + 1 bytes, so that one too many can be told. -1: errno says why. */
static ssize_t read_all(int fd, char *bytes)
{
    size_t length = 0;
    while (length <= SCENARIO_FILE_MAX) {
        ssize_t got = read(fd, bytes + length, SCENARIO_FILE_MAX + 1 - length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        length += (size_t)got;
    }
    return (ssize_t)length;
}

static char *read_open(int fd, size_t *length, struct scenario_report *report)
{
    struct stat about;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > SCENARIO_FILE_MAX) {
        too_large(report);
        return NULL;
    }
    char *bytes = malloc(SCENARIO_FILE_MAX + 2);
    if (!bytes) {
        unreadable(report, ENOMEM);
        return NULL;
    }
    ssize_t got = read_all(fd, bytes);
    if (got < 0 || got > SCENARIO_FILE_MAX) {
        if (got < 0) {
            unreadable(report, errno);
        } else {
            too_large(report);
        }
        free(bytes);
        return NULL;
    }
    bytes[got] = '\0';
    *length = (size_t)got;
    return bytes;
}

static bool is_ordinary(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode));
}

char *source_read(const char *path, bool named, size_t *length, struct scenario_report *report)
{
    bool typed = named && strcmp(path, "-") == 0;
    int waits = named ? 0 : O_NONBLOCK; /* for whoever writes into a pipe */
    int fd = typed ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                   : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | waits);
    if (fd < 0) {
        unreadable(report, errno);
        return NULL;
    }
    if (!named && !is_ordinary(fd)) {
        problem_add(report, 0, 0, NULL, NULL, "this is no ordinary file, but a pipe or a device");
        close(fd);
        return NULL;
    }
    char *bytes = read_open(fd, length, report);
    close(fd);
    return bytes;
}

size_t source_mark(const char *bytes, size_t length)
{
    static const char mark[] = "\xef\xbb\xbf";
    return length >= 3 && memcmp(bytes, mark, 3) == 0 ? 3 : 0;
}

/* Whether a byte is not the first of its character. */
static bool is_inner(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t source_go(const char *bytes, size_t length, struct source_place *place, size_t character)
{
    while (place->character < character && place->byte < length) {
        do {
            place->byte++;
        } while (place->byte < length && is_inner(bytes[place->byte]));
        place->character++;
    }
    while (place->character > character && place->byte > 0) {
        do {
            place->byte--;
        } while (place->byte > 0 && is_inner(bytes[place->byte]));
        place->character--;
    }
    return place->byte;
}

/* The size of the UTF-8 character at `at`; 0: there is none. */
static size_t utf8_size(const char *at, size_t left)
{
    uint32_t code;
    char end[5] = "";
    if (left < sizeof end) { /* behind the text there may be anything */
        at = memcpy(end, at, left);
    }
    size_t size = clean_decode(at, &code);
    return code > 0 ? size : 0;
}

bool source_has_controls(const char *text)
{
    for (; *text; text++) {
        const unsigned char *at = (const unsigned char *)text;
        if ((at[0] < 0x20 && at[0] != '\n' && at[0] != '\t') || at[0] == 0x7f ||
            (at[0] == 0xc2 && at[1] < 0xa0)) {
            return true;
        }
    }
    return false;
}

static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

bool source_is_text(const char *bytes, size_t length, struct scenario_report *report)
{
    int line = 1;
    int column = 1;
    for (size_t i = 0; i < length;) {
        unsigned char byte = (unsigned char)bytes[i];
        if (is_control(byte)) {
            problem_add(report, line, column, NULL, "is this a scenario? it must be plain text",
                        "byte 0x%02x is no text", byte);
            return false;
        }
        size_t size = utf8_size(bytes + i, length - i);
        if (size == 0) {
            problem_add(report, line, column, NULL, "save the file as UTF-8 text",
                        "byte 0x%02x is not UTF-8", byte);
            return false;
        }
        line += byte == '\n';
        column = byte == '\n' ? 1 : column + 1;
        i += size;
    }
    return true;
}

/* How many bytes the line break at `at` has, as YAML 1.1 knows them; 0: it is none. */
static size_t break_size(const char *at, size_t left)
{
    if (left >= 2 && at[0] == '\r' && at[1] == '\n') {
        return 2;
    }
    if (at[0] == '\n' || at[0] == '\r') {
        return 1;
    }
    if (left >= 2 && memcmp(at, "\xc2\x85", 2) == 0) {
        return 2;
    }
    bool separator =
        left >= 3 && (memcmp(at, "\xe2\x80\xa8", 3) == 0 || memcmp(at, "\xe2\x80\xa9", 3) == 0);
    return separator ? 3 : 0;
}

char *source_excerpt(const char *bytes, size_t from, size_t to, char *out, size_t size)
{
    size_t used = 0;
    while (from + used < to && used + 1 < size &&
           break_size(bytes + from + used, to - from - used) == 0) {
        used++;
    }
    memcpy(out, bytes + from, used);
    while (used > 0 && (out[used - 1] == ' ' || out[used - 1] == '\t')) {
        used--;
    }
    out[used] = '\0';
    return out;
}
