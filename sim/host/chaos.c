/* Chaos. See chaos.h. */
#include "sim/host/chaos.h"

#include "sim/host/active.h"
#include "sim/host/dice.h"

/* --- dice ---------------------------------------------------------------------------------------
 */

/* `use` keeps the dice of the gap and those of the choice apart. */
static uint64_t dice_of(const struct director *director, uint16_t first, uint32_t number,
                        uint32_t use)
{
    uint64_t dice = director->seed ^ 0x6368616f73ULL;
    dice = dice_next(&dice) + ((uint64_t)first << 33 | (uint64_t)use << 32 | number);
    return dice_next(&dice);
}

int64_t chaos_gap_ns(const struct director *director, uint16_t first, uint32_t number)
{
    uint64_t dice = dice_of(director, first, number, 0);
    return dice_exponential(&dice, director->scenario->faults[first].trigger.at_ns);
}

/* --- what is possible ----------------------------------------------------------------------------
 */

static uint32_t count_of(const struct director *director)
{
    return director->scenario->settings.nodes + 1u;
}

bool chaos_is_down(const struct director *director, uint16_t id)
{
    const struct cluster_member *member = &director->members[id];
    return !member->alive || member->paused || active_cuts_off(director, id);
}

uint32_t chaos_count_down(const struct director *director)
{
    uint32_t down = 0;
    for (uint32_t id = 0; id < count_of(director); id++) {
        down += chaos_is_down(director, (uint16_t)id);
    }
    return down;
}

static bool another_may_fall(const struct director *director, const struct trigger *trigger)
{
    uint32_t down = director->down_known ? director->down : chaos_count_down(director);
    return down < trigger->at_most_down;
}

static uint8_t state_of(const struct cluster_member *member)
{
    if (!member->alive) {
        return STATE_DEAD;
    }
    if (!member->started) {
        return 0; /* nothing makes sense yet */
    }
    return member->paused ? STATE_STOPPED : STATE_UP;
}

bool chaos_allows(const struct director *director, uint16_t fault, uint16_t id)
{
    const struct fault_spec *spec = &director->scenario->faults[fault];
    const struct fault_row *row = fault_rows[spec->kind];
    if (!active_fits(director, fault, id)) {
        return false;
    }
    if (id == HISTORY_HARNESS) {
        return (fault_needs(row) & director->server_state) != 0;
    }
    if (!(fault_needs(row) & state_of(&director->members[id]))) {
        return false;
    }
    return !row->takes_down || chaos_is_down(director, id) ||
           another_may_fall(director, &spec->trigger);
}

/* On how many nodes a fault with TARGET_ANY or TARGET_OTHERS is possible; with `chosen`, the one of
 * that place among them. */
static uint32_t nodes_open_to(const struct director *director, uint16_t fault, uint64_t place,
                              int32_t *chosen)
{
    uint32_t count = 0;
    for (uint32_t id = 1; id < count_of(director); id++) {
        if (chaos_allows(director, fault, (uint16_t)id)) {
            if (chosen && count == place) {
                *chosen = (int32_t)id;
            }
            count++;
        }
    }
    return count;
}

static bool one_is_open(const struct director *director, uint16_t fault,
                        const struct target *target)
{
    for (uint16_t i = 0; i < target->count; i++) {
        if (chaos_allows(director, fault, target->ids[i])) {
            return true;
        }
    }
    return false;
}

static bool is_possible(const struct director *director, uint16_t fault)
{
    const struct fault_spec *spec = &director->scenario->faults[fault];
    int32_t leader = director_leader(director);
    switch ((enum target_kind)spec->target.kind) {
    case TARGET_IDS:
        return one_is_open(director, fault, &spec->target);
    case TARGET_LEADER:
        return leader != NOBODY && chaos_allows(director, fault, (uint16_t)leader);
    case TARGET_ANY:
    case TARGET_OTHERS:
        return nodes_open_to(director, fault, 0, NULL) > 0;
    case TARGET_LOCK_HOLDER: /* whoever it will be */
        return !fault_rows[spec->kind]->takes_down || another_may_fall(director, &spec->trigger);
    case TARGET_LOCK:
    case TARGET_REDIS:
        return chaos_allows(director, fault, HISTORY_HARNESS);
    case TARGET_KINDS:
        break;
    }
    return false;
}

/* --- the choice ----------------------------------------------------------------------------------
 */

/* The fault that a roll below the sum of the weights of all possible ones falls on. */
static int32_t fault_at(const struct director *director, uint16_t first, uint64_t roll)
{
    const struct fault_spec *faults = director->scenario->faults;
    for (uint16_t i = first; i < first + faults[first].trigger.one_of; i++) {
        if (!is_possible(director, i)) {
            continue;
        }
        if (roll < faults[i].trigger.weight) {
            return i;
        }
        roll -= faults[i].trigger.weight;
    }
    return -1;
}

struct chaos_choice chaos_choose(const struct director *director, uint16_t first, uint32_t number)
{
    const struct fault_spec *faults = director->scenario->faults;
    struct chaos_choice choice = {.fault = -1, .id = NOBODY};
    uint64_t dice = dice_of(director, first, number, 1);
    uint64_t sum = 0;
    for (uint16_t i = first; i < first + faults[first].trigger.one_of; i++) {
        sum += is_possible(director, i) ? faults[i].trigger.weight : 0;
    }
    if (sum == 0) {
        return choice;
    }
    choice.fault = fault_at(director, first, dice_below(&dice, sum));
    uint16_t fault = (uint16_t)choice.fault;
    if (faults[fault].target.kind == TARGET_ANY) {
        uint32_t open = nodes_open_to(director, fault, 0, NULL);
        nodes_open_to(director, fault, dice_below(&dice, open), &choice.id);
    }
    return choice;
}
