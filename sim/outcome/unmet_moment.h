/* Why a fault of a scenario never became due in a trial, in one clause. */
#ifndef HUSTINGS_OUTCOME_UNMET_MOMENT_H
#define HUSTINGS_OUTCOME_UNMET_MOMENT_H

#include "sim/faults/fault.h"

/* "node 2 never led", into `out`; returns it. */
char *unmet_moment(const struct fault_spec *spec, char *out, size_t size);

#endif
