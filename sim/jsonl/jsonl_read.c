/* Reads a history back from JSON lines; jsonl.c has the format. Nothing in a file is trusted: every
 * field must be there, be of its type and lie in its range, so that what reads the history after us
 * need not look again. Fields that we don't know are passed over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "sim/history/names.h"
#include "sim/jsonl/jsonl_reader.h"
#include "src/owners.h"
#include "src/protocol.h"

static void get_run(struct reader *reader, const cJSON *list, struct ballot_run *run)
{
    struct in *in = &reader->in;
    const cJSON *from = cJSON_GetArrayItem(list, 0);
    const cJSON *to = cJSON_GetArrayItem(list, 1);
    const cJSON *status = cJSON_GetArrayItem(list, 2);
    if (!cJSON_IsString(status)) {
        in_fail(in, "\"ballot\" has a run that is not [first id, last id, status]");
        return;
    }
    run->from = (uint16_t)in_whole(in, "ballot", from, reader->last_voter + 1, NODE_ID_MAX);
    run->to = (uint16_t)in_whole(in, "ballot", to, run->from, NODE_ID_MAX);
    run->status = in_place_of(in, "ballot", status->valuestring, status_names, STATUSES);
    reader->last_voter = run->to;
}

static void get_runs(struct reader *reader, struct ballot_run *runs, uint16_t most)
{
    struct in *in = &reader->in;
    const cJSON *list = in_member(in, "ballot");
    uint16_t due = reader->runs_left < most ? reader->runs_left : most;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) != due) {
        in_fail(in, "\"ballot\" should have %u runs here", due);
        return;
    }
    const cJSON *run;
    uint16_t count = 0;
    cJSON_ArrayForEach(run, list)
    {
        get_run(reader, run, &runs[count++]);
    }
    reader->runs_left = (uint16_t)(reader->runs_left - count);
}

/* --- lines ---------------------------------------------------------------------------------------
 */

static void read_request(struct in *in, struct history_request *request)
{
    request->number = (uint32_t)in_number(in, "number", 0, UINT32_MAX);
    request->moment = MOMENT_NONE;
    if (cJSON_HasObjectItem(in->object, "moment")) {
        request->moment = (uint8_t)in_row(in, "moment", moment_find);
    }
    request->op = (uint8_t)in_row(in, "op", op_find);
    const struct op_row *row = op_rows[request->op];
    request->key = in_name(in, "key", key_names, STORE_KEYS);
    if (row->asks == VALUE_TOKEN) {
        request->value.token = in_token(in);
    }
    if (row->traits & OP_TTL) {
        request->ttl_ms = (uint32_t)in_number(in, "ttl_ms", 0, UINT32_MAX);
    }
    if (row->asks == VALUE_STATUS) {
        request->id = (uint16_t)in_number(in, "id", 0, NODE_ID_MAX);
        request->status = in_name(in, "status", status_names, STATUSES);
    } else if (row->asks == VALUE_RESULT) {
        request->value.result = in_result(in);
        if (request->value.result.rule < 0 || request->value.result.rule > UINT8_MAX) {
            in_fail(in, "\"rule\" is no whole number from 0 to %d", UINT8_MAX);
        }
    }
}

static void read_reply(struct reader *reader, struct history_reply *reply)
{
    struct in *in = &reader->in;
    reply->number = (uint32_t)in_number(in, "number", 0, UINT32_MAX);
    reply->op = (uint8_t)in_row(in, "op", op_find);
    reply->outcome = in_name(in, "outcome", outcome_names, STORE_OUTCOMES);
    if (reply->outcome != STORE_OK) {
        return;
    }
    switch ((enum value_kind)op_rows[reply->op]->answers) {
    case VALUE_DONE:
    case VALUE_NUMBER:
        reply->value.integer = in_signed(in, "integer");
        break;
    case VALUE_TOKEN:
        reply->value.token = in_token(in);
        break;
    case VALUE_RESULT:
        reply->value.result = in_result(in);
        break;
    case VALUE_BALLOT:
        reply->runs = (uint16_t)in_number(in, "runs", 0, NODE_ID_MAX + 1);
        reader->runs_left = reply->runs;
        reader->last_voter = NOBODY;
        get_runs(reader, reply->value.runs, HISTORY_REPLY_RUNS);
        break;
    case VALUE_NOTHING:
    case VALUE_STATUS:
    case VALUE_KINDS:
        break;
    }
}

