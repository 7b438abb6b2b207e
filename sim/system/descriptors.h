/* Descriptors 0, 1 and 2: standard input, output and error; and how many more there may be.
 *
 * Whoever calls us may have closed one of them (`hustings run … >&-`). The next file or socket that
 * is opened then gets its number, and what is printed for a person goes into a table of results, or
 * what a Redis answers is read as if it had been typed. So each of them is open before anything
 * else is. */
#ifndef HUSTINGS_SYSTEM_DESCRIPTORS_H
#define HUSTINGS_SYSTEM_DESCRIPTORS_H

#include <stdbool.h>

/* Opens /dev/null, for reading only, on each of 0, 1 and 2 that is closed: reading finds the end of
 * the file, and writing fails, as it should where nobody can see what is written. Call it first.
 * False when there is no /dev/null; errno says why. */
bool descriptors_hold(void);

/* In a forked child: from now on, descriptors `first` to `last` of 0, 1 and 2 are /dev/null, for
 * reading and writing. */
void descriptors_silence(int first, int last);

/* Closes those of `first` to `last` that are open; `last` may be UINT_MAX. */
void descriptors_close(unsigned first, unsigned last);

/* Whether standard output was closed when the program began. */
bool descriptors_output_closed(void);

/* From now on this process, and all that it starts, may have as many as the system allows it. */
void descriptors_allow_many(void);

#endif
