/* What the faults that are in force at once come to.
 *
 *        fault A  ├──────────────┤
 *        fault B        ├──────────────┤     on one target
 *                 │  A  │ A and B │  B │
 *
 * Several faults of one kind on one target compose: each is in force from its beginning to its own
 * end, which takes only itself away. What adds up (cuts, delays, rates, clocks) is summed up here
 * from all that are in force, and the world is told the sum; everything else (a pause, a stall, a
 * server without memory) is there as long as one of them is. active.h begins and ends them. */
#ifndef HUSTINGS_HOST_IN_FORCE_H
#define HUSTINGS_HOST_IN_FORCE_H

#include "sim/host/nemesis_state.h"

/* The number of a place's list among the actives: a member has one for each of its links, and what
 * is done to the member alone is in the first of them; those of the servers are behind. */
uint32_t in_force_place(const struct nemesis *nemesis, struct fault_place at);

/* Whether another fault of this one's kind is in force there. */
bool in_force_has(const struct nemesis *nemesis, uint16_t fault, struct fault_place at);

/* Has the link or the clock be as the faults that are in force say. A process's own clock goes on
 * from where it stands, and jumps by `jump_ns`. */
bool in_force_tell(struct nemesis *nemesis, const struct fault_row *row, struct fault_place at,
                   int64_t jump_ns);

/* Whether a fault, on top of what is in force on its place, stays within the bounds of clocks and
 * delays. */
bool in_force_fits(const struct nemesis *nemesis, uint16_t fault, struct fault_place at);

/* Whether faults that are in force cut this process off: it reaches no majority of the servers. */
bool in_force_cuts_off(const struct nemesis *nemesis, uint16_t id);

/* Whether this fault, on top of what is in force, would take the process down. */
bool in_force_would_take_down(const struct nemesis *nemesis, uint16_t fault, struct fault_place at);

#endif
