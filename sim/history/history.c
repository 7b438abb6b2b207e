/* The growing list of events. See history.h. */
#include "sim/history/history.h"

#include <stdlib.h>
#include <string.h>

#include "sim/text/grown.h"

bool history_append(struct history *history, const struct history_event *event)
{
    struct history_event *events =
        grown(history->events, history->count, &history->capacity, sizeof *events);
    if (!events) {
        return false;
    }
    history->events = events;
    history->events[history->count++] = *event;
    return true;
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
