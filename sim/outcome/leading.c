/* Whoever acts as leader. See leading.h. */
#include "sim/outcome/leading.h"

#include <assert.h>

#include "sim/outcome/end_of_office.h"
#include "sim/outcome/publishing.h"

/* --- the leader stops ------------------------------------------------------------------------- */

/* Whether the process of this HISTORY_CLAIM acted as leader just before it. */
static bool led_before(const struct view *view, const struct history_event *event)
{
    return view->before.claim.leads && view->before.claim.until_ns > event->at_ns;
}

/* Another one who acts as leader, though not elected last: there were two. NOBODY: none. Who begins
 * by this event is none: it is the next. */
static int32_t another_leader(const struct elections *elections, const struct history_event *event)
{
    const struct tally *tally = elections->tally;
    const struct view *view = elections->view;
    assert(tally->leaders.count <= view->facts->settings.nodes + 1u);
    for (uint32_t i = 0; i < tally->leaders.count; i++) {
        uint16_t id = tally->leaders.ids[i];
        bool begins = id == event->process && !led_before(view, event);
        if (id != elections->published.leader && !begins &&
            view_acts_as_leader(view, &view->processes[id])) {
            return id;
        }
    }
    return NOBODY;
}

/* Until when the leader could lead by what it claimed before this event. */
static int64_t could_lead_until(const struct elections *elections,
                                const struct history_event *event)
{
    const struct view *view = elections->view;
    int32_t leader = elections->published.leader;
    bool own = event->process == leader && event->kind == HISTORY_CLAIM;
    return own ? view->before.claim.until_ns : view->processes[leader].claim.until_ns;
}

void leading_stops(struct elections *elections, size_t index)
{
    const struct history_event *event = &elections->history->events[index];
    const struct view *view = elections->view;
    int32_t leader = elections->published.leader;
    if (leader == NOBODY) {
        return;
    }
    assert(leader >= 0 && leader <= view->facts->settings.nodes);
    int64_t until_ns = could_lead_until(elections, event);
    bool ran_out = until_ns <= event->at_ns;
    if (!ran_out && view_acts_as_leader(view, &view->processes[leader])) {
        return;
    }
    int32_t other = another_leader(elections, event);
    if (other != NOBODY) {
        elections->published =
            (struct decision){.leader = other, .term = view->processes[other].claim.term};
        elections->published_at = index;
        elections->rightful_is_old = true;
        return;
    }
    bool died = event->kind == HISTORY_DIED && event->process == leader && !ran_out;
    uint8_t cause = died ? CAUSE_CRASH
                         : end_of_office(elections->history, index, (uint16_t)leader,
                                         ran_out ? CAUSE_EXPIRY : CAUSE_RESIGNATION);
    int32_t before = electing_rightful(elections);
    if (died) {
        elections->truth[leader] = TRUTH_GONE;
    }
    elections->published = (struct decision){.leader = NOBODY};
    elections->published_at = index;
    elections->rightful_is_old = true;
    electing_weigh(elections, before, cause, leader, index);
    if (ran_out && elections->open != NO_ELECTION && electing_open(elections)->due == index) {
        electing_open(elections)->row.due_ns = until_ns;
    }
}

/* --- another begins --------------------------------------------------------------------------- */

/* The decision by which `process` leads in this term; NOT_FOUND: it took none. */
static size_t find_decided(const struct elections *elections, size_t index, uint16_t process,
                           uint64_t term)
{
    size_t decided = lookback_decided(elections->history, index + 1, 0, process);
    if (decided == NOT_FOUND) {
        return NOT_FOUND;
    }
    const struct decision decision = history_decision(elections->history, decided);
    return decision.leader == process && decision.term == term ? decided : NOT_FOUND;
}

void leading_begins(struct elections *elections, size_t index)
{
    const struct history_event *event = &elections->history->events[index];
    const struct view *view = elections->view;
    if (event->kind != HISTORY_CLAIM || !(view->changes & CHANGED_LEADS) ||
        !view_acts_as_leader(view, &view->processes[event->process])) {
        return;
    }
    uint64_t term = event->claim.claim.term;
    assert(event->process <= view->facts->settings.nodes);
    bool goes_on = led_before(view, event) && view->before.claim.term == term;
    if (event->process == elections->published.leader || goes_on) {
        if (event->process == elections->published.leader) {
            elections->published.term = term; /* without a break: nobody was elected */
        }
        return;
    }
    struct seen seen = {.decision = {.leader = event->process, .term = term},
                        .index = index,
                        .process = event->process,
                        .decided = find_decided(elections, index, event->process, term),
                        .read = NOT_FOUND,
                        .due = index};
    if (seen.decided != NOT_FOUND) {
        seen.decision = history_decision(elections->history, seen.decided);
    }
    seen.node = elections->published.leader;
    if (elections->open == NO_ELECTION && seen.node != NOBODY) { /* it does not know it yet */
        seen.cause = end_of_office(elections->history, index, (uint16_t)seen.node, CAUSE_EXPIRY);
    }
    publishing_seen(elections, &seen);
}
