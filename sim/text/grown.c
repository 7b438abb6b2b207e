/* Lists that grow. See grown.h. */
#include "sim/text/grown.h"

#include <stdlib.h>

void *twice_as_large(void *list, size_t *capacity, size_t size)
{
    size_t more = *capacity ? 2 * *capacity : 8;
    void *moved = realloc(list, more * size);
    if (moved) {
        *capacity = more;
    }
    return moved;
}
