/* How far apart two samples are: the two-sample Kolmogorov–Smirnov distance.
 *
 *     D = the largest difference, over all x, between the share of A that is at most x and that
 *         of B that is at most x: from 0 (equal) to 1 (apart)
 *
 *     bound = sqrt(ln(2 / 0.05) / 2) × sqrt((n + m) / (n × m)) = 1.358 × sqrt((n + m) / (n × m))
 *
 * Two samples of n and m that come from one distribution are further apart than the bound in 5 % of
 * all cases (in fewer, if values are tied or n and m are small: the formula is that of large ones).
 * A distance below its bound is no sign of a difference. */
#ifndef HUSTINGS_COMPARE_DISTANCE_H
#define HUSTINGS_COMPARE_DISTANCE_H

#include <stddef.h>
#include <stdint.h>

/* Of two ascending samples, n, m > 0. */
double ks_distance(const int64_t *a, size_t n, const int64_t *b, size_t m);

double ks_bound(size_t n, size_t m);

#endif
