/* Active faults: applying a fault, and ending it. in_force.h says how several compose.
 *
 * Faults on links, clocks and servers belong to the place and outlast a restart. Whatever brings a
 * process (or the server) into another state ends what had brought it into the one before: who was
 * restarted by hand is not restarted once more, when the time of the crash is over.
 */
#ifndef HUSTINGS_HOST_ACTIVE_H
#define HUSTINGS_HOST_ACTIVE_H

#include "sim/host/nemesis_state.h"

/* Applies a fault at one place, and writes FAULT; or SKIPPED with the reason, if it made no sense
 * now: then returns the reason, else NULL. A fault drawn by chaos is applied only if it is still
 * possible. */
const char *active_apply(struct nemesis *nemesis, uint16_t fault, struct fault_place at);

/* The time of an active fault is over; unless something else has ended it. */
void active_end(struct nemesis *nemesis, const struct timer *timer);

/* Ends all of them, the last one first. */
void active_end_all(struct nemesis *nemesis);

/* Ends all of them, the first one first, as it were if the time of each was over now. */
void active_end_each(struct nemesis *nemesis);

/* Ends those of this kind at one place, the first one first. False: there are none. */
bool active_end_kind(struct nemesis *nemesis, const struct fault_row *row, struct fault_place at);

/* Writes that a fault was due but hit nobody. */
void active_skip(struct nemesis *nemesis, uint16_t fault, const char *why);

#endif
