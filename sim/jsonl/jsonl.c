/* Writes a history as JSON lines.
 *
 * The first line is the head: under which rules the trial was run. Every further line is an event,
 * in order. Whole numbers that may exceed 2^53, times in ns first of all, are written as strings in
 * decimal; `null` is "nobody", "no end" or "not so". Lines end with \n, text is UTF-8.
 *
 * The head is described in head.c.
 *
 * Every event
 *
 *   i        number: its place in the history, from 0; violations name events by it
 *   t_ms     number: ms after t0, when every process was up and connected; for people
 *   t_ns     string: the same, exactly
 *   process  1 … nodes, "master" (if the protocol has one), or "harness" for what belongs to no
 *            process
 *   event    what happened, see below
 *   server   number: which Redis it is about, from 1; left out where there is only one, and in
 *            events that are about none
 *   why      text: why, in the words of whoever did it; left out if there is none
 *
 * and by the kind of event
 *
 *   born, started, paused, resumed   nothing more
 *   died      by_fault (true: a fault killed it), exit_status (number or null), signal (or null)
 *   request   number (counts the process's requests from 1), moment (what its going out means:
 *             one that is a request, see src/moment.c; left out if nothing),
 *             op (a name in sim/ops: put_if_absent, delete_if_equal, extend_if_equal, get_token,
 *             expire, delete, set_status, read_ballot, get_result, set_result), key (lock, nodes,
 *             result); and by what the op carries:
 *             token  32 hex digits     put_if_absent, delete_if_equal, extend_if_equal, get_token
 *             ttl_ms number, 0: none   put_if_absent, extend_if_equal, expire
 *             id, status               set_status; status is prepare, submit or unknown
 *             result                   set_result: {"id": 3 or null, "rule": 2, "term": "7"}
 *   reply     number and op of the request, outcome (ok, nil, refused, unknown, unreadable); when
 *             it is ok, by the op: integer (string), token, result as above, or
 *             runs    number: how many runs of consecutive ids with equal status the ballot has
 *             ballot  the first 3 of them, each [first id, last id, status]
 *   more      ballot: up to 5 more runs of the ballot of the reply just before
 *   claim     what the process now says of itself: follows (id or null), status, leads,
 *             in_section, term (string, "0": none), until_ns (it leads until then; string or null:
 *             no end); happened: list of moments (acquires_lock, decides, follows, leads, …)
 *   decided   id (or null), rule (number of the reason, 0 with null), reason (its text), term (as
 *             text), read_number: the request it decided from
 *   fault     fault (as in `hustings list faults`), index (of the scenario's faults, from 0, or
 *             null: the healing at the end), instance (number: counts the faults that were due in
 *             the trial, from 0), param (string: main parameter; a status as number, a
 *             duration in ns; "0": none)
 *   healed    the same: that instance has come to its end
 *   skipped   the same: it was due, but nothing was done; why says the reason
 *   outside   nothing more: the process (with "harness": the Redis or a relay) was stopped, killed
 *             or resumed, and not by the scenario; why says what
 *   undecided nothing more: the trial cannot be judged; why says the reason
 *   expired   key: what ran out in the store
 *   phase     phase: safety, liveness or end
 */
#include <stdlib.h>

#include "sim/faults/fault.h"
#include "sim/history/names.h"
#include "sim/jsonl/head.h"
#include "sim/jsonl/jsonl.h"
#include "sim/jsonl/jsonl_out.h"
#include "src/protocol.h"
#include "src/units.h"

/* What is being written. */
struct writer {
    struct out out;
    const struct settings *settings;
    uint16_t runs_left; /* of the ballot of the last reply */
};

static void field_runs(struct writer *writer, const struct ballot_run *runs, uint16_t most)
{
    struct out *out = &writer->out;
    uint16_t count = writer->runs_left < most ? writer->runs_left : most;
    out_key(out, "ballot");
    out_put(out, "[");
    for (uint16_t i = 0; i < count; i++) {
        out_put(out, i ? ",[" : "[");
        out_digits(out, runs[i].from, 1);
        out_put(out, ",");
        out_digits(out, runs[i].to, 1);
        out_put(out, ",");
        out_quoted(out, status_names[runs[i].status]);
        out_put(out, "]");
    }
    out_put(out, "]");
    writer->runs_left = (uint16_t)(writer->runs_left - count);
}

/* --- lines ---------------------------------------------------------------------------------------
 */

static void write_request(struct out *out, const struct history_request *request)
{
    const struct op_row *row = op_rows[request->op];
    field_number(out, "number", request->number);
    if (request->moment != MOMENT_NONE) {
        field_text(out, "moment", moment_rows[request->moment].name);
    }
    field_text(out, "op", row->name);
    field_text(out, "key", key_names[request->key]);
    if (row->asks == VALUE_TOKEN) {
        field_token(out, request->value.token);
    }
    if (row->traits & OP_TTL) {
        field_number(out, "ttl_ms", request->ttl_ms);
    }
    if (row->asks == VALUE_STATUS) {
        field_number(out, "id", request->id);
        field_text(out, "status", status_names[request->status]);
    } else if (row->asks == VALUE_RESULT) {
        field_result(out, request->value.result);
    }
}

