/* A history as the page has it. See history_json.h. */
#include "sim/report/history_json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "sim/history/names.h"
#include "sim/history/text.h"
#include "sim/report/who.h"

/* --- who -------------------------------------------------------------------------------------- */

static void put_who(struct data *data, const struct history *history)
{
    const struct settings *settings = &history->facts.settings;
    json_open(&data->out, "members", '[');
    for (int32_t id = 0; id <= settings->nodes; id++) {
        if (place_of(history, id) >= 0) {
            json_open(&data->out, NULL, '{');
            json_whole(&data->out, "id", id);
            json_text(&data->out, "name", text_process(id).text);
            json_close(&data->out);
        }
    }
    json_close(&data->out);
    json_open(&data->out, "servers", '[');
    for (uint8_t server = 0; server < settings->servers; server++) {
        json_text(&data->out, NULL, text_server(history, server).text);
    }
    if (settings_all_servers(settings) > settings->servers) {
        json_text(&data->out, NULL, "the resource");
    }
    json_close(&data->out);
}

/* --- events ----------------------------------------------------------------------------------- */

/* Which event is the other half of each, a request's reply or a reply's request; -1: there is none.
 * NULL: memory is out. */
#define OPEN_AT_ONCE 64 /* requests of one process that wait for their replies */
static int32_t *make_pairs(const struct history *history)
{
    size_t processes = history->facts.settings.nodes + (size_t)1;
    int32_t *pairs = malloc((history->count + 1) * sizeof *pairs);
    int32_t *asked = calloc(processes * OPEN_AT_ONCE, sizeof *asked);
    if (pairs) {
        memset(pairs, 0xff, (history->count + 1) * sizeof *pairs); /* -1 */
    }
    for (size_t i = 0; pairs && asked && i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        bool asks = event->kind == HISTORY_REQUEST;
        uint32_t number = asks                           ? event->request.number
                          : event->kind == HISTORY_REPLY ? event->reply.number
                                                         : 0;
        if (number == 0 || event->process >= processes) {
            continue;
        }
        int32_t *slot = &asked[(size_t)event->process * OPEN_AT_ONCE + number % OPEN_AT_ONCE];
        int32_t request = *slot - 1;
        if (asks) {
            *slot = (int32_t)i + 1;
        } else if (request >= 0 && history->events[request].request.number == number) {
            pairs[i] = request;
            pairs[request] = (int32_t)i;
            *slot = 0;
        }
    }
    free(asked);
    return asked ? pairs : (free(pairs), NULL);
}

/* What befalls a process in a word or two; NULL: there is more to say. */
static const char *short_words(const struct history_event *event)
{
    switch ((enum history_kind)event->kind) {
    case HISTORY_BORN:
        return "is there, and connected";
    case HISTORY_STARTED:
        return "takes its first step";
    case HISTORY_PAUSED:
        return "stands still";
    case HISTORY_RESUMED:
        return "goes on";
    default:
        return NULL;
    }
}

/* The event in words: "node 2 asks for the lock (put_if_absent lock)". */
static uint32_t event_text(struct data *data, const struct history *history,
                           const struct history_event *event)
{
    static const char sends[] = "sends ";
    const struct short_text who = text_subject(history, event);
    const struct short_text where = text_where(history, event);
    const char *brief = short_words(event);
    char told[256], text[1024];
    history_describe(history, event, told, sizeof told);
    if (brief) {
        snprintf(text, sizeof text, "%s %s", who.text, brief);
    } else if (event->kind == HISTORY_REQUEST && event->why) {
        const char *op = told + (strncmp(told, sends, strlen(sends)) == 0 ? strlen(sends) : 0);
        snprintf(text, sizeof text, "%s %s%s (%s)", who.text, event->why, where.text, op);
    } else if (event->kind == HISTORY_FAULT && event->why) {
        snprintf(text, sizeof text, "fault: %s", event->why);
    } else if (event->kind == HISTORY_HEALED) {
        snprintf(text, sizeof text, "%s: %s is over", who.text,
                 fault_rows[event->fault.kind]->name);
    } else {
        snprintf(text, sizeof text, "%s %s%s%s%s", who.text, told, where.text,
                 event->why ? ": " : "", event->why ? event->why : "");
    }
    return texts_number(&data->texts, text);
}

