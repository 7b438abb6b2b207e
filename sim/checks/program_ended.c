/* program_ended: a member that is a program of the user's ended by itself.
 *
 * One by a fault, or by somebody else's kill, did not. What it says of itself (a status of 0) is no
 * excuse: from then on it did nothing, and no other check judges what is not there. The violation
 * lasts until it is started again, or the end. Guilty is its death. */
#include <assert.h>

#include "sim/checks/violation.h"

struct end_of_one {
    uint32_t event; /* its death; EVENT_NONE: none, or it was started again */
};

struct state {
    bool started; /* somebody was */
    struct end_of_one ends[];
};

static void begin(void *state, const struct history *history)
{
    struct state *own = state;
    own->started = false;
    for (uint32_t id = 0; id <= history->facts.settings.nodes; id++) {
        own->ends[id].event = EVENT_NONE;
    }
}

static void report(struct end_of_one *end, const struct view *view, const struct history *history,
                   struct violations *out)
{
    const struct history_event *event = &history->events[end->event];
    struct violation found = violation_new(&check_program_ended, event->at_ns);
    char how[340];
    assert(event->kind == HISTORY_DIED && !event->died.by_fault);
    found.until_ns = view->now_ns;
    violation_process(&found, event->process);
    violation_event(&found, end->event);
    history_describe(history, event, how, sizeof how);
    violation_say(&found, "%s, a program, %s", text_process(event->process).text, how);
    violations_add(out, &found);
    end->event = EVENT_NONE;
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct state *own = state;
    assert(event->process <= view->facts->settings.nodes);
    struct end_of_one *end = &own->ends[event->process];
    if (event->kind == HISTORY_STARTED) {
        own->started = true;
    } else if (event->kind == HISTORY_BORN && end->event != EVENT_NONE) {
        report(end, view, history, out);
    } else if (event->kind == HISTORY_DIED && !event->died.by_fault) {
        end->event = view->index;
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    struct state *own = state;
    assert(end_ns == view->now_ns);
    for (uint32_t id = 0; id <= view->facts->settings.nodes; id++) {
        if (own->ends[id].event != EVENT_NONE) {
            report(&own->ends[id], view, history, out);
        }
    }
}

static bool applies(const struct history_facts *facts, const char **why)
{
    *why = "no member is a program of yours";
    return facts->programs;
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct state *own = state;
    (void)view;
    (void)history;
    (void)end_ns;
    return own->started ? check_held() : check_could_not_fire("no program was started");
}

const struct check_row check_program_ended = {
    .name = "program_ended",
    .promise = "a program of yours ended by itself",
    .wants = 1u << HISTORY_BORN | 1u << HISTORY_STARTED | 1u << HISTORY_DIED,
    .state_size = sizeof(struct state),
    .state_per_process = sizeof(struct end_of_one),
    .begin = begin,
    .event = event,
    .end = end,
    .applies = applies,
    .verdict = verdict,
};
