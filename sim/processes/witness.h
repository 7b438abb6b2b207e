/* What strangers' traffic becomes in the history: requests, replies and claims of theirs, as if
 * they had told them. The relay's process writes them into a slot of its own, the last: in a
 * stranger's, its keeper writes what it claims. From its first claim on, nothing that it believes
 * is inferred any more. The driver wakes the relay by that slot, too (run_wake_relay).
 *
 * A stranger stands at a breakpoint as a member does, but for its traffic standing instead of
 * itself: the driver finds it in its slot, applies the fault, and lets it go. While it is paused,
 * it stands on.
 *
 * What a stranger believes is inferred, and marked so. While it is stopped, it reads nothing: an
 * answer that is passed on to it then is told of when it goes on. */
#ifndef HUSTINGS_PROCESSES_WITNESS_H
#define HUSTINGS_PROCESSES_WITNESS_H

#include "sim/processes/shared.h"
#include "sim/relay/witness.h"

struct witness {
    struct shared *shared;
    const struct scenario *scenario; /* whose faults have texts; NULL: they are not told */
    uint32_t log;       /* the slot of the relay's own, whose one writer of history it is */
    int notify_fd;      /* the driver's eventfd, written when somebody stands; -1: there is none */
    const char *prefix; /* of the trial's keys; empty: none */
    uint32_t servers;   /* of several, who has it on most of them has the lock, as Redlock says */
    bool leads;         /* who has the lock leads: protocol_leads_by_claim() */
};

/* It must outlive what is returned. */
struct relay_witness witness_of(struct witness *witness);

#endif
