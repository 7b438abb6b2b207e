/* The clock of the machine. See clock.h. */
#include "sim/text/clock.h"

#include <time.h>

#include "src/units.h"

int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}
