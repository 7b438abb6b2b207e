/* The table of watches. See watch.h. */
#include "sim/host/watch.h"

#include <assert.h>

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

static bool matches(const struct trigger *trigger, const struct step_moments *step)
{
    return trigger->before == step->before && trigger->applied == step->applied &&
           (step->moments & (1u << trigger->moment)) && is_about(&trigger->who, step);
}

bool watches_await(const struct watches *watches, const struct step_moments *step)
{
    uint32_t count = atomic_load_explicit(&watches->count, memory_order_acquire);
    for (uint32_t i = 0; i < count; i++) {
        const struct watch *watch = &watches->list[i];
        if (atomic_load_explicit(&watch->armed, memory_order_acquire) &&
            matches(&watch->trigger, step)) {
            return true;
        }
    }
    return false;
}

bool watches_hit(struct watches *watches, const struct step_moments *step, struct watch_hits *hits)
{
    uint32_t count = atomic_load_explicit(&watches->count, memory_order_acquire);
    bool hit = false;
    for (uint32_t i = 0; i < count; i++) {
        struct watch *watch = &watches->list[i];
        if (!atomic_load_explicit(&watch->armed, memory_order_acquire) ||
            !matches(&watch->trigger, step)) {
            continue;
        }
        if (atomic_fetch_add(&watch->seen, 1) + 1 == watch->trigger.nth) {
            atomic_store(&watch->armed, 0);
            if (!hit) {
                *hits = (struct watch_hits){{0}};
            }
            hits->bits[i / 64] |= UINT64_C(1) << i % 64;
            hit = true;
        }
    }
    return hit;
}

int watch_hits_next(const struct watches *watches, struct watch_hits *hits)
{
    int first = -1;
    for (int word = 0; word < WATCHES_MAX / 64; word++) {
        uint64_t bits = hits->bits[word];
        for (int bit = 0; bits; bit++, bits >>= 1) {
            int index = word * 64 + bit;
            if ((bits & 1) &&
                (first < 0 || watches->list[index].fault < watches->list[first].fault)) {
                first = index;
            }
        }
    }
    if (first >= 0) {
        hits->bits[first / 64] &= ~(UINT64_C(1) << first % 64);
    }
    return first;
}

static void arm(struct watches *watches, uint16_t fault, const struct trigger *trigger,
                uint32_t times)
{
    uint32_t count = atomic_load(&watches->count);
    assert(count < WATCHES_MAX);
    struct watch *watch = &watches->list[count];
    watch->fault = fault;
    watch->in_wait = times > 0;
    watch->times = times;
    watch->trigger = *trigger;
    atomic_store(&watch->seen, 0);
    atomic_store_explicit(&watch->armed, 1, memory_order_release);
    atomic_store_explicit(&watches->count, count + 1, memory_order_release);
}

void watches_arm(struct watches *watches, uint16_t fault, const struct trigger *trigger)
{
    arm(watches, fault, trigger, 0);
}

void watches_arm_in_wait(struct watches *watches, uint16_t fault, const struct trigger *trigger)
{
    arm(watches, fault, trigger, 1);
}
