/* Faults that can never do anything where the members are programs of the user's: said where the
 * file says so, not skipped when their time comes. */
#include <string.h>

#include "sim/scenario/problem.h"
#include "sim/scenario/walk.h"
#include "src/protocol.h"

/* Why a program cannot suffer it, as it follows the word "since"; NULL: it can. */
static const char *why_not(const struct fault_spec *spec)
{
    const struct fault_row *row = fault_rows[spec->kind];
    if (row == &fault_flip) {
        return "a program has no status of ours";
    }
    if (row == &fault_resign) {
        return "a program cannot be told to resign";
    }
    return row == &fault_hold_lock ? "a program cannot be made to stay in its critical section"
                                   : NULL;
}

/* Whether whomever it may be done to is a program. */
static bool hits_programs_alone(const struct scenario *scenario, const struct target *target)
{
    bool all = !protocol_has_master(&scenario->settings);
    if (!scenario->programs) {
        return false;
    }
    if (target->kind == TARGET_IDS) {
        all = true;
        for (uint16_t i = 0; i < target->count; i++) {
            all = all && scenario_program(scenario, target->ids[i]);
        }
        return all;
    }
    for (uint32_t id = 1; id <= scenario->settings.nodes; id++) {
        all = all && scenario_program(scenario, (uint16_t)id);
    }
    return all;
}

bool program_fault_is_possible(struct walk *walk, const struct node *key,
                               const struct fault_spec *spec)
{
    const struct scenario *scenario = walk->scenario;
    const char *why = why_not(spec);
    if (spec->target.kind == TARGET_LEADER && !protocol_has_leaders(&scenario->settings)) {
        walk_problem(walk, key, "write lock_holder, or protocol: own_leader",
                     "can do nothing, since nobody is to lead with protocol: own_lock");
        return false;
    }
    if (why && hits_programs_alone(scenario, &spec->target)) {
        walk_problem(walk, key, "leave it away, or choose pause or crash",
                     "can do nothing, since %s", why);
        return false;
    }
    return true;
}
