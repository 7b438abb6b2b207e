/* Files that are replaced as a whole, whenever the writer is killed, and files that grow: when
 * writing fails, by all that is appended at once or by nothing. Only a kill in the midst of a write
 * may leave a part of it at the end.
 *
 * Every function that returns false did nothing, because the world failed, and left errno set;
 * file_hint() turns that into advice. */
#ifndef HUSTINGS_RESULTS_FILES_H
#define HUSTINGS_RESULTS_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* A file that grows. */
struct growing {
    char *path;
    int fd;                /* -1: not open */
    off_t length, shorter; /* of the file, now and before the last growing_append() */
};

/* Creates the file, or replaces it, with these bytes in it. Ends with growing_close() in any case.
 */
bool growing_open(struct growing *file, const char *path, const char *bytes, size_t length);

/* Appends all of it, or nothing. */
bool growing_append(struct growing *file, const char *bytes, size_t length);

/* Takes the last growing_append() back; once, not twice. */
void growing_undo(struct growing *file);

/* Closes it; one that was never opened, all zero, is fine. */
bool growing_close(struct growing *file);

/* Makes a folder and those above it; one that exists is fine. */
bool make_folders(const char *path);

/* Writes all of it, in as few calls as it takes. */
bool write_all(int fd, const char *bytes, size_t length);

/* The path of a temporary file beside `path`; the caller's to free(). NULL: memory is out. */
char *beside(const char *path);

/* Replaces a file: a reader sees the old one or the new one, never a part. */
bool replace_file(const char *path, const char *bytes, size_t length);

/* The same of a file that may be large: `write` writes it to `file`, and returns false if memory is
 * out or something could not be written. */
bool replace_file_by(const char *path, bool (*write)(void *self, FILE *file), void *self);

/* The same as replace_file(), of somebody's own file: it keeps its mode, and even a power cut
 * leaves the old one or the new one. */
bool rewrite_file(const char *path, const char *bytes, size_t length);

/* Lets the symbolic link `path` point at `to`, whether it exists or not. */
bool replace_link(const char *path, const char *to);

/* What to do about an errno of a failed write: "free some space, or …". */
const char *file_hint(int error);

#endif
