/* Fisher's exact test. See chance.h. */
#include "sim/compare/chance.h"

#include <assert.h>
#include <math.h>

/* Equal probabilities that were computed in two ways may differ by this part. */
#define ROUNDING 1e-7

/* The logarithm of how many ways there are to choose k of n. */
static double choices(size_t n, size_t k)
{
    return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

double chance_of(size_t a, size_t of_a, size_t b, size_t of_b)
{
    assert(a <= of_a && b <= of_b);
    size_t with = a + b; /* so many had it; how many of them are on the side of a? */
    size_t least = with > of_b ? with - of_b : 0;
    size_t most = with < of_a ? with : of_a;
    double all = choices(of_a + of_b, with);
    double seen = choices(of_a, a) + choices(of_b, b) - all;
    double sum = 0;
    for (size_t i = least; i <= most; i++) {
        double such = choices(of_a, i) + choices(of_b, with - i) - all;
        if (such <= seen + ROUNDING) {
            sum += exp(such);
        }
    }
    return fmin(sum, 1);
}
