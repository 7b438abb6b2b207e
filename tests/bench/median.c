/* The middle of many measurements. See median.h. */
#include "tests/bench/median.h"

#include <stdlib.h>

static int ascending(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return *a < *b ? -1 : *a > *b;
}

double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return values[count / 2];
}
