/* Files that are never half-written: appended to in whole rows, or replaced as a whole.
 *
 * Every function returns false when the world fails, with errno set; file_mend() turns that into
 * advice. */
#ifndef HUSTINGS_RESULTS_FILES_H
#define HUSTINGS_RESULTS_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A file that grows by whole rows. */
struct growing {
    int fd;
    off_t length; /* of the whole rows in it */
};

/* Creates the file; it must not exist yet. */
bool growing_open(struct growing *file, const char *path);

/* Appends all of it by one write, or nothing: what a failed write left is cut off again. */
bool growing_append(struct growing *file, const char *bytes, size_t length);

/* Cuts it back to an earlier length. */
void growing_cut(struct growing *file, off_t length);

/* Closes it; one that is not open (fd -1) is fine. */
bool growing_close(struct growing *file);

/* Makes a folder and those above it; one that exists is fine. */
bool make_folders(const char *path);

/* The path of a temporary file beside `path`; the caller's to free(). NULL: memory is out. */
char *beside(const char *path);

/* Replaces a file: a reader sees the old one or the new one, never a part. */
bool replace_file(const char *path, const char *bytes, size_t length);

/* Lets the symbolic link `path` point at `to`, whether it exists or not. */
bool replace_link(const char *path, const char *to);

/* What to do about an errno of a failed write: "free some space, or …". */
const char *file_mend(int error);

#endif
