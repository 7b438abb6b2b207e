/* The nemesis's state in a block. See nemesis.h. */
#include "sim/host/nemesis.h"

static void timers_block(struct timers *timers, struct block *block)
{
    block_piece(block, &timers->count, sizeof timers->count);
    block_piece(block, &timers->seq, sizeof timers->seq);
    timers->heap =
        block_list(block, timers->heap, timers->count, &timers->capacity, sizeof *timers->heap);
}

static void actives_block(struct actives *actives, struct block *block)
{
    block_piece(block, &actives->count, sizeof actives->count);
    block_piece(block, &actives->spare, sizeof actives->spare);
    block_piece(block, &actives->all, sizeof actives->all);
    actives->list =
        block_list(block, actives->list, actives->count, &actives->capacity, sizeof *actives->list);
    block_piece(block, actives->places, actives->place_count * sizeof *actives->places);
    block_piece(block, actives->cut_off, actives->place_count * sizeof *actives->cut_off);
}

void nemesis_block(struct nemesis *nemesis, struct block *block)
{
    block_piece(block, &nemesis->now_ns, sizeof nemesis->now_ns);
    block_piece(block, &nemesis->seed, sizeof nemesis->seed);
    block_piece(block, &nemesis->rng, sizeof nemesis->rng);
    block_piece(block, &nemesis->drawn_rng, sizeof nemesis->drawn_rng);
    block_piece(block, &nemesis->settled_count, sizeof nemesis->settled_count);
    block_piece(block, &nemesis->instances, sizeof nemesis->instances);
    block_piece(block, nemesis->server_states, sizeof nemesis->server_states);
    block_piece(block, &nemesis->healed, sizeof nemesis->healed);
    block_piece(block, &nemesis->out_of_memory, sizeof nemesis->out_of_memory);
    block_piece(block, &nemesis->down_known, sizeof nemesis->down_known);
    block_piece(block, &nemesis->down, sizeof nemesis->down);
    block_piece(block, nemesis->breakpoints, sizeof *nemesis->breakpoints);
    timers_block(&nemesis->timers, block);
    actives_block(&nemesis->actives, block);
    nemesis->last = block->way == BLOCK_LOAD ? NULL : nemesis->last;
}
