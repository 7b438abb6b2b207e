/* Seeded random numbers: splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, 2014), a full-period generator of 64 bits whose whole state is one number. */
#ifndef HUSTINGS_HOST_RNG_H
#define HUSTINGS_HOST_RNG_H

#include <stdint.h>

/* What run.json calls the generator; its state is the seed that stands beside it. */
#define DICE_NAME "splitmix64"

/* The next 64 bits. In the header because the model throws them a hundred times a microsecond. */
static inline uint64_t rng_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/* Uniform in [0, n), n > 0. */
uint64_t rng_below(uint64_t *state, uint64_t n);

/* Uniform in [low, high], low <= high. */
int64_t rng_between(uint64_t *state, int64_t low, int64_t high);

/* Exponentially distributed with this mean: the time to the next of many independent chances. The
 * same everywhere: it compares and adds, and takes no logarithm. */
int64_t rng_exponential(uint64_t *state, int64_t mean);

#endif
