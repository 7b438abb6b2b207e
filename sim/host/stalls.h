/* How long a fault lasts that is `drawn`: from the scenario's table of stalls, by the seed.
 *
 * The nth stall of a trial is of the same length in every run of its seed, whomever it hits and
 * whatever else happens: so do the lengths not depend on what the cluster makes of them. */
#ifndef HUSTINGS_HOST_STALLS_H
#define HUSTINGS_HOST_STALLS_H

#include "sim/host/nemesis_state.h"

/* For how long a fault is to last that is due now; fault_lasts_ns() unless it is drawn. */
int64_t stalls_lasts_ns(const struct nemesis *nemesis, uint16_t fault);

#endif
