/* A running tally of a cluster. See tally.h. */
#include "sim/outcome/tally.h"

#include <assert.h>
#include <stdlib.h>

bool tally_begin(struct tally *tally, uint16_t nodes)
{
    size_t processes = (size_t)nodes + 1;
    *tally = (struct tally){.leaders.ids = calloc(processes, sizeof *tally->leaders.ids),
                            .holders.ids = calloc(processes, sizeof *tally->holders.ids)};
    return tally->leaders.ids && tally->holders.ids;
}

void tally_free(struct tally *tally)
{
    free(tally->leaders.ids);
    free(tally->holders.ids);
    *tally = (struct tally){0};
}

/* A span of time, of which nobody claims it, or two or more do. */
struct span {
    int64_t none_ns, several_ns;
};

/* They claim it until their time runs out. Of a span of time, nobody does after the last of them,
 * and two or more do until the last but one. */
static struct span pass(const struct claimers *claimers, const struct view *view, int64_t from,
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
    return (struct span){.none_ns = to - last, .several_ns = last_but_one - from};
}

void tally_pass(struct tally *tally, const struct view *view, int64_t now_ns)
{
    int64_t from = tally->now_ns;
    if (now_ns <= from) {
        return;
    }
    tally->now_ns = now_ns;
    const struct span leaders = pass(&tally->leaders, view, from, now_ns);
    tally->leaderless_ns += leaders.none_ns;
    tally->two_leaders_ns += leaders.several_ns;
    tally->two_lock_holders_ns += pass(&tally->holders, view, from, now_ns).several_ns;
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
