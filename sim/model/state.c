/* Events, and failing. See state.h. */
#include "sim/model/state.h"

#include <assert.h>
#include <stdio.h>

void model_fail(struct model *model, const char *what)
{
    assert(what);
    if (!model->failed) {
        snprintf(model->error, sizeof model->error, "%s", what);
    }
    model->failed = true;
    model->stop = true;
}

void model_write_to(struct model *model, struct history *history)
{
    assert(history->capacity > 0);
    history->count = 0;
    model->history = history;
    model->first_event = model->event_count;
    model->place = history->events;
    model->places_end = model->place + history->capacity;
}

/* The history is only told of its events when somebody looks at it. */
void model_sync(struct model *model)
{
    assert(model->event_count >= model->first_event);
    model->history->count = model->event_count - model->first_event;
}

/* Doubles it. When memory is out, the trial fails and soon ends; until then the last events are
 * written over. */
struct history_event *model_more_room(struct model *model)
{
    assert(model->place == model->places_end);
    struct history *history = model->history;
    struct history_event none = {0};
    model_sync(model);
    if (history_append(history, &none)) {
        model->place = history->events + (model->event_count - model->first_event);
        model->places_end = history->events + history->capacity;
    } else {
        model_fail(model, "out of memory");
        model->event_count--;
        model->place--;
    }
    return model->place;
}

void model_record(struct model *model, enum history_kind kind, uint16_t process)
{
    struct history_event *event = model_event(model);
    *event = (struct history_event){.kind = (uint8_t)kind};
    model_recorded(model, event, process);
}

void model_record_event(void *self, struct history_event *event)
{
    struct model *model = self;
    struct history_event *place = model_event(model);
    *place = *event;
    model_recorded(model, place, event->process);
    event->at_ns = model->now_ns; /* what follows of the same ballot bears the same time */
    event->seq = place->seq;
}

int64_t model_now(void *self)
{
    const struct model *model = self;
    return model->now_ns;
}

void model_amend_event(void *self, uint32_t seq, uint8_t kind, const char *why)
{
    struct model *model = self;
    assert(seq >= model->first_event && seq < model->event_count);
    struct history_event *event = &model->history->events[seq - model->first_event];
    event->kind = kind;
    event->why = why;
}
