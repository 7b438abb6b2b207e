/* Logarithms and powers of two in integers, so that they come out the same everywhere: fixed-point
 * numbers with 32 bits after the point. Good to 8 decimal places; for setting up, not for speed. */
#ifndef HUSTINGS_MODEL_FIXED_H
#define HUSTINGS_MODEL_FIXED_H

#include <stdint.h>

#define FIXED_ONE (INT64_C(1) << 32)

/* The logarithm of x >= 1 to the base 2. */
int64_t fixed_log2(uint64_t x);

/* 2^power, rounded to a whole number; 0 <= power < 62. */
int64_t fixed_exp2(int64_t power);

#endif
