/* Seeded random numbers. See rng.h. */
#include "sim/host/rng.h"

#include <assert.h>

#include "sim/host/host.h"

/* Multiply-and-shift in two halves: unbiased enough for n far below 2^32, and the same everywhere.
 */
uint64_t rng_below(uint64_t *state, uint64_t n)
{
    assert(n > 0);
    uint64_t roll = rng_next(state);
    if (n <= UINT32_MAX) {
        return ((roll >> 32) * n) >> 32;
    }
    return roll % n;
}

int64_t rng_between(uint64_t *state, int64_t low, int64_t high)
{
    assert(low <= high);
    return low + (int64_t)rng_below(state, (uint64_t)(high - low) + 1);
}

/* The high 64 bits of a product, in two halves each. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a_low = a & UINT32_MAX;
    uint64_t b_low = b & UINT32_MAX;
    uint64_t middle = (a >> 32) * b_low + ((a_low * b_low) >> 32);
    uint64_t other = a_low * (b >> 32) + (middle & UINT32_MAX);
    return (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
}

/* Von Neumann's comparison method (1951): of ever smaller rolls in a row, an odd number says that
 * the first is the fraction, an even one that another whole mean passes. */
int64_t rng_exponential(uint64_t *state, int64_t mean)
{
    assert(mean > 0);
    enum { LONGEST = 40 }; /* e^-40: nobody will wait for that */
    for (int whole = 0; whole < LONGEST; whole++) {
        uint64_t first = rng_next(state);
        uint64_t last = first;
        bool odd = true;
        for (uint64_t roll = rng_next(state); roll < last; roll = rng_next(state)) {
            last = roll;
            odd = !odd;
        }
        if (odd) {
            return whole * mean + (int64_t)multiply_high(first, (uint64_t)mean);
        }
    }
    return LONGEST * mean;
}

uint64_t trial_seed(uint64_t seed, uint32_t number)
{
    if (number <= 1) {
        return seed;
    }
    uint64_t state = seed + (number - 1) * 0x9e3779b97f4a7c15ULL;
    return rng_next(&state);
}
