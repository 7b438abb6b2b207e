/* What the relay tells of programs, fitted to what else is known of them: it hears a little later
 * than things happen, and of what they believe it knows only what shows.
 *
 *     a request that it heard of while its sender stood still or was dead    was sent before that
 *     an answer, or a belief, of who is dead                                 is nobody's any more
 *     what a program is inferred to believe that makes claims of its own     counts for nothing;
 *         not so that its traffic cannot be read: what it does to the lock, it does not claim
 *     requests, which the relay and the keeper count together                are counted in order
 */
#ifndef HUSTINGS_PROCESSES_WITNESSED_H
#define HUSTINGS_PROCESSES_WITNESSED_H

#include "sim/history/history.h"

/* Marks what the relay has told, in the `kind` of an event. */
#define OF_RELAY 0x40u
_Static_assert(HISTORY_KINDS <= OF_RELAY, "a kind has room for the mark");

/* Of each process. Begin with zeros, but for `claims`. */
struct witnessed {
    bool claims;      /* it makes claims of its own */
    bool runs, still; /* it was started, and is not dead; and it is paused */
    int64_t since_ns; /* it does not run, or stands still */
    bool told;        /* the relay has told of a request of its */
    uint32_t *places; /* owned; of requests: as they were counted → as they are now; or NULL */
    uint32_t count, room;
};

/* Takes out of the history, whose events are in order of time, what counts for nothing, and moves
 * others to when they were. The order is to be made again. */
void witnessed_fit(struct history *history, struct witnessed *processes);

/* Counts the requests anew, in order. False: memory is out. */
bool witnessed_count(struct history *history, struct witnessed *processes, uint32_t count);

#endif
