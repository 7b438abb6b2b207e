/* The verbs that faults are made of, in the model. Each means what the verb of the same name in
 * sim/processes/host_ops.c does to a real process.
 *
 * They are called while another process, or the same one, is in the middle of a step; so none of
 * them runs a step itself: they change what there is, and have the process look now. */
#ifndef HUSTINGS_MODEL_VERBS_H
#define HUSTINGS_MODEL_VERBS_H

#include "sim/faults/fault.h"

/* `self` unset. */
extern const struct host_ops model_verbs;

#endif
