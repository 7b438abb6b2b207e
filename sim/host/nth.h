/* At which time a fault is done that waits for a moment: `nth` of its trigger, or one drawn by the
 * trial's seed.
 *
 * Every time from `nth` to `nth_to` is equally likely. Faults with the same `when` draw the same,
 * so they are done together, as they are where `nth` is a number. Nothing else that is random
 * depends on it. */
#ifndef HUSTINGS_HOST_NTH_H
#define HUSTINGS_HOST_NTH_H

#include "sim/scenario/scenario.h"

/* Of a fault of the scenario with TRIGGER_WHEN or TRIGGER_SETTLED; `seed` is the trial's. */
uint32_t nth_time(const struct scenario *scenario, uint16_t fault, uint64_t seed);

#endif
