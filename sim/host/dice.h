/* Seeded dice: splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators,
 * 2014), a full-period generator of 64 bits whose whole state is one number. */
#ifndef HUSTINGS_DICE_H
#define HUSTINGS_DICE_H

#include <stdint.h>

/* The next 64 bits. */
uint64_t dice_next(uint64_t *state);

/* Uniform in [0, n), n > 0. */
uint64_t dice_below(uint64_t *state, uint64_t n);

/* Uniform in [low, high], low <= high. */
int64_t dice_between(uint64_t *state, int64_t low, int64_t high);

#endif
