/* What stalls cost. See stalls.h. */
#include "sim/outcome/stalls.h"

#include <assert.h>
#include <stdio.h>

#include "sim/faults/fault.h"
#include "sim/history/text.h"

bool is_stall(const struct history_event *event)
{
    return event->kind == HISTORY_FAULT && fault_rows[event->fault.kind] == &fault_pause;
}

bool stall_cost(const struct election *election, int64_t *leaderless_ns)
{
    assert(election->cause < CAUSES && election->ended < ENDINGS);
    bool of_stall = election->cause == CAUSE_PAUSE || election->cause == CAUSE_RESUME;
    bool open = election->ended == ENDED_WITHDRAWN || election->ended == ENDED_CENSORED;
    if (!of_stall || open) {
        return false;
    }
    int64_t until_ns =
        election->published_ns == NEVER_NS ? election->until_ns : election->published_ns;
    assert(until_ns >= election->due_ns);
    *leaderless_ns = until_ns - election->due_ns;
    return true;
}

void stalls_take(struct stall_sum *sum, const struct outcome *outcome)
{
    assert(!outcome->undecided);
    sum->trials++;
    sum->stalls += outcome->stalls;
    sum->cost += outcome->stalls_that_cost;
    for (uint32_t i = 0; i < outcome->election_count; i++) {
        int64_t ns;
        if (stall_cost(&outcome->elections[i], &ns)) {
            sum->sum_ns += ns;
            sum->longest_ns = ns > sum->longest_ns ? ns : sum->longest_ns;
        }
    }
}

static bool draws_stalls(const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        if (scenario->faults[i].drawn) {
            return true;
        }
    }
    return false;
}

bool stalls_sentence(const struct scenario *scenario, const struct stall_sum *sum,
                     char out[STALLS_SIZE])
{
    if (!draws_stalls(scenario) || sum->trials == 0) {
        return false;
    }
    const char *many = sum->stalls == 1 ? "stall" : "stalls";
    if (sum->cost == 0) {
        snprintf(out, STALLS_SIZE, "%s %s: none cost the leadership.", text_count(sum->stalls).text,
                 many);
        return true;
    }
    snprintf(out, STALLS_SIZE,
             "%s %s: %s of them (%.1f %%) cost the leadership, and because of %s nobody led for %s "
             "in all, %s at most at a time.",
             text_count(sum->stalls).text, many, text_count(sum->cost).text,
             100.0 * (double)sum->cost / (double)(sum->stalls ? sum->stalls : 1),
             sum->cost == 1 ? "it" : "these", text_ms(sum->sum_ns).text,
             text_ms(sum->longest_ns).text);
    return true;
}
