/* Keeps the view that the checks share: one event at a time, in constant time. check.h says what a
 * view shows. */
#ifndef HUSTINGS_VIEW_H
#define HUSTINGS_VIEW_H

#include "sim/checks/check.h"

/* An empty cluster. The caller gives the memory: nodes + 1 processes and nodes + 2 followers. */
void view_begin(struct view *view, const struct history_facts *facts,
                struct view_process *processes, uint32_t *followers);

/* Takes in the event at `index`, for each index from 0. */
void view_apply(struct view *view, const struct history *history, uint32_t index);

/* Whom a HISTORY_DECIDED, or a request to publish a result, names. */
struct choice view_choice(const struct history_event *event);

#endif
