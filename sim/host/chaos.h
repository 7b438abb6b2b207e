/* Chaos: when the next random fault happens, which one it is, and whom it hits.
 *
 *        (seed, group, number of the draw) ──▶ gap to the next draw
 *        … and what the cluster looks like ──▶ one of the group's faults, and its victim
 *
 * A group is the faults of one entry with `randomly`. Each draw has random numbers of its own, so
 * that the times depend on nothing but the seed, and one group's draws not on another's. Only what
 * is possible is drawn: nothing is done to the dead but a restart (and what is done to links and
 * clocks), nothing that would leave the bounds of clocks, and nothing that would take down more
 * processes than `at_most_down`. What is drawn while another of its kind is in force composes with
 * that, as ever (in_force.h).
 */
#ifndef HUSTINGS_HOST_CHAOS_H
#define HUSTINGS_HOST_CHAOS_H

#include "sim/host/nemesis_state.h"

/* How long after the last draw of its group (or t0) draw `number`, from 1, comes: exponentially
 * distributed. `first`: the group's first fault. */
int64_t chaos_gap_ns(const struct nemesis *nemesis, uint16_t first, uint32_t number);

struct chaos_choice {
    int32_t fault;   /* of the scenario; -1: nothing is possible now */
    int32_t id;      /* the victim, for TARGET_ANY; else NOBODY */
    uint8_t servers; /* those that it hits (servers.h) */
};

/* Draws. */
struct chaos_choice chaos_choose(const struct nemesis *nemesis, uint16_t first, uint32_t number);

#endif
