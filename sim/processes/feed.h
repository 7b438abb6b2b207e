/* The events of a trial so far, for whoever watches it while it runs. Reading them costs its
 * members nothing: what they write into the shared memory is looked at there.
 *
 *     slots, the driver's own ──▶ feed_take(), 20 times a second ──▶ a history that grows
 */
#ifndef HUSTINGS_PROCESSES_FEED_H
#define HUSTINGS_PROCESSES_FEED_H

#include "sim/processes/run.h"

/* Zeroed: of no trial yet. */
struct feed {
    struct history history; /* owned */
    struct shared_place *places;
    size_t own;                   /* so many of the driver's events were taken */
    uint32_t trial;               /* 0: none */
    int64_t gone_ns[SERVERS_MAX]; /* when a fault last took the lock away */
};

/* Takes in what has happened since the last call, and begins anew if this is another trial than
 * before, one whose t0 has come. What was written late gets the time of the last event before it.
 * That the lock ran out by itself is left out, as it is heard of when the next one has it already.
 * False: memory is out. */
bool feed_take(struct feed *feed, const struct run *run);

void feed_free(struct feed *feed);

#endif
