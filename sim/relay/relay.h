/* The relay: one process a trial that stands between some of the trial's processes and the Redis,
 * and does to their links what the driver orders.
 *
 *     node 2 ──▶ listener 2 ─┐            ┌─▶ a connection of its own ─▶ Redis
 *     node 3 ──▶ listener 3 ─┤ one relay  ├─▶ …
 *     master ──▶ listener 0 ─┘     ▲      └─▶ …       (with several servers: a listener for each
 *                                  │                    process and server)
 *                              │ order, answer (a socket pair)
 *                            driver
 *
 * It is there only if a scenario has link faults or strangers, and only processes that these
 * concern go through it. Every connection of a process has a connection of its own to the Redis,
 * which lives until all that was sent on it has arrived: that is how a late packet comes from a
 * sender who has long died. What is done to a message is decided by the pure rooms beside this:
 * channel.h and link_faults.h.
 *
 * Members that are strangers (plan.h) go through it always: their traffic is read on its way, and a
 * witness is told what it means (tap.h).
 *
 * The relay makes up no byte and changes none, but for commands that are to be refused (refused.h);
 * it never harms the server: the worst that the
 * Redis sees is a client that comes late, is silent, or goes. One of its connections to each Redis
 * is silent from the first to the last: the monitor, by which it knows at once that the Redis is
 * gone. From then on connecting is refused at its listeners as it is at the Redis's own.
 *
 * World failures (no descriptors, no memory) end it, with one line for the driver.
 */
#ifndef HUSTINGS_RELAY_RELAY_H
#define HUSTINGS_RELAY_RELAY_H

#include "sim/relay/driver.h"
#include "sim/relay/plan.h"

/* The life of the forked process. */
_Noreturn void relay_run(const struct relay_plan *plan);

#endif
