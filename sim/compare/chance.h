/* Whether chance explains that something happened more often on one side than on the other. */
#ifndef HUSTINGS_COMPARE_CHANCE_H
#define HUSTINGS_COMPARE_CHANCE_H

#include <stddef.h>

/* Fisher's exact test, two-sided: `a` of `of_a` had it, and `b` of `of_b`. How likely it is that
 * the two are so far apart, or further, if there is no difference between the sides: from 0 to 1,
 * and 1 if one side has none. */
double chance_of(size_t a, size_t of_a, size_t b, size_t of_b);

#endif
