/* The two-sample Kolmogorov–Smirnov distance. See distance.h. */
#include "sim/compare/distance.h"

#include <assert.h>
#include <math.h>

/* Walks up both samples at once. Both step over all of a tie before the shares are looked at. */
double ks_distance(const int64_t *a, size_t n, const int64_t *b, size_t m)
{
    double most = 0;
    size_t i = 0;
    size_t j = 0;
    assert(n > 0 && m > 0);
    while (i < n && j < m) {
        int64_t x = a[i] < b[j] ? a[i] : b[j];
        while (i < n && a[i] == x) {
            i++;
        }
        while (j < m && b[j] == x) {
            j++;
        }
        most = fmax(most, fabs((double)i / (double)n - (double)j / (double)m));
    }
    return most;
}

double ks_bound(size_t n, size_t m)
{
    assert(n > 0 && m > 0);
    return sqrt(log(2 / 0.05) / 2) * sqrt((double)(n + m) / ((double)n * (double)m));
}
