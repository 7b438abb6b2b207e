/* Lists that grow. See grown.h. */
#include "sim/text/grown.h"

#include <stdlib.h>

void *grown(void *list, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return list;
    }
    size_t more = *capacity ? 2 * *capacity : 8;
    void *moved = realloc(list, more * size);
    if (moved) {
        *capacity = more;
    }
    return moved;
}
