/* Lists that grow by one entry at a time. */
#ifndef HUSTINGS_TEXT_GROWN_H
#define HUSTINGS_TEXT_GROWN_H

#include <stddef.h>

/* A list of `*capacity` entries, made twice as large. NULL: memory is out. */
void *twice_as_large(void *list, size_t *capacity, size_t size);

/* Room for one more entry of `size` bytes in a list that holds `count` of `*capacity`: the list,
 * perhaps moved. NULL: memory is out, and the list is as it was. */
static inline void *grown(void *list, size_t count, size_t *capacity, size_t size)
{
    return count < *capacity ? list : twice_as_large(list, capacity, size);
}

#endif
