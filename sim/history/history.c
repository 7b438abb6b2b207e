/* The growing list of events. See history.h. */
#include "sim/history/history.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_FIRST 256

bool history_append(struct history *history, const struct history_event *event)
{
    if (history->count == history->capacity) {
        size_t capacity = history->capacity ? 2 * history->capacity : CAPACITY_FIRST;
        struct history_event *events = realloc(history->events, capacity * sizeof *events);
        if (!events) {
            return false;
        }
        history->events = events;
        history->capacity = capacity;
    }
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
