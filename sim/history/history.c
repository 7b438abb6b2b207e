/* The growing list of events. See history.h. */
#include "sim/history/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/grown.h"

bool history_append(struct history *history, const struct history_event *event)
{
    assert(history->count <= history->capacity);
    struct history_event *events =
        grown(history->events, history->count, &history->capacity, sizeof *events);
    if (!events) {
        return false;
    }
    history->events = events;
    history->events[history->count++] = *event;
    return true;
}

size_t history_asked(const struct history *history, size_t index)
{
    assert(index < history->count && history->events[index].kind == HISTORY_REPLY);
    const struct history_event *reply = &history->events[index];
    for (size_t i = index; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (event->process != reply->process) {
            continue;
        }
        bool asks = event->kind == HISTORY_REQUEST;
        if (asks && event->request.number == reply->reply.number) {
            return i;
        }
        if ((asks && event->request.number < reply->reply.number) || event->kind == HISTORY_BORN) {
            break; /* a restarted process counts its requests anew */
        }
    }
    return HISTORY_NOWHERE;
}

void history_free(struct history *history)
{
    for (size_t i = 0; i < history->text_count; i++) {
        free(history->texts[i]);
    }
    free(history->texts);
    free(history->events);
    memset(history, 0, sizeof *history);
}
