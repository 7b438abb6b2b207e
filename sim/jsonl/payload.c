/* What an event has by its kind. See payload.h. */
#include "sim/jsonl/payload.h"

#include <stdlib.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "sim/history/names.h"
#include "src/protocol.h"

/* --- ballots: lists of [first id, last id, status] -------------------------------------------- */

static void put_runs(struct out *out, const struct ballot_run *runs, uint16_t count)
{
    out_key(out, "ballot");
    out_put(out, "[");
    for (uint16_t i = 0; i < count; i++) {
        out_put(out, i ? ",[" : "[");
        out_integer(out, runs[i].from);
        out_put(out, ",");
        out_integer(out, runs[i].to);
        out_put(out, ",");
        out_quoted(out, status_names[runs[i].status]);
        out_put(out, "]");
    }
    out_put(out, "]");
}

static void get_run(struct in *in, const cJSON *list, int32_t *last_voter, struct ballot_run *run)
{
    const cJSON *status = cJSON_GetArrayItem(list, 2);
    if (!cJSON_IsString(status)) {
        in_fail(in, "\"ballot\" has a run that is not [first id, last id, status]");
        return;
    }
    run->from =
        (uint16_t)in_whole(in, "ballot", cJSON_GetArrayItem(list, 0), *last_voter + 1, NODE_ID_MAX);
    run->to = (uint16_t)in_whole(in, "ballot", cJSON_GetArrayItem(list, 1), run->from, NODE_ID_MAX);
    run->status = in_place_of(in, "ballot", status->valuestring, status_names, STATUSES);
    *last_voter = run->to;
}

static void runs_field(struct fields *fields, struct ballot_left *ballot, struct ballot_run *runs,
                       uint16_t most)
{
    uint16_t due = ballot->runs < most ? ballot->runs : most;
    if (fields->out) {
        put_runs(fields->out, runs, due);
    } else {
        const cJSON *list = in_member(fields->in, "ballot");
        if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) != due) {
            in_fail(fields->in, "\"ballot\" should have %u runs here", due);
            return;
        }
        const cJSON *run;
        cJSON_ArrayForEach(run, list)
        {
            get_run(fields->in, run, &ballot->last_voter, runs++);
        }
    }
    ballot->runs = (uint16_t)(ballot->runs - due);
}

/* --- requests and replies --------------------------------------------------------------------- */

static uint8_t op_field(struct fields *fields, uint8_t op)
{
    return (uint8_t)field_row(fields, "op", op, op_rows[op]->name, op_find);
}

static void request_fields(struct fields *fields, struct history_request *request)
{
    request->number = (uint32_t)field_number(fields, "number", request->number, 0, UINT32_MAX);
    uint8_t moment = fields->in ? MOMENT_NONE : request->moment;
    if (field_is_there(fields, "moment", moment != MOMENT_NONE)) {
        const char *name = fields->in ? "" : moment_rows[moment].name;
        moment = (uint8_t)field_row(fields, "moment", moment, name, moment_find);
    }
    request->moment = moment;
    request->op = op_field(fields, request->op);
    request->key = field_name(fields, "key", request->key, key_names, STORE_KEYS);
    const struct op_row *row = op_rows[request->op];
    if (row->asks == VALUE_TOKEN) {
        request->value.token = field_token(fields, request->value.token);
    }
    if (row->asks == VALUE_NUMBER) {
        request->value.number = field_unsigned(fields, "epoch", request->value.number);
    }
    if (row->traits & OP_TTL) {
        request->ttl_ms = (uint32_t)field_number(fields, "ttl_ms", request->ttl_ms, 0, UINT32_MAX);
    }
    if (row->asks == VALUE_STATUS) {
        request->id = (uint16_t)field_number(fields, "id", request->id, 0, NODE_ID_MAX);
        request->status = field_name(fields, "status", request->status, status_names, STATUSES);
    } else if (row->asks == VALUE_RESULT) {
        request->value.result = field_result(fields, request->value.result);
        int32_t rule = request->value.result.rule;
        if (fields->in && (rule < 0 || rule > UINT8_MAX)) {
            in_fail(fields->in, "\"rule\" is no whole number from 0 to %d", UINT8_MAX);
        }
    }
}

