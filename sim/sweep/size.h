/* The size of a value: of a time in ns, or a number; and a size as one types it. */
#ifndef HUSTINGS_SWEEP_SIZE_H
#define HUSTINGS_SWEEP_SIZE_H

#include <stdbool.h>

/* The longest text of a size, with its end. */
#define SIZE_TEXT 40

/* False: it is neither a time nor a number, or longer than any that one types. */
bool size_parse(const char *text, double *size, bool *is_time);

/* "1.39s", "0.25": rounded to so many digits, of which those that say nothing are left out. Returns
 * `out`. */
char *size_text(bool is_time, double size, int digits, char out[SIZE_TEXT]);

#endif
