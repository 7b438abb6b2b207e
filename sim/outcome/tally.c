/* A running tally of a cluster. See tally.h. */
#include "sim/outcome/tally.h"

#include <assert.h>
#include <stdlib.h>

bool tally_begin(struct tally *tally, uint16_t nodes)
{
    size_t processes = (size_t)nodes + 1;
    *tally = (struct tally){.leaders.ids = calloc(processes, sizeof *tally->leaders.ids),
                            .holders.ids = calloc(processes, sizeof *tally->holders.ids),
                            .has_entered = calloc(processes, sizeof *tally->has_entered)};
    return tally->leaders.ids && tally->holders.ids && tally->has_entered;
}

void tally_free(struct tally *tally)
{
    free(tally->leaders.ids);
    free(tally->holders.ids);
    free(tally->has_entered);
    *tally = (struct tally){0};
}

/* For how long of a span of time two or more claim it. They do until their time runs out: so it is
 * until the last but one. */
static int64_t pass(const struct claimers *claimers, const struct view *view, int64_t from,
                    int64_t to)
{
    int64_t last = from;
    int64_t last_but_one = from;
    for (uint32_t i = 0; i < claimers->count; i++) {
        int64_t until = view->processes[claimers->ids[i]].claim.until_ns;
        until = until > to ? to : until;
        if (until > last) {
            last_but_one = last;
            last = until;
        } else if (until > last_but_one) {
            last_but_one = until;
        }
    }
    assert(from <= last_but_one && last_but_one <= to);
    return last_but_one - from;
}

void tally_pass(struct tally *tally, const struct view *view, int64_t now_ns)
{
    int64_t from = tally->now_ns;
    if (now_ns <= from) {
        return;
    }
    tally->now_ns = now_ns;
    tally->two_leaders_ns += pass(&tally->leaders, view, from, now_ns);
    tally->two_lock_holders_ns += pass(&tally->holders, view, from, now_ns);
}

static void count(struct claimers *claimers, uint16_t id, bool did, bool does)
{
    if (did == does) {
        return;
    }
    if (does) {
        claimers->ids[claimers->count++] = id;
        return;
    }
    uint32_t at = 0;
    while (at < claimers->count && claimers->ids[at] != id) {
        at++;
    }
    assert(at < claimers->count);
    claimers->ids[at] = claimers->ids[--claimers->count];
}

static bool leads(const struct view_process *process)
{
    return process->alive && process->claim.leads;
}

static bool inside(const struct view_process *process)
{
    return process->alive && process->claim.in_section;
}

static void count_entry(struct tally *tally, uint16_t id)
{
    tally->entries++;
    tally->entered += !tally->has_entered[id];
    tally->has_entered[id] = true;
    assert(tally->entered <= tally->entries);
}

void tally_event(struct tally *tally, const struct view *view, const struct history_event *event)
{
    assert(event->process == HISTORY_HARNESS || event->process <= view->facts->settings.nodes);
    if (event->process == HISTORY_HARNESS) {
        return;
    }
    const struct view_process *was = &view->before;
    const struct view_process *now = &view->processes[event->process];
    count(&tally->leaders, event->process, leads(was), leads(now));
    count(&tally->holders, event->process, inside(was), inside(now));
    if (!inside(was) && inside(now)) {
        count_entry(tally, event->process);
    }
    if (event->process != MASTER_ID) {
        tally->live_nodes += (uint32_t)now->alive - (uint32_t)was->alive;
    }
}

int32_t followed_by_all(const struct view *view)
{
    int32_t leader = view_agrees_on(view);
    if (leader == NOBODY) {
        return NOBODY;
    }
    const struct view_process *process = &view->processes[leader];
    return !process->alive || view_acts_as_leader(view, process) ? leader : NOBODY;
}

bool is_alive(const struct view *view, int32_t id)
{
    assert(id >= 0);
    return id > view->facts->settings.nodes || view->processes[id].alive;
}
