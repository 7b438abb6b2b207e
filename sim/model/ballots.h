/* Ballots on their way: what HGETALL read, until the process that asked has it.
 *
 * A ballot must not change while it travels, though the store does. Answers to reads between two
 * changes share one copy; the copies' memory is used again.
 */
#ifndef HUSTINGS_MODEL_BALLOTS_H
#define HUSTINGS_MODEL_BALLOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/host/block.h"
#include "src/ballot.h"

#define NO_BALLOT UINT32_MAX

struct ballot_copy {
    struct vote *votes;
    uint32_t count; /* of votes */
    uint32_t users; /* answers on their way that point here */
};

/* Owned by the model: ballots_free(). Start with a zeroed one, and ballots_reset() it. */
struct ballots {
    struct ballot_copy *copies;
    uint32_t count;
    size_t capacity;
    uint32_t newest; /* the copy that is as the store is now, or NO_BALLOT */
    uint32_t ids;    /* a copy has room for so many votes */
};

/* Nothing is on its way, and the store may be any. */
void ballots_reset(struct ballots *ballots, uint32_t ids);
void ballots_free(struct ballots *ballots);
size_t ballots_size(const struct ballots *ballots);

/* The store has changed. */
static inline void ballots_outdate(struct ballots *ballots)
{
    ballots->newest = NO_BALLOT;
}

/* A copy that no answer uses, to be filled by the caller, who is its first user and says then that
 * it is the newest. NO_BALLOT: memory is out. */
uint32_t ballots_take(struct ballots *ballots);

/* Its state, into a block or back. */
void ballots_block(struct ballots *ballots, struct block *block);

/* An answer was taken in, or lost. */
void ballots_drop(struct ballots *ballots, uint32_t copy);

#endif