static void write_reply(struct writer *writer, const struct history_reply *reply)
{
    struct out *out = &writer->out;
    const struct op_row *row = op_rows[reply->op];
    field_number(out, "number", reply->number);
    field_text(out, "op", row->name);
    field_text(out, "outcome", outcome_names[reply->outcome]);
    if (reply->outcome != STORE_OK) {
        return;
    }
    switch ((enum value_kind)row->answers) {
    case VALUE_DONE:
    case VALUE_NUMBER:
        field_signed(out, "integer", reply->value.integer);
        break;
    case VALUE_TOKEN:
        field_token(out, reply->value.token);
        break;
    case VALUE_RESULT:
        field_result(out, reply->value.result);
        break;
    case VALUE_BALLOT:
        field_number(out, "runs", reply->runs);
        writer->runs_left = reply->runs;
        field_runs(writer, reply->value.runs, HISTORY_REPLY_RUNS);
        break;
    case VALUE_NOTHING:
    case VALUE_STATUS:
    case VALUE_KINDS:
        break;
    }
}

static void write_decided(struct writer *writer, const struct history_decided *event)
{
    struct out *out = &writer->out;
    const char *reason = protocol_reason(writer->settings, event->decision.reason);
    field_number_or_null(out, "id", event->decision.leader, NOBODY);
    field_number(out, "rule", event->decision.reason);
    if (reason) {
        field_text(out, "reason", reason);
    }
    field_unsigned(out, "term", event->decision.term);
    field_number(out, "read_number", event->number);
}

static void write_claim(struct out *out, const struct history_claim *event)
{
    const struct claim *claim = &event->claim;
    field_number_or_null(out, "follows", claim->follows, NOBODY);
    field_text(out, "status", status_names[claim->status]);
    field_bool(out, "leads", claim->leads);
    field_bool(out, "in_section", claim->in_section);
    field_unsigned(out, "term", claim->term);
    if (claim->until_ns == INT64_MAX) {
        field_number_or_null(out, "until_ns", 0, 0);
    } else {
        field_signed(out, "until_ns", claim->until_ns);
    }
    out_key(out, "happened");
    const char *separator = "[";
    for (int moment = 0; moment < MOMENTS; moment++) {
        if (event->happened & (1u << moment)) {
            out_put(out, separator);
            out_quoted(out, moment_rows[moment].name);
            separator = ",";
        }
    }
    out_put(out, *separator == '[' ? "[]" : "]");
}

static void write_fault(struct out *out, const struct history_fault *fault)
{
    field_text(out, "fault", fault_rows[fault->kind]->name);
    field_number_or_null(out, "index", fault->index, HISTORY_HARNESS);
    field_number(out, "instance", fault->instance);
    field_signed(out, "param", fault->param);
}

static void write_payload(struct writer *writer, const struct history_event *event)
{
    struct out *out = &writer->out;
    switch ((enum history_kind)event->kind) {
    case HISTORY_REQUEST:
        write_request(out, &event->request);
        break;
    case HISTORY_REPLY:
        write_reply(writer, &event->reply);
        break;
    case HISTORY_MORE:
        field_runs(writer, event->more, HISTORY_MORE_RUNS);
        break;
    case HISTORY_CLAIM:
        write_claim(out, &event->claim);
        break;
    case HISTORY_DECIDED:
        write_decided(writer, &event->decided);
        break;
    case HISTORY_FAULT:
    case HISTORY_HEALED:
    case HISTORY_SKIPPED:
        write_fault(out, &event->fault);
        break;
    case HISTORY_DIED:
        field_bool(out, "by_fault", event->died.by_fault);
        field_number_or_null(out, "exit_status", event->died.exit_status, -1);
        field_number_or_null(out, "signal", event->died.signal, 0);
        break;
    case HISTORY_EXPIRED:
        field_text(out, "key", key_names[event->key]);
        break;
    case HISTORY_PHASE:
        field_text(out, "phase", phase_names[event->phase]);
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

static void write_event(struct writer *writer, const struct history_event *event, size_t index)
{
    struct out *out = &writer->out;
    uint64_t ns = event->at_ns < 0 ? 0 - (uint64_t)event->at_ns : (uint64_t)event->at_ns;
    out_put(out, "{\"i\":");
    out_digits(out, index, 1);
    out_key(out, "t_ms");
    out_put(out, event->at_ns < 0 ? "-" : "");
    out_digits(out, ns / NS_PER_MS, 1);
    out_put(out, ".");
    out_digits(out, ns % NS_PER_MS, 6);
    field_signed(out, "t_ns", event->at_ns);
    if (event->process == HISTORY_HARNESS) {
        field_text(out, "process", "harness");
    } else if (event->process == MASTER_ID) {
        field_text(out, "process", "master");
    } else {
        field_number(out, "process", event->process);
    }
    field_text(out, "event", kind_names[event->kind]);
    if (writer->settings->servers > 1 && history_names_server(event)) {
        field_number(out, "server", event->server + 1);
    }
    write_payload(writer, event);
    if (event->why) {
        field_text(out, "why", event->why);
    }
    out_put(out, "}\n");
}

bool history_write_jsonl(const struct history *history, void *file)
{
    struct writer *writer = malloc(sizeof *writer);
    if (!writer) {
        return false;
    }
    struct out *out = &writer->out;
    out->file = file;
    out->used = 0;
    out->failed = false;
    writer->settings = &history->facts.settings;
    writer->runs_left = 0;

    head_write(out, &history->facts);
    for (size_t i = 0; i < history->count && !out->failed; i++) {
        write_event(writer, &history->events[i], i);
    }
    out_flush(out);
    bool written = !out->failed && fflush(out->file) == 0;
    free(writer);
    return written;
}
