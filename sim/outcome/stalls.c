/* What stalls cost. See stalls.h. */
#include "sim/outcome/stalls.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "sim/faults/fault.h"
#include "sim/history/text.h"
#include "src/protocol.h"

bool is_stall(const struct history_event *event)
{
    return event->kind == HISTORY_FAULT && fault_rows[event->fault.kind] == &fault_pause;
}

/* Whether a leader with this status may lead while it runs, but not while it is paused. */
static bool must_run(const struct settings *settings, uint8_t status)
{
    const struct protocol_row *protocol = protocol_rows[settings->row[OWNER_PROTOCOL]];
    const struct vote vote = {.id = 1, .status = status};
    const bool runs = true, paused = false;
    const struct ballot alone = {.votes = &vote, .count = 1};
    const struct truth before = {.live = alone, .up = &runs};
    const struct truth after = {.live = alone, .up = &paused};
    return protocol->acceptable(settings, &before, vote.id, vote.id) &&
           !protocol->acceptable(settings, &after, vote.id, vote.id);
}

bool stalls_can_cost(const struct settings *settings)
{
    return must_run(settings, STATUS_PREPARE) || must_run(settings, STATUS_SUBMIT);
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
            if (sum->longest_trial == 0 || ns > sum->longest_ns) {
                sum->longest_ns = ns;
                sum->longest_trial = outcome->trial;
                sum->longest_seed = outcome->seed;
                sum->longest_kept = outcome->kept;
            }
        }
    }
}

bool scenario_draws_stalls(const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        if (scenario->faults[i].drawn) {
            return true;
        }
    }
    return false;
}

/* Of fewer the 99th percentile is the largest. */
#define ENOUGH_FOR_P99 100

/* " (p99 4,001.6 ms)"; empty if it says nothing. */
static struct short_text percentile(const struct stall_sum *sum)
{
    struct short_text text = {""};
    if (sum->cost >= ENOUGH_FOR_P99 && sum->p99_ns > 0) {
        snprintf(text.text, sizeof text.text, " (p99 %.20s)", text_ms(sum->p99_ns).text);
    }
    return text;
}

bool stalls_sentence(const struct scenario *scenario, const struct stall_sum *sum,
                     char out[STALLS_SIZE])
{
    if (!scenario_draws_stalls(scenario) || !stalls_can_cost(&scenario->settings) ||
        sum->trials == 0) {
        return false;
    }
    const char *many = sum->stalls == 1 ? "stall" : "stalls";
    if (sum->cost == 0) {
        snprintf(out, STALLS_SIZE, "%s %s: none cost the leadership.", text_count(sum->stalls).text,
                 many);
        return true;
    }
    int used = snprintf(
        out, STALLS_SIZE,
        "%s %s: %s of them (%.1f %%) cost the leadership, and because of %s nobody led for %s "
        "in all, %s at most at a time%s.",
        text_count(sum->stalls).text, many, text_count(sum->cost).text,
        100.0 * (double)sum->cost / (double)(sum->stalls ? sum->stalls : 1),
        sum->cost == 1 ? "it" : "these", text_ms(sum->sum_ns).text, text_ms(sum->longest_ns).text,
        percentile(sum).text);
    assert(used > 0 && used < STALLS_SIZE);
    if (sum->trials > 1) {
        snprintf(out + used, (size_t)(STALLS_SIZE - used), " %s in trial %" PRIu32 ".",
                 sum->cost == 1 ? "It was" : "The longest was", sum->longest_trial);
    }
    return true;
}
