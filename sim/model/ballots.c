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

/* Few are on their way at once: only those who decide read ballots, most of them one by one. */
uint32_t ballots_take(struct ballots *ballots)
{
    uint32_t copy = 0;
    while (copy < ballots->count && (ballots->copies[copy].users > 0 || copy == ballots->newest)) {
        copy++;
    }
    if (copy == ballots->count) {
        struct vote *votes = reserve(ballots) ? malloc(ballots->ids * sizeof *votes) : NULL;
        if (!votes) {
            return NO_BALLOT;
        }
        ballots->copies[ballots->count++] = (struct ballot_copy){.votes = votes};
    }
    ballots->copies[copy].users = 1;
    return copy;
}

void ballots_drop(struct ballots *ballots, uint32_t copy)
{
    assert(ballots->copies[copy].users > 0);
    ballots->copies[copy].users--;
}
