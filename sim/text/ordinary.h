/* Opens what lies in a folder that somebody gave: only an ordinary file. A pipe or a device that is
 * found there would keep the reader waiting, or never end. What a person names by itself may be a
 * pipe: that is not for this. */
#ifndef HUSTINGS_TEXT_ORDINARY_H
#define HUSTINGS_TEXT_ORDINARY_H

#include <stdio.h>

/* For reading. NULL: `why` says why not, in a clause; it is a constant. */
FILE *ordinary_open(const char *path, const char **why);

#endif
