/* Opens what lies in a folder that somebody gave: only an ordinary file. A pipe or a device that is
 * found there would keep the reader waiting, or never end. What a person names by itself may be a
 * pipe: that is not for this. */
#ifndef HUSTINGS_TEXT_ORDINARY_H
#define HUSTINGS_TEXT_ORDINARY_H

#include <stdio.h>

/* For reading. NULL: `why` says why not, in a clause; it is a constant. */
FILE *ordinary_open(const char *path, const char **why);

/* All that is in one, with a zero behind; the caller's to free(). NULL: it cannot be read, or
 * memory is out. */
char *ordinary_bytes(const char *path, size_t *length);

#endif
