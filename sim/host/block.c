/* A block of plain bytes. See block.h. */
#include "sim/host/block.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void block_piece(struct block *block, void *piece, size_t size)
{
    assert(block->way == BLOCK_MEASURE ||
           (block->way == BLOCK_SAVE ? block->to != NULL : block->from != NULL));
    assert(size == 0 || piece);
    block->size += size;
    if (block->way == BLOCK_MEASURE || size == 0 || block->lacks_memory) {
        return;
    }
    if (block->way == BLOCK_SAVE) {
        memcpy(block->to, piece, size);
        block->to += size;
    } else {
        memcpy(piece, block->from, size);
        block->from += size;
    }
}

void *block_list(struct block *block, void *list, size_t count, size_t *capacity, size_t size)
{
    if (block->way == BLOCK_LOAD && count > *capacity && !block->lacks_memory) {
        void *larger = realloc(list, count * size);
        if (larger) {
            list = larger;
            *capacity = count;
        }
        block->lacks_memory = !larger;
    }
    assert(count <= *capacity || block->lacks_memory);
    block_piece(block, list, count * size);
    return list;
}
