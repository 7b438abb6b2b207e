/* The processors of the machine. See processors.h. */
#include "sim/system/processors.h"

#include <sched.h>

uint32_t processors(uint32_t most)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : (uint32_t)count > most ? most : (uint32_t)count;
}
