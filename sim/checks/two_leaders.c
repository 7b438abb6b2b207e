/* two_leaders: two processes act as leader at once, by their claims. Each does so from its claim
 * until it claims otherwise, dies, or its time as leader runs out by its own clock
 * (claim.until_ns). A paused leader still is one: that is what pauses are tried for. This judges
 * what processes believe, not what they bring about.
 *
 * One violation an episode (overlap.h), from when the second begins to lead until the last time
 * that at most one does. Guilty are the claims by which they began.
 */
#include "sim/checks/cause.h"

#include "sim/checks/overlap.h"
#include "src/protocol.h"
#include <assert.h>

static void begin(void *state, const struct history *history)
{
    overlap_begin(state, &check_two_leaders, history->facts.settings.nodes);
}

static void report(struct overlap *overlap, const struct view *view, const struct history *history,
                   struct violations *out)
{
    assert(overlap->draft.event_count > 0);
    struct violation *draft = &overlap->draft;
    overlap_say_who(overlap);
    violation_say(draft, " leader");
    overlap_say_how_long(overlap);
    if (overlap->stretches == 1 && overlap->last_how) {
        violation_say(draft, ", until %s %s", text_process(overlap->last_left).text,
                      overlap->last_how);
    } else if (overlap->stretches == 1) {
        violation_say(draft, ", until the end");
    }
    const struct view_process *first = &view->processes[draft->processes[0]];
    bool paused = first->pause_event != EVENT_NONE &&
                  (first->paused || first->pause_event > draft->events[0]);
    if (overlap->most == 2 && paused) {
        violation_say(draft, "; %s had been paused", text_process(draft->processes[0]).text);
    } else if (overlap->most == 2) {
        uint32_t joined = draft->events[draft->event_count - 1];
        cause_say_faults(draft, history, joined, view->index, draft->processes[0]);
    }
    violations_add(out, draft);
}

static void leave(struct overlap *overlap, uint16_t process, int64_t at_ns, const struct view *view,
                  const struct history *history, const char *how, struct violations *out)
{
    assert(at_ns <= view->now_ns);
    if (overlap_leave(overlap, process, at_ns, how)) {
        report(overlap, view, history, out);
    }
}

/* Whose time has run out since the last event. */
static void run_out(struct overlap *overlap, const struct view *view, const struct history *history,
                    struct violations *out)
{
    int32_t due;
    while ((due = overlap_due(overlap, view->now_ns)) != NOBODY) {
        leave(overlap, (uint16_t)due, overlap->places[due].until_ns, view, history,
              "had led for as long as it may", out);
    }
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    assert(event->process <= view->facts->settings.nodes);
    struct overlap *overlap = state;
    const struct view_process *process = &view->processes[event->process];
    const struct claim *claim = &process->claim;
    bool leads = view_acts_as_leader(view, process);

    run_out(overlap, view, history, out);
    bool led = overlap_has(overlap, event->process);
    if (leads && led) {
        overlap_extend(overlap, event->process, claim->until_ns);
    } else if (leads) {
        overlap_enter(overlap, event->process, view->index, view->now_ns, claim->until_ns);
    } else if (led) {
        leave(overlap, event->process, view->now_ns, view, history,
              process->alive ? "stepped down" : "died", out);
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    struct overlap *overlap = state;
    assert(end_ns == view->now_ns);
    run_out(overlap, view, history, out);
    if (overlap_end(overlap, end_ns)) {
        report(overlap, view, history, out);
    }
}

static bool applies(const struct history_facts *facts, const char **why)
{
    *why = "the protocol elects no leader";
    return protocol_has_leaders(&facts->settings);
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct overlap *own = state;
    (void)history;
    (void)end_ns;
    if (own->entered_ns == NEVER_ENTERED) {
        return check_could_not_fire("nobody ever acted as leader");
    }
    return check_held_unless_alone(view, MOMENT_LEADS, own->entered_ns);
}

const struct check_row check_two_leaders = {
    .name = "two_leaders",
    .promise = "two processes act as leader at once",
    .wants = 1u << HISTORY_CLAIM | 1u << HISTORY_DIED | 1u << HISTORY_BORN,
    .wants_claims = CHANGED_LEADS,
    .on_belief = true,
    .state_size = sizeof(struct overlap),
    .state_per_process = sizeof(struct overlap_place),
    .begin = begin,
    .event = event,
    .end = end,
    .applies = applies,
    .verdict = verdict,
};
