/* Whether what befalls meets a lease at one age alone. */
#ifndef HUSTINGS_SWEEP_ONE_PLACE_H
#define HUSTINGS_SWEEP_ONE_PLACE_H

#include <stdio.h>

#include "sim/scenario/scenario.h"
#include "sim/sweep/axis.h"

/* Writes a line if a fault that keeps a leader from renewing comes at the same place of each trial,
 * nothing that befalls is drawn, and that place is no axis: the leader renewed its lease as long
 * before it each time, if no earlier fault makes a member lead anew, for when it does is drawn. It
 * says what to write. For a protocol with leases. */
void one_place_tell(FILE *file, const struct scenario *scenario, const struct axes *axes);

#endif
