/* Whether a library of ours in LD_PRELOAD gets into a program and takes hold of its clock, as far
 * as the program's file tells. */
#ifndef HUSTINGS_SYSTEM_LOADING_H
#define HUSTINGS_SYSTEM_LOADING_H

#include <stdbool.h>
#include <stddef.h>

/* Finds a program as execvp() does: from the working directory, by PATH. False: there is none. */
bool loading_find(const char *word, char *path, size_t size);

/* Whether it can. Of a script, its interpreter counts, also behind env. Nothing is started. False
 * with the reason in `why`, as it follows a comma: "/usr/bin/x is linked statically". */
bool loading_is_possible(const char *path, char *why, size_t size);

#endif
