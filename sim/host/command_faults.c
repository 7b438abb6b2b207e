/* Faults that await certain commands. See command_faults.h. */
#include "sim/host/command_faults.h"

#include <assert.h>
#include <stddef.h>

#include "sim/host/rng.h"

bool command_faults_add(struct command_faults *faults, const struct link_order *order)
{
    assert(order->by_command && order->fault != LINK_HEAL && order->nth > 0);
    if (faults->count == COMMAND_FAULTS_MAX) {
        return false;
    }
    uint32_t count = order->count > 0 ? order->count : 1;
    faults->list[faults->count++] = (struct command_fault){
        .of = order->of,
        .meets = {.fault = order->fault,
                  .applied = order->applied,
                  .error = order->error,
                  .by_command = true,
                  .index = order->index,
                  .instance = order->instance,
                  .late_ns = order->by_ns},
        .nth = order->nth,
        .left = order->lasts ? 0 : count,
        .lost_ppm = order->lasts ? order->lost_ppm : LOST_WHOLE,
    };
    return true;
}

static void take_out(struct command_faults *faults, uint32_t place)
{
    assert(place < faults->count);
    faults->count--;
    for (uint32_t i = place; i < faults->count; i++) {
        faults->list[i] = faults->list[i + 1];
    }
}

bool command_faults_remove(struct command_faults *faults, uint32_t instance)
{
    for (uint32_t i = 0; i < faults->count; i++) {
        if (faults->list[i].meets.instance == instance) {
            take_out(faults, i);
            return true;
        }
    }
    return false;
}

/* Counts the command, if it fits; whether it is to be hit. */
static bool counts(struct command_fault *fault, const struct command_seen *seen, uint64_t *rng)
{
    static const struct command_pattern scripts = {.name = "EVAL*"};
    if (!pattern_matches(fault->again ? &scripts : &fault->of, seen)) {
        return false;
    }
    fault->again = false;
    if (fault->nth > 1) {
        fault->nth--;
        return false;
    }
    return fault->lost_ppm >= LOST_WHOLE || (int64_t)rng_below(rng, LOST_WHOLE) < fault->lost_ppm;
}

struct link_met command_faults_meet(struct command_faults *faults, const struct command_seen *seen,
                                    uint64_t *rng)
{
    struct link_met met = {.fault = LINK_HEAL};
    uint32_t i = 0;
    while (i < faults->count) {
        struct command_fault *fault = &faults->list[i];
        bool hit = counts(fault, seen, rng) && met.fault == LINK_HEAL;
        met = hit ? fault->meets : met;
        if (hit && fault->left == 1) {
            take_out(faults, i);
            continue;
        }
        fault->left -= hit && fault->left > 1;
        i++;
    }
    return met;
}

void command_faults_meet_again(struct command_faults *faults, const struct link_met *met)
{
    assert(met->by_command);
    for (uint32_t i = 0; i < faults->count; i++) {
        struct command_fault *fault = &faults->list[i];
        if (fault->meets.instance == met->instance) {
            fault->left += fault->left > 0;
            fault->again = true;
            return;
        }
    }
    if (faults->count < COMMAND_FAULTS_MAX) {
        faults->list[faults->count++] = (struct command_fault){
            .meets = *met, .nth = 1, .left = 1, .lost_ppm = LOST_WHOLE, .again = true};
    }
}
