/* Keeps the view that the checks share: one event at a time, in constant time. check.h says what a
 * view shows. */
#ifndef HUSTINGS_CHECKS_VIEW_H
#define HUSTINGS_CHECKS_VIEW_H

#include <assert.h>

#include "sim/checks/check.h"

/* An empty cluster. The caller gives the memory: nodes + 1 processes and nodes + 2 followers. */
void view_begin(struct view *view, const struct history_facts *facts,
                struct view_process *processes, uint32_t *followers);

/* Takes in the event at `index`, for each index from 0. */
void view_apply(struct view *view, const struct history *history, uint32_t index);

/* --- requests and replies -----------------------------------------------------------------------
 *
 * What view_apply() does with four events of five. They are here for those who need not have the
 * process as it was before the event: it is copied for nothing then. */

static inline void view_stop_waiting(struct view_process *process)
{
    process->asks_since_ns = INT64_MIN;
    process->asks_event = EVENT_NONE;
}

/* Whether it waited for the lock, and by this request does not any more: it has it, or does
 * without. Its work goes on meanwhile. */
static inline bool view_ends_wait(const struct view_process *process,
                                  const struct history_request *request)
{
    return process->asks_event != EVENT_NONE && request->key != KEY_LOCK &&
           request->key != KEY_WRITES;
}

static inline void view_request(struct view *view, struct view_process *process,
                                const struct history_event *event)
{
    const struct history_request *request = &event->request;
    process->request_event = view->index;
    if (request->moment == MOMENT_READS) {
        process->read_event = view->index;
    }
    if (request->moment == MOMENT_ASKS_LOCK) {
        process->asked_event = view->index;
        if (process->asks_event == EVENT_NONE) {
            process->asks_since_ns = event->at_ns;
            process->asks_event = view->index;
        }
    } else if (view_ends_wait(process, request)) {
        view_stop_waiting(process);
        view->changes = CHANGED_SECTION;
    }
}

static inline void view_reply(struct view *view, struct view_process *process,
                              const struct history_event *event, const struct history *history)
{
    const struct history_reply *reply = &event->reply;
    struct decision told;
    if (reply->moment == MOMENT_READS && reply->outcome == STORE_OK) {
        process->read_reply_event = view->index;
        process->recalled_at_read = process->recalled;
    } else if (reply->moment == MOMENT_PUBLISHES) {
        size_t published = history_published(history, view->index);
        if (published != HISTORY_NOWHERE) {
            view->published = history_decision(history, published);
        }
    } else if (history_tells(event, &told)) {
        view->published = told;
        process->recalled = told.leader;
    }
}

/* The view is at this event from now on. */
static inline void view_move(struct view *view, int64_t now_ns, uint32_t index)
{
    view->now_ns = now_ns;
    view->index = index;
    view->changes = 0;
}

/* A request or a reply: it changes neither who lives, nor what anybody claims. */
static inline bool view_is_message(const struct history_event *event)
{
    return event->kind == HISTORY_REQUEST || event->kind == HISTORY_REPLY;
}

/* Takes in the message at `index` as view_apply() does, but leaves view->before as it is. */
static inline void view_message(struct view *view, const struct history *history, uint32_t index)
{
    const struct history_event *event = &history->events[index];
    assert(view_is_message(event) && event->process <= view->facts->settings.nodes);
    struct view_process *process = &view->processes[event->process];
    view_move(view, event->at_ns, index);
    if (event->kind == HISTORY_REQUEST) {
        view_request(view, process, event);
    } else {
        view_reply(view, process, event, history);
    }
}

#endif
