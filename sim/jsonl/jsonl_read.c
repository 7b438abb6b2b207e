/* Reads an event back from its line. Nothing in a file is trusted: every field must be there, be of
 * its type and lie in its range, so that what reads the history after us need not look again.
 * Fields that we don't know are passed over. */
#include <string.h>

#include "sim/history/names.h"
#include "sim/jsonl/jsonl_reader.h"
#include "src/owners.h"
#include "src/protocol.h"

/* What belongs to no process, and what to a process or the world around it. */
#define OF_ALL (1u << HISTORY_EXPIRED | 1u << HISTORY_PHASE | 1u << HISTORY_UNDECIDED)
#define OF_ANY                                                                                     \
    (1u << HISTORY_FAULT | 1u << HISTORY_HEALED | 1u << HISTORY_SKIPPED | 1u << HISTORY_OUTSIDE)

/* Whose event it is. What a process does, the harness cannot. */
static uint16_t read_process(struct reader *reader, uint8_t kind)
{
    struct in *in = &reader->in;
    const cJSON *value = in_member(in, "process");
    bool is_about_all = OF_ALL & 1u << kind;
    if (cJSON_IsString(value) && strcmp(value->valuestring, "harness") == 0) {
        if (!is_about_all && !(OF_ANY & 1u << kind)) {
            in_fail(in, "the harness cannot be \"%s\"", kind_names[kind]);
        }
        return HISTORY_HARNESS;
    }
    if (is_about_all) {
        in_fail(in, "\"process\" should be \"harness\" with \"%s\"", kind_names[kind]);
    }
    const struct settings *settings = &reader->history->facts.settings;
    if (cJSON_IsString(value) && strcmp(value->valuestring, "master") == 0) {
        if (!protocol_has_master(settings)) {
            in_fail(in, "\"process\" is \"master\", but the protocol %s has none",
                    owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]));
        }
        return MASTER_ID;
    }
    if (!cJSON_IsNumber(value)) {
        in_fail(in, "\"process\" is neither a node's number nor \"master\" nor \"harness\"");
        return MASTER_ID;
    }
    return (uint16_t)in_whole(in, "process", value, 1, settings->nodes);
}

/* A request goes to some server, and what ran out did so on one. */
static uint8_t read_server(struct reader *reader, const struct history_event *event)
{
    const uint32_t always = 1u << HISTORY_REQUEST | 1u << HISTORY_REPLY | 1u << HISTORY_EXPIRED;
    uint8_t servers = reader->history->facts.settings.servers;
    struct in *in = &reader->in;
    if (history_is_on_resource(event)) {
        if (reader->history->facts.settings.work_every_ns == 0) {
            in_fail(in, "somebody works, but the head has no \"work_every_ns\"");
        }
        return servers;
    }
    if (servers == 1 || !history_names_server(event)) {
        return 0;
    }
    if (!(always & 1u << event->kind) && !cJSON_HasObjectItem(in->object, "server")) {
        return NO_SERVER;
    }
    return (uint8_t)(in_number(in, "server", 1, servers) - 1);
}

void reader_event(struct reader *reader)
{
    struct in *in = &reader->in;
    struct fields fields = {.in = in};
    struct history *history = reader->history;
    struct history_event event;
    memset(&event, 0, sizeof event);
    event.seq = (uint32_t)in_number(in, "i", 0, UINT32_MAX);
    size_t due = history->count;
    if (reader->may_have_gaps && due > 0) {
        due = (size_t)history->events[due - 1].seq + 1;
    }
    if (event.seq != due && !(reader->may_have_gaps && event.seq > due)) {
        in_fail(in, "\"i\" is %u, but this is event %zu", event.seq, due);
    }
    event.at_ns = in_time(in, "t_ns");
    if (history->count > 0 && event.at_ns < history->events[history->count - 1].at_ns) {
        in_fail(in, "\"t_ns\" goes back");
    }
    event.kind = field_name(&fields, "event", 0, kind_names, HISTORY_KINDS);
    event.process = read_process(reader, event.kind);
    if (event.kind != HISTORY_MORE) { /* who was killed while writing left the rest of it out */
        reader->ballot.runs = 0;
    }
    payload_fields(&fields, &history->facts.settings, &reader->ballot, &event);
    event.server = read_server(reader, &event);
    if (cJSON_HasObjectItem(in->object, "why")) {
        const char *why = in_text(in, "why");
        event.why = in->failed ? NULL : texts_intern(&reader->texts, history, why);
        if (!event.why) {
            in_fail(in, "no memory for its text");
        }
    }
    if (!in->failed && !history_append(history, &event)) {
        in_fail(in, "no memory for so many events");
    }
    if (!in->failed && event.kind == HISTORY_REPLY) {
        size_t asked = history_asked(history, history->count - 1);
        history->events[history->count - 1].reply.moment =
            asked == HISTORY_NOWHERE ? MOMENT_NONE : history->events[asked].request.moment;
    }
}
