/* The table of breakpoints. See breakpoint.h. */
#include "sim/host/breakpoint.h"

#include <assert.h>
#include <string.h>

static bool is_about(const struct target *who, const struct step_moments *step)
{
    switch ((enum target_kind)who->kind) {
    case TARGET_IDS:
        for (uint16_t i = 0; i < who->count; i++) {
            if (who->ids[i] == step->id) {
                return true;
            }
        }
        return false;
    case TARGET_LEADER:
        return step->claim.leads;
    case TARGET_LOCK_HOLDER:
        return step->claim.in_section;
    case TARGET_ANY:
        return true;
    case TARGET_OTHERS:
        return !step->claim.leads;
    case TARGET_LOCK:
    case TARGET_REDIS:
    case TARGET_KINDS:
        break;
    }
    return false;
}

static bool does(const struct trigger *trigger, const struct step_moments *step)
{
    switch ((enum trigger_on)trigger->on) {
    case ON_MOMENT:
        return trigger->before == step->before && step->moments & (1u << trigger->moment);
    case ON_SENDS:
        return step->before && pattern_matches(&trigger->command, &step->command);
    case ON_GETS:
        return !step->before && pattern_matches(&trigger->command, &step->command);
    }
    assert(false && "a trigger without a case");
    return false;
}

static bool matches(const struct trigger *trigger, const struct step_moments *step)
{
    return trigger->applied == step->applied && does(trigger, step) &&
           is_about(&trigger->who, step);
}

bool breakpoints_hit(struct breakpoints *breakpoints, const struct step_moments *step,
                     struct breakpoint_hits *hits)
{
    uint32_t count = atomic_load_explicit(&breakpoints->count, memory_order_acquire);
    assert(count <= BREAKPOINTS_MAX && !(step->before && step->applied));
    bool hit = false;
    for (uint32_t i = 0; i < count; i++) {
        struct breakpoint *breakpoint = &breakpoints->list[i];
        if (!atomic_load_explicit(&breakpoint->armed, memory_order_acquire) ||
            !matches(&breakpoint->trigger, step)) {
            continue;
        }
        if (atomic_fetch_add(&breakpoint->seen, 1) + 1 == breakpoint->trigger.nth) {
            atomic_store(&breakpoint->armed, 0);
            if (!hit) {
                *hits = (struct breakpoint_hits){{0}};
            }
            hits->bits[i / 64] |= UINT64_C(1) << i % 64;
            hit = true;
        }
    }
    return hit;
}

int breakpoint_hits_next(const struct breakpoints *breakpoints, struct breakpoint_hits *hits)
{
    int first = -1;
    for (int word = 0; word < BREAKPOINTS_MAX / 64; word++) {
        uint64_t bits = hits->bits[word];
        for (int bit = 0; bits; bit++, bits >>= 1) {
            int index = word * 64 + bit;
            if ((bits & 1) &&
                (first < 0 || breakpoints->list[index].fault < breakpoints->list[first].fault)) {
                first = index;
            }
        }
    }
    if (first >= 0) {
        assert((uint32_t)first < atomic_load(&breakpoints->count));
        hits->bits[first / 64] &= ~(UINT64_C(1) << first % 64);
    }
    return first;
}

static void arm(struct breakpoints *breakpoints, uint16_t fault, const struct trigger *trigger,
                uint32_t times)
{
    uint32_t count = atomic_load(&breakpoints->count);
    assert(count < BREAKPOINTS_MAX);
    assert(trigger->kind == TRIGGER_WHEN && trigger->nth > 0 && fault < SCENARIO_FAULTS_MAX);
    struct breakpoint *breakpoint = &breakpoints->list[count];
    breakpoint->fault = fault;
    breakpoint->in_wait = times > 0;
    breakpoint->times = times;
    breakpoint->trigger = *trigger;
    atomic_store(&breakpoint->seen, 0);
    atomic_store_explicit(&breakpoint->armed, 1, memory_order_release);
    atomic_store_explicit(&breakpoints->count, count + 1, memory_order_release);
}

void breakpoints_arm(struct breakpoints *breakpoints, uint16_t fault, const struct trigger *trigger)
{
    arm(breakpoints, fault, trigger, 0);
}

void breakpoints_arm_in_wait(struct breakpoints *breakpoints, uint16_t fault,
                             const struct trigger *trigger)
{
    arm(breakpoints, fault, trigger, 1);
}