static void read_claim(struct in *in, struct history_claim *event)
{
    struct claim *claim = &event->claim;
    claim->follows = (int32_t)in_number_or_null(in, "follows", 0, INT32_MAX, NOBODY);
    claim->status = in_name(in, "status", status_names, STATUSES);
    claim->leads = in_bool(in, "leads");
    claim->in_section = in_bool(in, "in_section");
    claim->term = in_unsigned(in, "term");
    bool endless = cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(in->object, "until_ns"));
    claim->until_ns = endless ? INT64_MAX : in_signed(in, "until_ns");
    const cJSON *list = in_member(in, "happened");
    if (list && !cJSON_IsArray(list)) {
        in_fail(in, "\"happened\" is no list");
        return;
    }
    const cJSON *moment;
    cJSON_ArrayForEach(moment, list)
    {
        const char *name = cJSON_IsString(moment) ? moment->valuestring : "";
        event->happened |= 1u << in_row_of(in, "happened", name, moment_find);
    }
}

static void read_fault(struct in *in, struct history_fault *fault)
{
    fault->kind = in_row(in, "fault", fault_find);
    fault->index = (uint16_t)in_number_or_null(in, "index", 0, UINT16_MAX, HISTORY_HARNESS);
    fault->instance = (uint32_t)in_number(in, "instance", 0, UINT32_MAX);
    fault->param = in_signed(in, "param");
}

static void read_died(struct in *in, struct history_died *died)
{
    died->by_fault = in_bool(in, "by_fault");
    died->exit_status = (int32_t)in_number_or_null(in, "exit_status", INT32_MIN, INT32_MAX, -1);
    died->signal = (int32_t)in_number_or_null(in, "signal", INT32_MIN, INT32_MAX, 0);
}

static void read_payload(struct reader *reader, struct history_event *event)
{
    struct in *in = &reader->in;
    switch ((enum history_kind)event->kind) {
    case HISTORY_REQUEST:
        read_request(in, &event->request);
        break;
    case HISTORY_REPLY:
        read_reply(reader, &event->reply);
        break;
    case HISTORY_MORE:
        if (reader->runs_left == 0) {
            in_fail(in, "more of a ballot, but the reply before it is whole");
        }
        get_runs(reader, event->more, HISTORY_MORE_RUNS);
        break;
    case HISTORY_CLAIM:
        read_claim(in, &event->claim);
        break;
    case HISTORY_DECIDED:
        event->decided.decision.leader = (int32_t)in_number_or_null(in, "id", 0, INT32_MAX, NOBODY);
        event->decided.decision.reason = (uint8_t)in_number(in, "rule", 0, UINT8_MAX);
        event->decided.number = (uint32_t)in_number(in, "read_number", 0, UINT32_MAX);
        if (cJSON_HasObjectItem(in->object, "term")) { /* older histories have none */
            event->decided.decision.term = in_unsigned(in, "term");
        }
        break;
    case HISTORY_FAULT:
    case HISTORY_HEALED:
    case HISTORY_SKIPPED:
        read_fault(in, &event->fault);
        break;
    case HISTORY_DIED:
        read_died(in, &event->died);
        break;
    case HISTORY_EXPIRED:
        event->key = in_name(in, "key", key_names, STORE_KEYS);
        break;
    case HISTORY_PHASE:
        event->phase = in_name(in, "phase", phase_names, HISTORY_PHASES);
        break;
    case HISTORY_BORN:
    case HISTORY_STARTED:
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
    case HISTORY_OUTSIDE:
    case HISTORY_UNDECIDED:
    case HISTORY_KINDS:
        break;
    }
}

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
    event.at_ns = in_signed(in, "t_ns");
    if (history->count > 0 && event.at_ns < history->events[history->count - 1].at_ns) {
        in_fail(in, "\"t_ns\" goes back");
    }
    event.kind = in_name(in, "event", kind_names, HISTORY_KINDS);
    event.process = read_process(reader, event.kind);
    if (event.kind != HISTORY_MORE) {
        reader->runs_left =
            0; /* whoever was killed while writing left the rest of its ballot out */
    }
    event.server = read_server(reader, &event);
    read_payload(reader, &event);
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
