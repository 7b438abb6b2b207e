/* A running tally of a cluster. See tally.h. */
#include "sim/outcome/tally.h"

#include <assert.h>
#include <stdlib.h>

bool tally_begin(struct tally *tally, uint16_t nodes)
{
    *tally = (struct tally){.leaders = calloc((size_t)nodes + 1, sizeof *tally->leaders)};
    return tally->leaders != NULL;
}

void tally_free(struct tally *tally)
{
    free(tally->leaders);
    *tally = (struct tally){0};
}

/* Those who lead do so until their claim runs out. Of a span of time, nobody leads after the last
 * of them has, and two or more lead until the last but one has. */
static void pass_leaders(struct tally *tally, const struct view *view, int64_t from, int64_t to)
{
    int64_t last = from;
    int64_t last_but_one = from;
    for (uint32_t i = 0; i < tally->leader_count; i++) {
        int64_t until = view->processes[tally->leaders[i]].claim.until_ns;
        until = until > to ? to : until;
        if (until > last) {
            last_but_one = last;
            last = until;
        } else if (until > last_but_one) {
            last_but_one = until;
        }
    }
    assert(from <= last_but_one && last_but_one <= last && last <= to);
    tally->leaderless_ns += to - last;
    tally->two_leaders_ns += last_but_one - from;
}

void tally_pass(struct tally *tally, const struct view *view, int64_t now_ns)
{
    int64_t from = tally->now_ns;
    if (now_ns <= from) {
        return;
    }
    tally->now_ns = now_ns;
    pass_leaders(tally, view, from, now_ns);
    if (tally->inside >= 2) {
        tally->two_lock_holders_ns += now_ns - from;
    }
}

static void count_leader(struct tally *tally, uint16_t id, bool leads)
{
    if (leads) {
        tally->leaders[tally->leader_count++] = id;
        return;
    }
    uint32_t at = 0;
    while (at < tally->leader_count && tally->leaders[at] != id) {
        at++;
    }
    assert(at < tally->leader_count);
    tally->leaders[at] = tally->leaders[--tally->leader_count];
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
    if (leads(was) != leads(now)) {
        count_leader(tally, event->process, leads(now));
    }
    tally->inside += (uint32_t)inside(now) - (uint32_t)inside(was);
    if (event->process != MASTER_ID) {
        tally->live_nodes += (uint32_t)now->alive - (uint32_t)was->alive;
    }
    assert(tally->live_nodes <= view->facts->settings.nodes);
    assert(tally->inside <= view->facts->settings.nodes + 1u);
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
