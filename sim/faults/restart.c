/* Restarts a process that has crashed.
 *
 * Injects: a new process under the old number, that starts at once, in prepare, and remembers
 * nothing. Never restarts one that lives, and never cleans up what the old one left in Redis. */
#include "sim/faults/fault.h"

static bool possible(const struct world *world)
{
    return world->restart;
}

static bool apply(struct world *world, uint16_t id, const struct fault_spec *spec)
{
    (void)spec;
    return world->restart(world->self, id);
}

const struct fault_row fault_restart = {
    .name = "restart",
    .summary = "starts a crashed process again; it remembers nothing",
    .example = "{at: 4s, restart: 3}",
    .targets = 1u << TARGET_IDS,
    .needs = STATE_DEAD,
    .becomes = STATE_UP,
    .possible = possible,
    .apply = apply,
};
