/* Loses one answer: that to the next request which the process sends.
 *
 * Injects: a request that was applied, while its sender waits until its patience is over and
 * cannot know. An answer that says that nothing was applied, because the script is not known,
 * passes: it is the same request's next try whose answer is lost. Never loses a request, and never
 * closes the connection. */
#include "sim/faults/fault.h"

static bool possible(const struct world *world)
{
    return world->link;
}

static bool apply(struct world *world, uint16_t id, const struct fault_spec *spec)
{
    struct link_order order = {.trouble = LINK_LOSE_REPLY};
    (void)spec;
    return world->link(world->self, id, &order);
}

static bool heal(struct world *world, uint16_t id, const struct fault_spec *spec)
{
    struct link_order order = {.trouble = LINK_HEAL, .undo = LINK_LOSE_REPLY};
    (void)spec;
    return world->link(world->self, id, &order);
}

const struct fault_row fault_lose_reply = {
    .name = "lose_reply",
    .summary = "has a process's next request applied and swallows the answer",
    .example = "{when: {who: 2, does: asks_lock, before: true}, lose_reply: 2}",
    .targets = 1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER | 1u << TARGET_ANY,
    .needs = STATE_UP | STATE_DEAD | STATE_STOPPED,
    .possible = possible,
    .apply = apply,
    .heal = heal,
};
