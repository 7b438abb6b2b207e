/* Crashes a process: it is gone at once, between two instructions, as by SIGKILL.
 *
 * Injects: the loss of everything that the process knew. Never removes what it left in Redis (its
 * status in the hash, a lock that it held), and never harms Redis or another process. With `for` it
 * is restarted after that time; what it is then, restart.c tells. */
#include "sim/faults/fault.h"

static bool possible(const struct world *world)
{
    return world->crash && world->restart;
}

static bool apply(struct world *world, uint16_t id, const struct fault_spec *spec)
{
    (void)spec;
    return world->crash(world->self, id);
}

static bool heal(struct world *world, uint16_t id, const struct fault_spec *spec)
{
    (void)spec;
    return world->restart(world->self, id);
}

const struct fault_row fault_crash = {
    .name = "crash",
    .summary = "kills a process; with for: it is restarted after that time",
    .example = "{at: 2s, crash: leader, for: 1s}",
    .targets = 1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER |
               1u << TARGET_ANY | 1u << TARGET_OTHERS,
    .params = {{.name = "for", .type = PARAM_DURATION}},
    .takes_down = true,
    .becomes = STATE_DEAD,
    .possible = possible,
    .apply = apply,
    .heal = heal,
    .remains = "what it knew",
};
