/* A stream for JSON that stands in HTML: whatever is written to it reaches `file` with each `<` as
 * \u003c. In JSON a `<` can only be in a string, and there the two are the same; but nothing that a
 * stranger wrote can end the page's element, or begin one. */
#ifndef HUSTINGS_REPORT_ESCAPE_H
#define HUSTINGS_REPORT_ESCAPE_H

#include <stdio.h>

/* Ends with fclose(), which leaves `file` open; what could not be written is an error of both.
 * NULL, errno set: there is no memory. */
FILE *escaped(FILE *file);

#endif
