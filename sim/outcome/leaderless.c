/* For how long nobody led. See leaderless.h. */
#include "sim/outcome/leaderless.h"

#include <assert.h>

void leaderless_begin(struct leaderless *leaderless)
{
    *leaderless = (struct leaderless){.led_until_ns = INT64_MIN};
}

void leaderless_pass(struct leaderless *leaderless, const struct view *view, int64_t now_ns)
{
    int64_t from = leaderless->now_ns;
    assert(view->phase <= PHASE_END);
    if (now_ns <= from) {
        return;
    }
    leaderless->now_ns = now_ns;
    int64_t led_until = leaderless->led_until_ns > from ? leaderless->led_until_ns : from;
    if (view->phase == PHASE_SAFETY && led_until < now_ns) {
        leaderless->ns += now_ns - led_until;
    }
    assert(leaderless->ns >= 0 && leaderless->ns <= now_ns);
}

/* Whether it can have changed who leads: most claims are of members that follow. */
static bool matters(const struct view *view, const struct history_event *event)
{
    if (event->process == HISTORY_HARNESS) {
        return false;
    }
    assert(event->process <= view->facts->settings.nodes);
    const struct claim *was = &view->before.claim;
    const struct claim *is = &view->processes[event->process].claim;
    return event->kind != HISTORY_CLAIM || was->leads || is->leads || was->status != is->status;
}

void leaderless_event(struct leaderless *leaderless, struct elections *elections,
                      const struct history_event *event)
{
    const struct view *view = elections->view;
    const struct claimers *leaders = &elections->tally->leaders;
    assert(leaders->count <= view->facts->settings.nodes + 1u);
    if (!matters(view, event)) {
        return;
    }
    leaderless->led_until_ns = INT64_MIN;
    for (uint32_t i = 0; i < leaders->count; i++) {
        uint16_t id = leaders->ids[i];
        int64_t until_ns = view->processes[id].claim.until_ns;
        if (until_ns > leaderless->led_until_ns &&
            electing_rightful_for(elections, id) == (int32_t)id) {
            leaderless->led_until_ns = until_ns;
        }
    }
}
