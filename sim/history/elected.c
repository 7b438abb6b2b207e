/* Who is to lead, by the events. See elected.h. */
#include "sim/history/elected.h"

#include <assert.h>

static struct decision decision_of(const struct result *result)
{
    return (struct decision){
        .leader = result->id, .reason = (uint16_t)result->rule, .term = result->term};
}

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
    const struct history_event *event = &history->events[index];
    if (event->kind == HISTORY_DECIDED) {
        return event->decided.decision;
    }
    assert(history_publishes(event));
    return op_rows[event->request.op]->asks == VALUE_RESULT
               ? decision_of(&event->request.value.result)
               : last_decision(history, index);
}

size_t history_published(const struct history *history, size_t index)
{
    const struct history_event *event = &history->events[index];
    bool published = event->kind == HISTORY_REPLY && event->reply.moment == MOMENT_PUBLISHES &&
                     history_applied(&event->reply);
    return published ? history_asked(history, index) : HISTORY_NOWHERE;
}

bool history_told(const struct history_reply *reply, struct decision *found)
{
    *found = (struct decision){.leader = NOBODY};
    if (reply->outcome == STORE_OK) {
        assert(op_rows[reply->op]->answers == VALUE_RESULT);
        *found = decision_of(&reply->value.result);
    }
    return reply->outcome == STORE_OK || reply->outcome == STORE_NIL ||
           reply->outcome == STORE_UNREADABLE;
}
