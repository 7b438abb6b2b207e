/* What a history tells of who is to lead, whatever the protocol: what was decided, published, and
 * found published. A publication is the moment `publishes` (src/moment.h) of a request; what it
 * says, and what a reader of it is told, becomes a decision here and nowhere else. */
#ifndef HUSTINGS_HISTORY_ELECTED_H
#define HUSTINGS_HISTORY_ELECTED_H

#include <assert.h>

#include "sim/history/history.h"

/* Whether the event is a request that publishes who is to lead. */
static inline bool history_publishes(const struct history_event *event)
{
    return event->kind == HISTORY_REQUEST && event->request.moment == MOMENT_PUBLISHES;
}

/* What the HISTORY_DECIDED, or the publishing request, at `index` says. */
struct decision history_decision(const struct history *history, size_t index);

/* The publishing request that the answer at `index` says was applied; HISTORY_NOWHERE: it says so
 * of none. */
size_t history_published(const struct history *history, size_t index);

/* The result that a request sets, or an answer tells, as a decision. */
static inline struct decision history_decision_of(const struct result *result)
{
    return (struct decision){
        .leader = result->id, .reason = (uint16_t)result->rule, .term = result->term};
}

/* Whether the event is an answer that tells who was published last; `found` is that, its leader
 * NOBODY if there is none, none that can be read, or one of nobody. In the header because it is
 * asked of every answer, and more than once. */
static inline bool history_tells(const struct history_event *event, struct decision *found)
{
    const struct history_reply *reply = &event->reply;
    if (event->kind != HISTORY_REPLY || !op_has(reply->op, OP_TELLS_LEADER) ||
        reply->outcome == STORE_REFUSED || reply->outcome == STORE_UNKNOWN) {
        return false;
    }
    assert(op_rows[reply->op]->answers == VALUE_RESULT);
    *found = reply->outcome == STORE_OK ? history_decision_of(&reply->value.result)
                                        : (struct decision){.leader = NOBODY};
    return true;
}

#endif
