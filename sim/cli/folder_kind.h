/* Folders that hustings leaves, but that are not those of a run. */
#ifndef HUSTINGS_CLI_FOLDER_KIND_H
#define HUSTINGS_CLI_FOLDER_KIND_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a folder is that of a matrix, a sweep or a part, or one that has such folders or results
 * folders in it. Then what it is, and what to do with it, is a clause in `why`. */
bool is_other_folder(const char *program, const char *folder, char *why, size_t size);

/* Says of each folder of a list that is one, in a line on stderr. False: none is. */
bool say_other_folders(const char *program, const char *verb, char *const *folders, int count);

#endif
