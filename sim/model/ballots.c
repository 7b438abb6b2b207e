/* Ballots on their way. See ballots.h. */
#include "sim/model/ballots.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/text/grown.h"

void ballots_reset(struct ballots *ballots, uint32_t ids)
{
    assert(ballots->count == 0 || ballots->ids == ids);
    ballots->ids = ids;
    ballots->newest = NO_BALLOT;
    for (uint32_t i = 0; i < ballots->count; i++) {
        ballots->copies[i].users = 0;
    }
}

void ballots_free(struct ballots *ballots)
{
    for (uint32_t i = 0; i < ballots->count; i++) {
        free(ballots->copies[i].votes);
    }
    free(ballots->copies);
    *ballots = (struct ballots){0};
}

size_t ballots_size(const struct ballots *ballots)
{
    return ballots->capacity * sizeof *ballots->copies +
           (size_t)ballots->count * ballots->ids * sizeof(struct vote);
}

static bool reserve(struct ballots *ballots)
{
    struct ballot_copy *copies =
        grown(ballots->copies, ballots->count, &ballots->capacity, sizeof *copies);
    ballots->copies = copies ? copies : ballots->copies;
    return copies != NULL;
}

/* One more copy, which nobody uses. */
static bool add(struct ballots *ballots)
{
    struct vote *votes = reserve(ballots) ? malloc(ballots->ids * sizeof *votes) : NULL;
    if (votes) {
        ballots->copies[ballots->count++] = (struct ballot_copy){.votes = votes};
    }
    return votes;
}

/* Few are on their way at once: only those who decide read ballots, most of them one by one. */
uint32_t ballots_take(struct ballots *ballots)
{
    uint32_t copy = 0;
    while (copy < ballots->count && (ballots->copies[copy].users > 0 || copy == ballots->newest)) {
        copy++;
    }
    if (copy == ballots->count && !add(ballots)) {
        return NO_BALLOT;
    }
    ballots->copies[copy].users = 1;
    return copy;
}

/* As many copies as there are in the block. */
static bool set_count(struct ballots *ballots, uint32_t count)
{
    assert(ballots->ids > 0);
    while (ballots->count > count) {
        free(ballots->copies[--ballots->count].votes);
    }
    while (ballots->count < count && add(ballots)) {
    }
    return ballots->count == count;
}

void ballots_block(struct ballots *ballots, struct block *block)
{
    uint32_t count = ballots->count;
    block_piece(block, &count, sizeof count);
    block_piece(block, &ballots->newest, sizeof ballots->newest);
    if (!block->lacks_memory) {
        block->lacks_memory = !set_count(ballots, count);
    }
    for (uint32_t i = 0; i < ballots->count; i++) {
        struct ballot_copy *copy = &ballots->copies[i];
        block_piece(block, &copy->count, sizeof copy->count);
        block_piece(block, &copy->users, sizeof copy->users);
        block_piece(block, copy->votes, ballots->ids * sizeof *copy->votes);
    }
}

void ballots_drop(struct ballots *ballots, uint32_t copy)
{
    assert(ballots->copies[copy].users > 0);
    ballots->copies[copy].users--;
}
