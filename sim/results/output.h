/* Where somebody wants what is made of recorded results (-o FILE): a page, an export. */
#ifndef HUSTINGS_RESULTS_OUTPUT_H
#define HUSTINGS_RESULTS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* Writes all of it to `path`; "-" is standard output. An ordinary file is replaced as a whole, and
 * a symbolic link goes on to point where it does; what is no ordinary file (a pipe, a device) is
 * written into. False: the world failed, errno is set, and nothing half is left. */
bool output_write(const char *path, const char *bytes, size_t length);

/* Whether two paths lead to the same file or folder, by whatever names; "-" as `input` is what
 * standard input reads. False, too, if one is not there. */
bool output_is(const char *path, const char *input);

/* Whether `path` leads to a file that a run, a sweep or a matrix left in its folder, or to a
 * history in a folder of histories: nobody wants to lose that. */
bool output_is_recorded(const char *path, const char *folder);

#endif
