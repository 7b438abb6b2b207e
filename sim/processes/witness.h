/* What strangers' traffic becomes in the history: requests, replies and claims of theirs, as if
 * they had told them. The relay's process writes them into the strangers' slots, whose only writer
 * it is.
 *
 * What a stranger believes is inferred, and told so by the claim's reason. While a stranger is
 * stopped, an answer that is passed on to it is told of, though it cannot have read it. */
#ifndef HUSTINGS_PROCESSES_WITNESS_H
#define HUSTINGS_PROCESSES_WITNESS_H

#include "sim/processes/shared.h"
#include "sim/relay/witness.h"

/* Both must outlive it. */
struct relay_witness witness_of(struct shared *shared);

#endif
