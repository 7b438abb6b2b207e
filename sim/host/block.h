/* A block of plain bytes that holds a state: the state writes itself into it piece by piece, and
 * reads itself back by the same calls in the same order. There are no pointers in it, so it can be
 * copied, and kept for as long as one likes.
 *
 *     measure: how large the block must be     save: state ──▶ block     load: block ──▶ state
 */
#ifndef HUSTINGS_HOST_BLOCK_H
#define HUSTINGS_HOST_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum block_way { BLOCK_MEASURE, BLOCK_SAVE, BLOCK_LOAD };

/* Start with zeroes, but for `way`, and `to` or `from`. */
struct block {
    uint8_t *to;         /* SAVE: where the next piece goes */
    const uint8_t *from; /* LOAD: where it comes from */
    size_t size;         /* of the pieces so far */
    uint8_t way;         /* enum block_way */
    bool lacks_memory; /* LOAD: a list could not be made large enough; what was loaded is useless */
};

/* The next piece. Nothing in it may be a pointer. */
void block_piece(struct block *block, void *piece, size_t size);

/* The entries of a list that grows, of which there are `count` (a piece of its own that stands
 * before). Loading makes room. Returns the list, perhaps moved. */
void *block_list(struct block *block, void *list, size_t count, size_t *capacity, size_t size);

#endif
