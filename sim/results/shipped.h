/* The scenarios that come with the program: where they lie on this machine. */
#ifndef HUSTINGS_RESULTS_SHIPPED_H
#define HUSTINGS_RESULTS_SHIPPED_H

#include <stdbool.h>
#include <stddef.h>

#define SHIPPED_SIZE 8800 /* room for a path of PATH_MAX bytes as a word of a shell */

/* Puts into `out` a word of a shell that names a shipped file or folder, such as
 * "course/first.yaml" below scenarios/, from the folder that we are in: short where scenarios/ lies
 * here, else whole. It is looked for above the program that runs, and above `program`, the name
 * that it was called by. False: it does not lie there. */
bool shipped_word(const char *program, const char *name, char *out, size_t size);

/* The same as a path, not as a word of a shell. */
bool shipped_path(const char *program, const char *name, char *out, size_t size);

/* Whether a file lies in course/ or catalogue/ of the shipped scenarios. */
bool is_shipped(const char *program, const char *path);

#endif
