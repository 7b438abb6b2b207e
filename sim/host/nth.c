/* At which time a fault is done. See nth.h. */
#include "sim/host/nth.h"

#include <assert.h>
#include <string.h>

#include "sim/host/rng.h"

static bool is_same_who(const struct target *a, const struct target *b)
{
    return a->kind == b->kind && a->count == b->count &&
           memcmp(a->ids, b->ids, a->count * sizeof *a->ids) == 0;
}

/* Whether they wait for the same. */
static bool is_same_when(const struct trigger *a, const struct trigger *b)
{
    return a->kind == b->kind && a->on == b->on && a->moment == b->moment &&
           a->before == b->before && a->applied == b->applied && a->nth == b->nth &&
           a->nth_to == b->nth_to && strcmp(a->command.name, b->command.name) == 0 &&
           strcmp(a->command.key, b->command.key) == 0 && is_same_who(&a->who, &b->who);
}

uint32_t nth_time(const struct scenario *scenario, uint16_t fault, uint64_t seed)
{
    assert(fault < scenario->fault_count);
    const struct trigger *trigger = &scenario->faults[fault].trigger;
    assert(trigger->nth > 0 && (trigger->nth_to == 0 || trigger->nth_to >= trigger->nth));
    uint32_t first = 0;
    if (trigger->nth_to == 0) {
        return trigger->nth;
    }
    while (!is_same_when(&scenario->faults[first].trigger, trigger)) {
        first++;
    }
    assert(first <= fault);
    uint64_t rng = seed ^ 0x6e7468ULL; /* a stream of its own */
    rng = rng_next(&rng) + ((uint64_t)first << 32);
    return (uint32_t)rng_between(&rng, trigger->nth, trigger->nth_to);
}
