/* The processors of the machine. */
#ifndef HUSTINGS_SYSTEM_PROCESSORS_H
#define HUSTINGS_SYSTEM_PROCESSORS_H

#include <stdint.h>

/* So many as this process may use, at least 1 and at most `most`: a scheduler gives it a part of
 * the machine. */
uint32_t processors(uint32_t most);

#endif
