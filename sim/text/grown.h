/* Lists that grow by one entry at a time. */
#ifndef HUSTINGS_TEXT_GROWN_H
#define HUSTINGS_TEXT_GROWN_H

#include <stddef.h>

/* Room for one more entry of `size` bytes in a list that holds `count` of `*capacity`: the list,
 * perhaps moved, and twice as large if it was full. NULL: memory is out, and the list is as it
 * was. */
void *grown(void *list, size_t count, size_t *capacity, size_t size);

#endif
