/* Quantiles of the standard normal distribution, as integers: 24 bits after the point. */
#ifndef HUSTINGS_MODEL_NORMAL_H
#define HUSTINGS_MODEL_NORMAL_H

#include <stdint.h>

#define NORMAL_CELLS 512
#define NORMAL_ONE (INT32_C(1) << 24)

/* The quantile cell / 512, for cell from 1 to 511. */
int32_t normal_body(int cell);

/* Within the last of these cells: the quantile 1 - (512 - cell) / 2^18, for cell from 0 to 512; the
 * last, which would be infinite, is that of 1 - 2^-19. */
int32_t normal_tail(int cell);

/* The 99th percentile. */
#define NORMAL_P99 39029641

#endif
