/* Units of time. All times in the program are whole nanoseconds, in an int64_t. */
#ifndef HUSTINGS_UNITS_H
#define HUSTINGS_UNITS_H

#include <stdint.h>

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)
#define NS_PER_M (60 * NS_PER_S)
#define NS_PER_H (60 * NS_PER_M)

#endif
