/* two_leaders: two processes act as leader at once, by their claims. Each does so from its claim
 * until it claims otherwise, dies, or its time as leader runs out by its own clock
 * (claim.until_ns). A paused leader still is one: that is what pauses are tried for. This judges
 * what processes believe, not what they bring about.
 *
 * One violation an episode, from when the second begins to lead until at most one does. Guilty are
 * the claims by which they began.
 */
#include <stdio.h>

#include "sim/checks/overlap.h"

static void begin(void *state, const struct history *history)
{
    overlap_begin(state, &check_two_leaders, history->facts.settings.nodes);
}

static void report(struct overlap *overlap, const struct view *view, const char *how_ended,
                   struct violations *out)
{
    struct violation *draft = &overlap->draft;
    const struct view_process *first = &view->processes[draft->processes[0]];
    overlap_say_who(overlap);
    violation_say(draft, " leader for %s", text_ms(draft->until_ns - draft->at_ns).text);
    if (overlap->most == 2 && first->pause_event != EVENT_NONE &&
        (first->paused || first->pause_event > draft->events[0])) {
        violation_say(draft, ", %s having been paused", text_process(draft->processes[0]).text);
    }
    violation_say(draft, ", until %s", how_ended);
    violations_add(out, draft);
}

static void leave(struct overlap *overlap, uint16_t process, int64_t at_ns, const struct view *view,
                  const char *how, struct violations *out)
{
    if (overlap_leave(overlap, process, at_ns)) {
        char how_ended[64];
        snprintf(how_ended, sizeof how_ended, "%s %s", text_process(process).text, how);
        report(overlap, view, how_ended, out);
    }
}

/* Whose time has run out since the last event. */
static void run_out(struct overlap *overlap, const struct view *view, struct violations *out)
{
    int32_t due;
    while ((due = overlap_due(overlap, view->now_ns)) != NOBODY) {
        leave(overlap, (uint16_t)due, overlap->places[due].until_ns, view,
              "had led for as long as it may", out);
    }
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct overlap *overlap = state;
    const struct view_process *process = &view->processes[event->process];
    const struct claim *claim = &process->claim;
    bool leads = process->alive && claim->leads && view->now_ns < claim->until_ns;
    (void)history;

    run_out(overlap, view, out);
    bool led = overlap_has(overlap, event->process);
    if (leads && led) {
        overlap_extend(overlap, event->process, claim->until_ns);
    } else if (leads) {
        overlap_enter(overlap, event->process, view->index, view->now_ns, claim->until_ns);
    } else if (led) {
        leave(overlap, event->process, view->now_ns, view, process->alive ? "stepped down" : "died",
              out);
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    struct overlap *overlap = state;
    (void)history;
    run_out(overlap, view, out);
    if (overlap_is_on(overlap)) {
        overlap->draft.until_ns = end_ns;
        report(overlap, view, "the end", out);
    }
}

const struct check_row check_two_leaders = {
    .name = "two_leaders",
    .promise = "two processes act as leader at once",
    .wants = 1u << HISTORY_CLAIM | 1u << HISTORY_DIED | 1u << HISTORY_BORN,
    .wants_claims = CHANGED_LEADS,
    .state_size = sizeof(struct overlap),
    .state_per_process = sizeof(struct overlap_place),
    .begin = begin,
    .event = event,
    .end = end,
};
