/* Shares room out among those who need some. */
#ifndef HUSTINGS_REPORT_SHARE_H
#define HUSTINGS_REPORT_SHARE_H

#include <stddef.h>

/* Of `room`, whoever needs no more than an equal share gets what it needs; what that leaves is
 * shared among the others. Writes what each of `count` gets into `gets`. */
void share_out(const size_t *needs, size_t *gets, size_t count, size_t room);

#endif
