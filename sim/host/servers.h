/* Which servers a fault hits.
 *
 *     target ──▶ servers_hit ──▶ a set: bits 1u << server
 *
 * `minority` and `majority` are drawn once, when the fault is applied: a set that was hit stays the
 * same until the fault is healed. */
#ifndef HUSTINGS_HOST_SERVERS_H
#define HUSTINGS_HOST_SERVERS_H

#include "sim/faults/fault.h"

/* Of `count` servers. Takes from `rng` only if something is to be drawn. */
uint8_t servers_hit(const struct target *target, uint8_t count, uint64_t *rng);

#endif