static void reply_fields(struct fields *fields, struct ballot_left *ballot,
                         struct history_reply *reply)
{
    reply->number = (uint32_t)field_number(fields, "number", reply->number, 0, UINT32_MAX);
    reply->op = op_field(fields, reply->op);
    reply->outcome = field_name(fields, "outcome", reply->outcome, outcome_names, STORE_OUTCOMES);
    if (reply->outcome != STORE_OK) {
        return;
    }
    switch ((enum value_kind)op_rows[reply->op]->answers) {
    case VALUE_DONE:
    case VALUE_NUMBER:
        reply->value.integer = field_signed(fields, "integer", reply->value.integer);
        break;
    case VALUE_TOKEN:
        reply->value.token = field_token(fields, reply->value.token);
        break;
    case VALUE_RECORD:
        reply->value.token = field_token(fields, reply->value.token);
        reply->value.record.lease_ms =
            (uint32_t)field_number(fields, "lease_ms", reply->value.record.lease_ms, 0, UINT32_MAX);
        reply->value.record.transitions = (uint32_t)field_number(
            fields, "transitions", reply->value.record.transitions, 0, UINT32_MAX);
        break;
    case VALUE_RESULT:
        reply->value.result = field_result(fields, reply->value.result);
        break;
    case VALUE_BALLOT:
        reply->runs = (uint16_t)field_number(fields, "runs", reply->runs, 0, NODE_ID_MAX + 1);
        *ballot = (struct ballot_left){.runs = reply->runs, .last_voter = NOBODY};
        runs_field(fields, ballot, reply->value.runs, HISTORY_REPLY_RUNS);
        break;
    case VALUE_NOTHING:
    case VALUE_STATUS:
    case VALUE_KINDS:
        break;
    }
}

/* --- what a process says and decides ---------------------------------------------------------- */

/* A list of moments, as bits. */
static uint32_t happened_field(struct fields *fields, uint32_t happened)
{
    static const char key[] = "happened";
    if (fields->out) {
        const char *separator = "";
        out_key(fields->out, key);
        out_put(fields->out, "[");
        for (int moment = 0; moment < MOMENTS; moment++) {
            if (happened & 1u << moment) {
                out_put(fields->out, separator);
                out_quoted(fields->out, moment_rows[moment].name);
                separator = ",";
            }
        }
        out_put(fields->out, "]");
        return happened;
    }
    const cJSON *list = in_member(fields->in, key);
    const cJSON *moment;
    if (list && !cJSON_IsArray(list)) {
        in_fail(fields->in, "\"happened\" is no list");
        return 0;
    }
    cJSON_ArrayForEach(moment, list)
    {
        const char *name = cJSON_IsString(moment) ? moment->valuestring : "";
        happened |= 1u << in_row_of(fields->in, key, name, moment_find);
    }
    return happened;
}

static void claim_fields(struct fields *fields, struct history_claim *event)
{
    struct claim *claim = &event->claim;
    claim->follows =
        (int32_t)field_number_or_null(fields, "follows", claim->follows, 0, INT32_MAX, NOBODY);
    claim->status = field_name(fields, "status", claim->status, status_names, STATUSES);
    claim->leads = field_bool(fields, "leads", claim->leads);
    claim->in_section = field_bool(fields, "in_section", claim->in_section);
    claim->term = field_unsigned(fields, "term", claim->term);
    claim->until_ns = field_time_or_null(fields, "until_ns", claim->until_ns, INT64_MAX);
    event->happened = happened_field(fields, event->happened);
    if (field_is_there(fields, "inferred", event->inferred)) {
        event->inferred = field_bool(fields, "inferred", event->inferred);
    }
}

static void decided_fields(struct fields *fields, const struct settings *settings,
                           struct history_decided *event)
{
    struct decision *decision = &event->decision;
    decision->leader =
        (int32_t)field_number_or_null(fields, "id", decision->leader, 0, INT32_MAX, NOBODY);
    decision->reason = (uint8_t)field_number(fields, "rule", decision->reason, 0, UINT8_MAX);
    const char *reason = protocol_reason(settings, decision->reason);
    if (fields->out && reason) { /* for people: its number says it */
        out_key(fields->out, "reason");
        out_quoted(fields->out, reason);
    }
    if (field_is_there(fields, "term", true)) { /* older histories have none */
        decision->term = field_unsigned(fields, "term", decision->term);
    }
    event->number = (uint32_t)field_number(fields, "read_number", event->number, 0, UINT32_MAX);
}

