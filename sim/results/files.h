/* Files that are never half-written, whenever the writer is killed: replaced as a whole, or grown
 * by whole rows.
 *
 * Every function that returns false did nothing, because the world failed, and left errno set;
 * file_hint() turns that into advice. */
#ifndef HUSTINGS_RESULTS_FILES_H
#define HUSTINGS_RESULTS_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A file that grows by whole rows. */
struct growing {
    char *path;
    char *hidden;          /* its twin's; NULL: the file system cannot exchange two files */
    int fd, hidden_fd;     /* -1: not open */
    off_t length, shorter; /* of the file, now and before the last growing_append() */
    char *missing;         /* what the twin lacks */
    size_t missing_length, missing_capacity;
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

/* Lets the symbolic link `path` point at `to`, whether it exists or not. */
bool replace_link(const char *path, const char *to);

/* What to do about an errno of a failed write: "free some space, or …". */
const char *file_hint(int error);

#endif
