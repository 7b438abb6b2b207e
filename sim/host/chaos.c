/* Chaos. See chaos.h. */
#include "sim/host/chaos.h"

#include <assert.h>

#include "sim/host/possible.h"
#include "sim/host/rng.h"
#include "sim/host/servers.h"

/* --- random numbers ------------------------------------------------------------------------------
 */

/* `use` keeps the random numbers of the gap and those of the choice apart. */
static uint64_t rng_of(const struct nemesis *nemesis, uint16_t first, uint32_t number, uint32_t use)
{
    assert(number > 0);
    uint64_t rng = nemesis->seed ^ 0x6368616f73ULL;
    rng = rng_next(&rng) + ((uint64_t)first << 33 | (uint64_t)use << 32 | number);
    return rng_next(&rng);
}

int64_t chaos_gap_ns(const struct nemesis *nemesis, uint16_t first, uint32_t number)
{
    uint64_t rng = rng_of(nemesis, first, number, 0);
    return rng_exponential(&rng, nemesis->scenario->faults[first].trigger.at_ns);
}

/* --- what is possible ----------------------------------------------------------------------------
 */

/* Whether it is possible on this process (HISTORY_HARNESS: on none), at any of the servers that it
 * may hit. */
static bool is_open(const struct nemesis *nemesis, uint16_t fault, uint16_t id)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    uint8_t count = fault_has_servers(spec) ? nemesis->scenario->settings.servers : 1;
    for (uint8_t server = 0; server < count; server++) {
        struct fault_place at = {.id = id, .server = server};
        bool may = spec->target.servers != SERVERS_LISTED || spec->target.listed & 1u << server;
        if (may && possible_now(nemesis, fault, at)) {
            return true;
        }
    }
    return false;
}

/* On how many nodes a fault with TARGET_ANY or TARGET_OTHERS is possible; with `chosen`, the one of
 * that place among them. */
static uint32_t nodes_open_to(const struct nemesis *nemesis, uint16_t fault, uint64_t place,
                              int32_t *chosen)
{
    uint32_t count = 0;
    for (uint32_t id = 1; id < nemesis_count(nemesis); id++) {
        if (is_open(nemesis, fault, (uint16_t)id)) {
            if (chosen && count == place) {
                *chosen = (int32_t)id;
            }
            count++;
        }
    }
    return count;
}

static bool one_is_open(const struct nemesis *nemesis, uint16_t fault, const struct target *target)
{
    for (uint16_t i = 0; i < target->count; i++) {
        if (is_open(nemesis, fault, target->ids[i])) {
            return true;
        }
    }
    return false;
}

static bool is_possible(const struct nemesis *nemesis, uint16_t fault)
{
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    assert(spec->trigger.kind == TRIGGER_RANDOMLY);
    int32_t leader = nemesis_leader(nemesis);
    switch ((enum target_kind)spec->target.kind) {
    case TARGET_IDS:
        return one_is_open(nemesis, fault, &spec->target);
    case TARGET_LEADER:
        return leader != NOBODY && is_open(nemesis, fault, (uint16_t)leader);
    case TARGET_ANY:
    case TARGET_OTHERS:
        return nodes_open_to(nemesis, fault, 0, NULL) > 0;
    case TARGET_LOCK_HOLDER: /* whoever it will be */
        return !nemesis_row(nemesis, fault)->takes_down || possible_fall(nemesis, &spec->trigger);
    case TARGET_LOCK:
    case TARGET_REDIS:
        return is_open(nemesis, fault, HISTORY_HARNESS);
    case TARGET_KINDS:
        break;
    }
    return false;
}

/* --- the choice ----------------------------------------------------------------------------------
 */

/* The fault that a roll below the sum of the weights of all possible ones falls on. */
static int32_t fault_at(const struct nemesis *nemesis, uint16_t first, uint64_t roll)
{
    const struct fault_spec *faults = nemesis->scenario->faults;
    for (uint16_t i = first; i < first + faults[first].trigger.one_of; i++) {
        if (!is_possible(nemesis, i)) {
            continue;
        }
        if (roll < faults[i].trigger.weight) {
            return i;
        }
        roll -= faults[i].trigger.weight;
    }
    assert(false && "a roll beyond the sum of the weights");
    return -1;
}

struct chaos_choice chaos_choose(const struct nemesis *nemesis, uint16_t first, uint32_t number)
{
    const struct fault_spec *faults = nemesis->scenario->faults;
    assert(faults[first].trigger.first == first && faults[first].trigger.one_of > 0);
    struct chaos_choice choice = {.fault = -1, .id = NOBODY};
    uint64_t rng = rng_of(nemesis, first, number, 1);
    uint64_t sum = 0;
    for (uint16_t i = first; i < first + faults[first].trigger.one_of; i++) {
        sum += is_possible(nemesis, i) ? faults[i].trigger.weight : 0;
    }
    if (sum == 0) {
        return choice;
    }
    choice.fault = fault_at(nemesis, first, rng_below(&rng, sum));
    uint16_t fault = (uint16_t)choice.fault;
    if (faults[fault].target.kind == TARGET_ANY) {
        uint32_t open = nodes_open_to(nemesis, fault, 0, NULL);
        nodes_open_to(nemesis, fault, rng_below(&rng, open), &choice.id);
        assert(choice.id != NOBODY);
    }
    choice.servers = servers_hit(&faults[fault].target, nemesis->scenario->settings.servers, &rng);
    return choice;
}
