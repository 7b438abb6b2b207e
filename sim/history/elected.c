/* Who is to lead, by the events. See elected.h. */
#include "sim/history/elected.h"

#include <assert.h>

/* The last one that a process took before the event at `index`. */
static struct decision last_decision(const struct history *history, size_t index)
{
    assert(index < history->count);
    uint16_t process = history->events[index].process;
    for (size_t i = index; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (event->process == process && event->kind == HISTORY_DECIDED) {
            return event->decided.decision;
        }
        if (event->process == process && event->kind == HISTORY_BORN) {
            break;
        }
    }
    return (struct decision){.leader = NOBODY};
}

struct decision history_decision(const struct history *history, size_t index)
{
    assert(index < history->count);
    const struct history_event *event = &history->events[index];
    if (event->kind == HISTORY_DECIDED) {
        return event->decided.decision;
    }
    assert(history_publishes(event));
    return op_rows[event->request.op]->asks == VALUE_RESULT
               ? history_decision_of(&event->request.value.result)
               : last_decision(history, index);
}

size_t history_published(const struct history *history, size_t index)
{
    assert(index < history->count);
    const struct history_event *event = &history->events[index];
    bool published = event->kind == HISTORY_REPLY && event->reply.moment == MOMENT_PUBLISHES &&
                     history_applied(&event->reply);
    return published ? history_asked(history, index) : HISTORY_NOWHERE;
}
