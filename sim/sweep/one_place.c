/* Whether what befalls meets a lease at one age alone. See one_place.h. */
#include "sim/sweep/one_place.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* A time of the trial, or a write: moments that have nothing to do with a renewal. Another step
 * of the election is meant as it is. */
static bool is_fixed(const struct fault_spec *fault)
{
    const struct trigger *trigger = &fault->trigger;
    bool waits = trigger->kind == TRIGGER_WHEN;
    bool writes = waits && trigger->on == ON_MOMENT && trigger->moment == MOMENT_WRITES;
    return trigger->kind == TRIGGER_AT || (writes && trigger->nth_to == 0);
}

static bool is_drawn(const struct fault_spec *fault)
{
    return fault->drawn || fault->trigger.kind == TRIGGER_RANDOMLY || fault->trigger.nth_to > 0;
}

/* Whether it keeps whom it hits from renewing, and lets it go on: what a lease is to bear. */
static bool keeps_from_renewing(const struct fault_spec *fault)
{
    static const char *const names[] = {"pause", "cut", "delay", "stall"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(fault_rows[fault->kind]->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether the place of the fault, from 0, is an axis: "faults.1.at", "faults.1.when.nth". */
static bool varies(const struct axes *axes, uint32_t fault)
{
    char at[40], when[40];
    snprintf(at, sizeof at, "faults.%" PRIu32 ".at", fault + 1);
    snprintf(when, sizeof when, "faults.%" PRIu32 ".when", fault + 1);
    for (size_t i = 0; i < axes->count; i++) {
        const char *key = axes->list[i].key;
        if (axes->list[i].count > 1 &&
            (strcmp(key, at) == 0 || strncmp(key, when, strlen(when)) == 0)) {
            return true;
        }
    }
    return false;
}

void one_place_tell(FILE *file, const struct scenario *scenario, const struct axes *axes)
{
    bool fixed = false;
    assert(axes->count <= AXES_MAX);
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *fault = &scenario->faults[i];
        if (is_drawn(fault)) {
            return;
        }
        fixed = fixed || (is_fixed(fault) && keeps_from_renewing(fault) && !varies(axes, i));
    }
    if (fixed) {
        fputs("A fault comes at the same place of each trial. If nothing before it makes a member "
              "lead anew or renew later, the lease is of the same age then each time: one that is "
              "due for renewal may bear less. Let each trial draw the place, over one renewal at "
              "least (retry / work.every writes): {when: {who: any, "
              "does: writes, nth: {from: 10, to: 29}, before: true}, pause: leader, for: 10s}.\n",
              file);
    }
}
