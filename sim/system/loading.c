/* Whether a library gets into a program. See loading.h. */
#include "sim/system/loading.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sim/text/errors.h"

/* A script whose interpreter is a script, and so on: the kernel goes no further either. */
#define SCRIPTS_MAX 5

/* The notes of a program are at its beginning, and short. */
#define NOTES_MAX 4096

static bool runnable(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

bool loading_find(const char *word, char *path, size_t size)
{
    const char *folders = getenv("PATH"); /* NOLINT(concurrency-mt-unsafe) */
    if (strchr(word, '/')) {
        snprintf(path, size, "%s", word);
        return runnable(path);
    }
    while (folders && *folders) {
        size_t length = strcspn(folders, ":");
        snprintf(path, size, "%.*s%s%s", (int)length, folders, length > 0 ? "/" : "", word);
        if (runnable(path)) {
            return true;
        }
        folders += length + (folders[length] == ':');
    }
    return false;
}

/* --- a program's file ------------------------------------------------------------------------- */

/* What is at this place of a file, as a text. False: it is not there. */
static bool read_at(int fd, uint64_t at, uint64_t length, char *text, size_t size)
{
    size_t wanted = length < size - 1 ? (size_t)length : size - 1;
    ssize_t got = pread(fd, text, wanted, (off_t)at);
    text[got > 0 ? got : 0] = '\0';
    return got == (ssize_t)wanted;
}

/* Whether these notes have one of Go's linker. */
static bool has_go_note(const char *notes, size_t length)
{
    ElfW(Nhdr) note;
    for (size_t at = 0; at + sizeof note <= length;) {
        memcpy(&note, notes + at, sizeof note);
        size_t name = at + sizeof note;
        if (name + 4 <= length && note.n_namesz == 4 && memcmp(notes + name, "Go\0", 4) == 0) {
            return true;
        }
        at = name + ((note.n_namesz + 3) & ~3u) + ((note.n_descsz + 3) & ~3u);
    }
    return false;
}

/* What a program's file says of how it is loaded. */
struct headers {
    bool good; /* it is a program of this machine's kind */
    bool go;
    char loader[PATH_MAX]; /* its dynamic loader; "": it has none */
};

static void read_headers(int fd, struct headers *headers)
{
    char begin[sizeof(ElfW(Ehdr)) + 1], notes[NOTES_MAX + 1];
    ElfW(Ehdr) head;
    *headers = (struct headers){.good = read_at(fd, 0, sizeof head, begin, sizeof begin)};
    memcpy(&head, begin, sizeof head);
    headers->good = headers->good && memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 &&
                    head.e_phentsize == sizeof(ElfW(Phdr));
    for (unsigned i = 0; headers->good && i < head.e_phnum; i++) {
        char text[sizeof(ElfW(Phdr)) + 1];
        ElfW(Phdr) part;
        headers->good = read_at(fd, head.e_phoff + i * sizeof part, sizeof part, text, sizeof text);
        memcpy(&part, text, sizeof part);
        if (headers->good && part.p_type == PT_INTERP) {
            read_at(fd, part.p_offset, part.p_filesz, headers->loader, sizeof headers->loader);
        }
        if (headers->good && part.p_type == PT_NOTE &&
            read_at(fd, part.p_offset, part.p_filesz, notes, sizeof notes)) {
            size_t length = part.p_filesz < NOTES_MAX ? (size_t)part.p_filesz : NOTES_MAX;
            headers->go = headers->go || has_go_note(notes, length);
        }
    }
}

/* Under another user, or with capabilities, the loader ignores LD_PRELOAD. */
static bool is_privileged(int fd)
{
    struct stat status;
    return fstat(fd, &status) != 0 || (status.st_mode & (S_ISUID | S_ISGID)) != 0 ||
           fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

/* Why it cannot be loaded into this program; NULL: it can. */
static const char *why_not(int fd)
{
    struct headers its, ours = {.good = false};
    int own = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (own >= 0) {
        read_headers(own, &ours);
        close(own);
    }
    read_headers(fd, &its);
    if (!its.good) {
        return "is no program of this machine's kind";
    }
    if (is_privileged(fd)) {
        return "is setuid, setgid or has capabilities, so LD_PRELOAD is ignored";
    }
    if (its.go) {
        return "is written in Go, which asks the kernel for the time, not the C library";
    }
    if (its.loader[0] == '\0') {
        return "is linked statically";
    }
    return strcmp(its.loader, ours.loader) == 0 ? NULL : "has another C library than hustings";
}

/* --- a script --------------------------------------------------------------------------------- */

/* Makes of the first line of a script the path of its interpreter. False: there is none. */
static bool find_interpreter(char *line, char *path, size_t size)
{
    char *rest;
    line[strcspn(line, "\n")] = '\0';
    const char *word = strtok_r(line, " \t", &rest);
    const char *slash = word ? strrchr(word, '/') : NULL;
    const char *behind = slash && strcmp(slash, "/env") == 0 ? strtok_r(NULL, " \t", &rest) : NULL;
    if (behind && strcmp(behind, "-S") == 0) {
        behind = strtok_r(NULL, " \t", &rest);
    }
    bool by_env = behind && *behind != '-' && !strchr(behind, '=');
    return word && loading_find(by_env ? behind : word, path, size);
}

bool loading_is_possible(const char *path, char *why, size_t size)
{
    char program[PATH_MAX], begin[256];
    snprintf(program, sizeof program, "%s", path);
    for (int i = 0; i < SCRIPTS_MAX; i++) {
        int fd = open(program, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            snprintf(why, size, "%.200s cannot be read: %s", program, error_words(errno));
            return false;
        }
        read_at(fd, 0, sizeof begin - 1, begin, sizeof begin);
        bool script = strncmp(begin, ELFMAG, SELFMAG) != 0;
        const char *reason = script ? NULL : why_not(fd);
        close(fd);
        if (!script) {
            snprintf(why, size, "%.200s %s", program, reason ? reason : "can be");
            return reason == NULL;
        }
        if (strncmp(begin, "#!", 2) != 0) { /* execvp() gives it to the shell */
            snprintf(program, sizeof program, "/bin/sh");
        } else if (!find_interpreter(begin + 2, program, sizeof program)) {
            snprintf(why, size, "%.200s has an interpreter that is not there", path);
            return false;
        }
    }
    snprintf(why, size, "%.200s is a script of a script of a script", path);
    return false;
}
