/* The faults of a history, each with its span. See history_json.h. */
#include <assert.h>

#include "sim/faults/fault.h"
#include "sim/report/history_json.h"
#include "sim/report/who.h"

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

/* The event that ends it; -1: none. */
static int64_t end_of(const struct history *history, size_t index)
{
    for (size_t i = index + 1; i < history->count; i++) {
        if (ends(&history->events[index], &history->events[i])) {
            return (int64_t)i;
        }
    }
    return -1;
}

static void put_fault(struct data *data, const struct history *history, size_t index)
{
    const struct history_event *event = &history->events[index];
    int32_t member = place_of(history, event->process);
    int32_t server = server_of(history, event);
    assert(event->kind == HISTORY_FAULT);
    json_open(&data->out, NULL, '{');
    json_text(&data->out, "text", event->why ? event->why : fault_rows[event->fault.kind]->name);
    json_whole(&data->out, "at", (int64_t)index);
    json_whole(&data->out, "until", end_of(history, index));
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
    json_open(&data->out, "faults", '[');
    for (size_t i = 0; i < history->count; i++) {
        if (history->events[i].kind == HISTORY_FAULT) {
            put_fault(data, history, i);
        }
    }
    json_close(&data->out);
}
