/* What the relay tells of programs, fitted to what else is known of them: it hears a little later
 * than things happen, and of what they believe it knows only what shows.
 *
 *     a request that it heard of while its sender stood still or was dead    was sent before that
 *     a request that the relay passed on later, which removes or extends     was sent when it was
 *     a lock that may be another's by then: it stood, or was held up         passed on
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

/* In `request.zero` of what is no request, but tells that the relay passed on just now the one of
 * this process with this number. None is in a history. */
#define WITNESSED_SENT 1

static inline bool witnessed_is_sent(const struct history_event *event)
{
    return (event->kind & (OF_RELAY - 1)) == HISTORY_REQUEST &&
           event->request.zero == WITNESSED_SENT;
}

/* Of the lock's request to this server that was counted with this number. */
struct history_event witnessed_sent(uint8_t server, uint32_t number);

/* Takes these out of the history, from that event on. */
void witnessed_forget_sent(struct history *history, size_t from);

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