/* --- what the harness does -------------------------------------------------------------------- */

static uint16_t index_field(struct fields *fields, uint16_t index)
{
    static const char by_hand[] = "by hand";
    if (fields->out && index == HISTORY_HAND) {
        out_key(fields->out, "index");
        out_quoted(fields->out, by_hand);
        return index;
    }
    const cJSON *read = fields->out ? NULL : in_member(fields->in, "index");
    if (read && cJSON_IsString(read) && strcmp(read->valuestring, by_hand) == 0) {
        return HISTORY_HAND;
    }
    return (uint16_t)field_number_or_null(fields, "index", index, 0, HISTORY_HAND - 1,
                                          HISTORY_HARNESS);
}

static void fault_fields(struct fields *fields, struct history_fault *fault)
{
    fault->kind =
        field_row(fields, "fault", fault->kind, fault_rows[fault->kind]->name, fault_find);
    fault->index = index_field(fields, fault->index);
    fault->instance = (uint32_t)field_number(fields, "instance", fault->instance, 0, UINT32_MAX);
    fault->param = field_signed(fields, "param", fault->param);
}

static void died_fields(struct fields *fields, struct history_died *died)
{
    died->by_fault = field_bool(fields, "by_fault", died->by_fault);
    died->exit_status = (int32_t)field_number_or_null(fields, "exit_status", died->exit_status,
                                                      INT32_MIN, INT32_MAX, -1);
    died->signal =
        (int32_t)field_number_or_null(fields, "signal", died->signal, INT32_MIN, INT32_MAX, 0);
}

static void command_fields(struct fields *fields, struct history_command *command)
{
    command->number = (uint32_t)field_number(fields, "number", command->number, 0, UINT32_MAX);
    field_text(fields, "name", command->name, sizeof command->name);
    field_text(fields, "key", command->key, sizeof command->key);
    command->bytes = (uint32_t)field_number(fields, "bytes", command->bytes, 0, UINT32_MAX);
    if (field_is_there(fields, "outcome", command->answered)) {
        command->answered = 1;
        command->outcome =
            field_name(fields, "outcome", command->outcome, outcome_names, STORE_OUTCOMES);
    }
}

/* --- all of them ------------------------------------------------------------------------------ */

void payload_fields(struct fields *fields, const struct settings *settings,
                    struct ballot_left *ballot, struct history_event *event)
{
    switch ((enum history_kind)event->kind) {
    case HISTORY_REQUEST:
        request_fields(fields, &event->request);
        break;
    case HISTORY_REPLY:
        reply_fields(fields, ballot, &event->reply);
        break;
    case HISTORY_MORE:
        if (fields->in && ballot->runs == 0) {
            in_fail(fields->in, "more of a ballot, but the reply before it is whole");
        }
        runs_field(fields, ballot, event->more, HISTORY_MORE_RUNS);
        break;
    case HISTORY_CLAIM:
        claim_fields(fields, &event->claim);
        break;
    case HISTORY_DECIDED:
        decided_fields(fields, settings, &event->decided);
        break;
    case HISTORY_FAULT:
    case HISTORY_HEALED:
    case HISTORY_SKIPPED:
        fault_fields(fields, &event->fault);
        break;
    case HISTORY_DIED:
        died_fields(fields, &event->died);
        break;
    case HISTORY_COMMAND:
        command_fields(fields, &event->command);
        break;
    case HISTORY_EXPIRED:
        event->key = field_name(fields, "key", event->key, key_names, STORE_KEYS);
        break;
    case HISTORY_PHASE:
        event->phase = field_name(fields, "phase", event->phase, phase_names, HISTORY_PHASES);
        break;
    case HISTORY_BORN:
    case HISTORY_STARTED:
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
    case HISTORY_OUTSIDE:
    case HISTORY_UNDECIDED:
    case HISTORY_OBSCURE:
    case HISTORY_KINDS:
        break;
    }
}
