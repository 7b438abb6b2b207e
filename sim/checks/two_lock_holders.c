/* two_lock_holders: two processes are inside the critical section at once, by their claims. A
 * paused one that was inside when it was stopped still is; a dead one is not, from its death on,
 * nor is one whose time has run out by its own clock (claim.until_ns).
 *
 * One violation an episode (overlap.h), from when the second enters until the last time that at
 * most one is left. Guilty are the claims by which they entered, and the running out of the lock if
 * that explains it.
 */
#include "sim/checks/cause.h"

#include "sim/checks/overlap.h"
#include "src/lock/lock.h"
#include "src/units.h"
#include <assert.h>

static void begin(void *state, const struct history *history)
{
    overlap_begin(state, &check_two_lock_holders, history->facts.settings.nodes);
}

/* When this one's lock was gone from the store, and how; or INT64_MIN. */
static int64_t gone_ns(struct violation *draft, uint16_t id, const struct view *view,
                       const struct history *history, const char **how)
{
    assert(draft->process_count > 0);
    *how = "had run out";
    const struct view_process *first = &view->processes[id];
    if (first->asked_event == EVENT_NONE) {
        return INT64_MIN;
    }
    bool one_key = view->facts->settings.servers == 1; /* of several, the loss of one is no loss */
    if (one_key && view->gone_event != EVENT_NONE && view->gone_event > first->asked_event) {
        const struct history_event *gone = &history->events[view->gone_event];
        violation_event(draft, view->gone_event);
        if (gone->kind == HISTORY_EXPIRED && gone->why) {
            *how = gone->why;
        }
        return gone->at_ns;
    }
    const struct history_event *asked = &history->events[first->asked_event];
    int64_t ends_ns = asked->at_ns + (int64_t)asked->request.ttl_ms * NS_PER_MS;
    return asked->request.ttl_ms && ends_ns <= view->now_ns ? ends_ns : INT64_MIN;
}

/* The sentence's second half is known when the episode begins; it waits in the draft until the
 * first half is. */
static void say_why(struct violation *draft, const struct view *view, const struct history *history)
{
    const char *how;
    uint16_t id = draft->processes[0];
    int64_t ns = gone_ns(draft, id, view, history, &how);
    if (ns == INT64_MIN && draft->process_count > 1) {
        id = draft->processes[1]; /* who came late to the answer that gave it the lock */
        ns = gone_ns(draft, id, view, history, &how);
    }
    if (!lock_is_in_store(&view->facts->settings)) {
        violation_say(draft, "there is no lock to keep them apart");
    } else if (ns != INT64_MIN) {
        violation_say(draft, "%s's lock %s at %s", text_process(id).text, how,
                      text_seconds(ns).text);
    } else {
        violation_say(draft, "both took the lock for theirs");
    }
    uint32_t asked = view->processes[draft->processes[0]].asked_event;
    if (asked != EVENT_NONE) {
        cause_say_faults(draft, history, asked, view->index, draft->processes[0]);
    }
}

static void report(struct overlap *overlap, struct violations *out)
{
    assert(overlap->draft.process_count >= 2);
    struct violation *draft = &overlap->draft;
    struct violation why = *draft;
    draft->explanation[0] = '\0';
    overlap_say_who(overlap);
    violation_say(draft, " inside the critical section");
    overlap_say_how_long(overlap);
    violation_say(draft, ": %s", why.explanation);
    violations_add(out, draft);
}

static void leave(struct overlap *overlap, uint16_t process, int64_t at_ns, struct violations *out)
{
    if (overlap_leave(overlap, process, at_ns, NULL)) {
        report(overlap, out);
    }
}

/* Whose time has run out since the last event. */
static void run_out(struct overlap *overlap, int64_t now_ns, struct violations *out)
{
    int32_t due;
    while ((due = overlap_due(overlap, now_ns)) != NOBODY) {
        leave(overlap, (uint16_t)due, overlap->places[due].until_ns, out);
    }
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    assert(event->process <= view->facts->settings.nodes);
    struct overlap *overlap = state;
    const struct view_process *process = &view->processes[event->process];
    int64_t until_ns = process->claim.until_ns;
    bool inside = view_is_inside(view, process);

    run_out(overlap, view->now_ns, out);
    bool was = overlap_has(overlap, event->process);
    if (inside && was) {
        overlap_extend(overlap, event->process, until_ns);
    } else if (was) {
        leave(overlap, event->process, view->now_ns, out);
    } else if (inside &&
               overlap_enter(overlap, event->process, view->index, view->now_ns, until_ns)) {
        say_why(&overlap->draft, view, history);
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    struct overlap *overlap = state;
    assert(end_ns == view->now_ns);
    (void)history;
    run_out(overlap, view->now_ns, out);
    if (overlap_end(overlap, end_ns)) {
        report(overlap, out);
    }
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct overlap *own = state;
    (void)history;
    (void)end_ns;
    if (own->entered_ns == NEVER_ENTERED) {
        return check_could_not_fire("nobody was ever inside the critical section");
    }
    return check_held_unless_alone(view, MOMENT_ACQUIRES_LOCK, own->entered_ns);
}

const struct check_row check_two_lock_holders = {
    .name = "two_lock_holders",
    .promise = "two processes inside the critical section at once (by their claims)",
    .wants = 1u << HISTORY_CLAIM | 1u << HISTORY_DIED | 1u << HISTORY_BORN,
    .wants_claims = CHANGED_SECTION | CHANGED_UNTIL,
    .on_belief = true,
    .state_size = sizeof(struct overlap),
    .state_per_process = sizeof(struct overlap_place),
    .begin = begin,
    .event = event,
    .end = end,
    .verdict = verdict,
};
