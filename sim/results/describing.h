/* The files that describe tables (described.h) to programs, all of them together. */
#ifndef HUSTINGS_RESULTS_DESCRIBING_H
#define HUSTINGS_RESULTS_DESCRIBING_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/results/described.h"

/* `write` makes one as a whole; false with errno set. */
#define DESCRIBING_FILES 3
extern const struct describing_file {
    const char *name;
    bool (*write)(const char *path, const struct described *described);
} describing_files[DESCRIBING_FILES];

/* Writes all files into a folder. False with one line in `error`. */
bool describe_folder(const struct described *described, const char *folder, char *error,
                     size_t error_size);

#endif
