/* What a history tells of who is to lead, whatever the protocol: what was decided, published, and
 * found published. A publication is the moment `publishes` (src/moment.h) of a request; what it
 * says, and what a reader of it is told, becomes a decision here and nowhere else. */
#ifndef HUSTINGS_HISTORY_ELECTED_H
#define HUSTINGS_HISTORY_ELECTED_H

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

/* Whether the answer tells who was published last; `found` is that, its leader NOBODY if there is
 * none, none that can be read, or one of nobody. */
bool history_told(const struct history_reply *reply, struct decision *found);

/* Likewise of any event. */
static inline bool history_tells(const struct history_event *event, struct decision *found)
{
    return event->kind == HISTORY_REPLY && op_has(event->reply.op, OP_TELLS_LEADER) &&
           history_told(&event->reply, found);
}

#endif
