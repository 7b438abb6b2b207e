/* Seeded dice. See dice.h. */
#include "sim/host/dice.h"

#include "sim/host/host.h"

/* Multiply-and-shift in two halves: unbiased enough for n far below 2^32, and the same everywhere.
 */
uint64_t dice_below(uint64_t *state, uint64_t n)
{
    uint64_t roll = dice_next(state);
    if (n <= UINT32_MAX) {
        return ((roll >> 32) * n) >> 32;
    }
    return roll % n;
}

int64_t dice_between(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)dice_below(state, (uint64_t)(high - low) + 1);
}

uint64_t trial_seed(uint64_t seed, uint32_t number)
{
    if (number <= 1) {
        return seed;
    }
    uint64_t state = seed + (number - 1) * 0x9e3779b97f4a7c15ULL;
    return dice_next(&state);
}
