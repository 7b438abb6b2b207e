/* Active faults: applying a fault, and ending it; and what those that are in force at once come to.
 *
 *        fault A  ├──────────────┤
 *        fault B        ├──────────────┤     on one target
 *                 │  A  │ A and B │  B │
 *
 * Several faults of one kind on one target compose: each is in force from its beginning to its own
 * end, which takes only itself away. What adds up (cuts, delays, rates, clocks) is summed up here
 * from all that are in force, and the world is told the sum; everything else (a pause, a stall, a
 * server without memory) is there as long as one of them is.
 *
 * Faults on links, clocks and servers belong to the place and outlast a restart. Whatever brings a
 * process (or the server) into another state ends what had brought it into the one before: who was
 * restarted by hand is not restarted once more, when the time of the crash is over.
 */
#ifndef HUSTINGS_HOST_ACTIVE_H
#define HUSTINGS_HOST_ACTIVE_H

#include "sim/host/nemesis.h"

/* Applies a fault to one process (HISTORY_HARNESS: the server or a key), and writes FAULT; or
 * SKIPPED with the reason, if it made no sense now. A fault drawn by chaos is applied only if it
 * is still possible. */
void active_apply(struct nemesis *nemesis, uint16_t fault, uint16_t id);

/* The time of an active fault is over; unless something else has ended it. */
void active_end(struct nemesis *nemesis, const struct timer *timer);

/* Ends all of them, the last one first. */
void active_end_all(struct nemesis *nemesis);

/* Writes that a fault was due but hit nobody. */
void active_skip(struct nemesis *nemesis, uint16_t fault, const char *why);

/* Whether a fault, on top of what is in force on its target, stays within the bounds of clocks and
 * delays. */
bool active_fits(const struct nemesis *nemesis, uint16_t fault, uint16_t id);

/* Whether a fault that is in force takes this process down. */
bool active_cuts_off(const struct nemesis *nemesis, uint16_t id);

#endif
