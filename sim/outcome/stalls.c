/* What stalls cost. See stalls.h. */
#include "sim/outcome/stalls.h"

#include <assert.h>
#include <stdio.h>

#include "sim/faults/fault.h"
#include "sim/history/text.h"
#include "sim/outcome/packed.h"

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

/* Over all trials that can be judged. */
struct cost {
    uint64_t stalls, cost, trials;
    int64_t sum_ns, longest_ns;
};

static void add_trial(struct cost *all, const struct outcome *outcome)
{
    assert(!outcome->undecided);
    all->trials++;
    all->stalls += outcome->stalls;
    all->cost += outcome->stalls_that_cost;
    struct election_walk walk = election_walk(outcome);
    for (const struct election *election; (election = election_next(&walk));) {
        int64_t ns;
        if (stall_cost(election, &ns)) {
            all->sum_ns += ns;
            all->longest_ns = ns > all->longest_ns ? ns : all->longest_ns;
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

bool stalls_sentence(const struct scenario *scenario, const struct outcome *outcomes, size_t count,
                     char out[STALLS_SIZE])
{
    struct cost all = {0};
    for (size_t i = 0; i < count; i++) {
        if (!outcomes[i].undecided) {
            add_trial(&all, &outcomes[i]);
        }
    }
    if (!draws_stalls(scenario) || all.trials == 0) {
        return false;
    }
    const char *many = all.stalls == 1 ? "stall" : "stalls";
    if (all.cost == 0) {
        snprintf(out, STALLS_SIZE, "%s %s: none cost the leadership.", text_count(all.stalls).text,
                 many);
        return true;
    }
    snprintf(out, STALLS_SIZE,
             "%s %s: %s of them (%.1f %%) cost the leadership, and because of %s nobody led for %s "
             "in all, %s at most at a time.",
             text_count(all.stalls).text, many, text_count(all.cost).text,
             100.0 * (double)all.cost / (double)(all.stalls ? all.stalls : 1),
             all.cost == 1 ? "it" : "these", text_ms(all.sum_ns).text,
             text_ms(all.longest_ns).text);
    return true;
}
