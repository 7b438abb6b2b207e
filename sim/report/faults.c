/* The faults of a history, each with its span. See history_json.h. */
#include <assert.h>
#include <stdlib.h>

#include "sim/faults/fault.h"
#include "sim/report/history_json.h"
#include "sim/report/who.h"

static bool may_end(const struct history_event *event)
{
    return event->kind == HISTORY_HEALED || event->kind == HISTORY_RESUMED ||
           event->kind == HISTORY_BORN;
}

/* Whether `later` ends what `fault` did: it was healed; a process that it stopped or killed goes on
 * or starts again. */
static bool ends(const struct history_event *fault, const struct history_event *later)
{
    bool same = later->process == fault->process;
    switch ((enum history_kind)later->kind) {
    case HISTORY_HEALED:
        return same && later->server == fault->server &&
               later->fault.instance == fault->fault.instance &&
               later->fault.index == fault->fault.index;
    case HISTORY_RESUMED:
    case HISTORY_BORN:
        return same && fault->process != HISTORY_HARNESS &&
               fault_rows[fault->fault.kind]->becomes & (STATE_DEAD | STATE_STOPPED);
    default:
        return false;
    }
}

/* The faults of a history, and where each ended. */
struct spans {
    uint32_t *at;   /* owned */
    int64_t *until; /* owned; the event, or -1: not at all */
    size_t count;
};

/* False: memory is out. */
static bool find_spans(const struct history *history, struct spans *spans)
{
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++) {
        count += history->events[i].kind == HISTORY_FAULT;
    }
    *spans = (struct spans){.at = calloc(count + 1, sizeof *spans->at),
                            .until = calloc(count + 1, sizeof *spans->until)};
    if (!spans->at || !spans->until) {
        return false;
    }
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        for (size_t k = 0; may_end(event) && k < spans->count; k++) {
            bool over = spans->until[k] >= 0;
            if (!over && ends(&history->events[spans->at[k]], event)) {
                spans->until[k] = (int64_t)i;
            }
        }
        if (event->kind == HISTORY_FAULT) {
            spans->at[spans->count] = (uint32_t)i;
            spans->until[spans->count++] = -1;
        }
    }
    return true;
}

static void put_fault(struct data *data, const struct history *history, size_t index, int64_t until)
{
    const struct history_event *event = &history->events[index];
    int32_t member = place_of(history, event->process);
    int32_t server = server_of(history, event);
    assert(event->kind == HISTORY_FAULT);
    json_open(&data->out, NULL, '{');
    json_text(&data->out, "text", event->why ? event->why : fault_rows[event->fault.kind]->name);
    json_whole(&data->out, "at", (int64_t)index);
    json_whole(&data->out, "until", until);
    json_open(&data->out, "members", '[');
    if (member >= 0) {
        json_whole(&data->out, NULL, member);
    }
    json_close(&data->out);
    json_open(&data->out, "servers", '[');
    if (server >= 0) {
        json_whole(&data->out, NULL, server);
    }
    json_close(&data->out);
    json_close(&data->out);
}

void history_faults(struct data *data, const struct history *history)
{
    struct spans spans;
    json_open(&data->out, "faults", '[');
    if (!find_spans(history, &spans)) {
        data_wrong(data, "history", "memory is out");
    }
    for (size_t i = 0; i < spans.count; i++) {
        put_fault(data, history, spans.at[i], spans.until[i]);
    }
    json_close(&data->out);
    free(spans.at);
    free(spans.until);
}