static void put_times(struct data *data, const struct history *history)
{
    int64_t last_ns = 0;
    json_open(&data->out, "t", '[');
    for (size_t i = 0; i < history->count; i++) {
        json_whole(&data->out, NULL, history->events[i].at_ns - last_ns);
        last_ns = history->events[i].at_ns;
    }
    json_close(&data->out);
}

/* A column: what `value` says of each event. */
typedef int64_t event_value(struct data *data, const struct history *history, size_t index);

static void put_column(struct data *data, const struct history *history, const char *name,
                       event_value *value)
{
    json_open(&data->out, name, '[');
    for (size_t i = 0; i < history->count; i++) {
        json_whole(&data->out, NULL, value(data, history, i));
    }
    json_close(&data->out);
}

static int64_t who_did(struct data *data, const struct history *history, size_t index)
{
    (void)data;
    return place_of(history, history->events[index].process);
}

static int64_t server(struct data *data, const struct history *history, size_t index)
{
    (void)data;
    return server_of(history, &history->events[index]);
}

static int64_t kind(struct data *data, const struct history *history, size_t index)
{
    (void)data;
    return history->events[index].kind;
}

static int64_t text(struct data *data, const struct history *history, size_t index)
{
    return event_text(data, history, &history->events[index]);
}

static void put_events(struct data *data, const struct history *history)
{
    int32_t *pairs = make_pairs(history);
    json_open(&data->out, "events", '{');
    put_times(data, history);
    put_column(data, history, "who", who_did);
    put_column(data, history, "server", server);
    put_column(data, history, "kind", kind);
    put_column(data, history, "text", text);
    json_open(&data->out, "pair", '[');
    for (size_t i = 0; pairs && i < history->count; i++) {
        json_whole(&data->out, NULL, pairs[i]);
    }
    json_close(&data->out);
    json_close(&data->out);
    if (!pairs) {
        data_wrong(data, "history", "memory is out");
    }
    free(pairs);
}

static void put_phases(struct data *data, const struct history *history)
{
    json_open(&data->out, "phases", '[');
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_PHASE) {
            assert(event->phase < HISTORY_PHASES);
            json_open(&data->out, NULL, '[');
            json_whole(&data->out, NULL, event->at_ns);
            json_text(&data->out, NULL, phase_names[event->phase]);
            json_close(&data->out);
        }
    }
    json_close(&data->out);
}

void history_json(struct data *data, const struct told_trial *trial)
{
    const struct history *history = trial->history;
    int64_t from_ns = history->count ? history->events[0].at_ns : 0;
    int64_t end_ns = history->count ? history->events[history->count - 1].at_ns : 0;
    assert(history->count < INT32_MAX);
    json_open(&data->out, NULL, '{');
    json_whole(&data->out, "run", (int64_t)trial->run);
    json_whole(&data->out, "trial", history->facts.trial);
    json_seed(&data->out, "seed", history->facts.seed);
    json_text(&data->out, "verdict", trial_verdict_names[trial->outcome->verdict]);
    json_text(&data->out, "undecided", trial->outcome->undecided);
    json_text(&data->out, "command", trial->command);
    json_whole(&data->out, "from_ns", from_ns < 0 ? from_ns : 0);
    json_whole(&data->out, "end_ns", end_ns > 0 ? end_ns : 0);
    put_who(data, history);
    json_open(&data->out, "kinds", '[');
    for (size_t i = 0; i < HISTORY_KINDS; i++) {
        json_text(&data->out, NULL, kind_names[i]);
    }
    json_close(&data->out);
    put_events(data, history);
    history_states(data, history);
    history_reads(data, history);
    history_unheard(data, history);
    history_faults(data, history);
    put_phases(data, history);
    history_told(data, trial);
    json_close(&data->out);
}
