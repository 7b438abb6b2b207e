/* The middle of many measurements. */
#ifndef HUSTINGS_TESTS_BENCH_MEDIAN_H
#define HUSTINGS_TESTS_BENCH_MEDIAN_H

#include <stddef.h>

/* Sorts `values`, of which there is at least one, and returns the one in the middle. */
double median(double *values, size_t count);

#endif
