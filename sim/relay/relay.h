/* The relay: one process a trial that stands between some of the trial's processes and the Redis,
 * and does to their links what the driver orders.
 *
 *     node 2 ──▶ listener 2 ─┐            ┌─▶ a connection of its own ─▶ Redis
 *     node 3 ──▶ listener 3 ─┤ one relay  ├─▶ …
 *     master ──▶ listener 0 ─┘     ▲      └─▶ …
 *                              │ order, answer (a socket pair)
 *                            driver
 *
 * It is there only if a scenario has link faults, and only processes that these concern go through
 * it. Every connection of a process has a connection of its own to the Redis, which lives until all
 * that was sent on it has arrived: that is how a late packet comes from a sender who has long died.
 * What is done to a message is decided by the pure rooms beside this: channel.h and link_faults.h.
 *
 * The relay never makes up a byte, never changes one and never harms the server: the worst that the
 * Redis sees is a client that comes late, is silent, or goes. One of its connections is silent from
 * the first to the last: the monitor, by which it knows at once that the Redis is gone. From then
 * on connecting is refused at its listeners as it is at the Redis's own.
 *
 * World failures (no descriptors, no memory) end it, with one line for the driver.
 */
#ifndef HUSTINGS_RELAY_RELAY_H
#define HUSTINGS_RELAY_RELAY_H

#include <sys/socket.h>

#include "sim/faults/fault.h"

#define RELAY_ERROR 160

/* What it is to do. */
struct relay_plan {
    const char *folder;  /* where its listeners are; it exists */
    const uint16_t *ids; /* the processes that go through it, ascending */
    uint32_t count;
    struct sockaddr_storage redis; /* where the Redis is */
    socklen_t redis_length;
    uint64_t seed; /* of the trial: for jitter */
    int control;   /* its end of a SOCK_SEQPACKET pair, whose other end is the driver's */
};

/* The life of the forked process. */
_Noreturn void relay_run(const struct relay_plan *plan);

/* --- the driver's side ------------------------------------------------------------------------ */

/* Waits until the listeners are open. False with one line in `error`. */
bool relay_await(int control, char error[RELAY_ERROR]);

/* Has an order carried out on the link of `id`; it is in force when this returns. `*changed`:
 * whether it made sense, as verbs say it. False with one line in `error`: the relay is dead. */
bool relay_order(int control, uint16_t id, const struct link_order *order, bool *changed,
                 char error[RELAY_ERROR]);

/* Tells it that the Redis is dead; when this returns, connecting is refused at all listeners, but
 * cut ones, as it is at the Redis's own. The monitor alone may be late: the relay may have looked
 * while the Redis was dying but still listened, and wait for a processor ever since. False with one
 * line in `error`: the relay is dead. */
bool relay_redis_gone(int control, char error[RELAY_ERROR]);

/* Why it died, if it said so. */
void relay_last_words(int control, char error[RELAY_ERROR]);

#endif
