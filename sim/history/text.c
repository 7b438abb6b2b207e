/* How a history is told to people. See text.h. */
#include "sim/history/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "sim/history/names.h"
#include "src/protocol.h"

struct short_text text_process(int32_t id)
{
    struct short_text name;
    if (id == MASTER_ID) {
        snprintf(name.text, sizeof name.text, "the master");
    } else if (id == NOBODY) {
        snprintf(name.text, sizeof name.text, "nobody");
    } else if (id == HISTORY_HARNESS) {
        snprintf(name.text, sizeof name.text, "the harness");
    } else {
        snprintf(name.text, sizeof name.text, "node %" PRId32, id);
    }
    return name;
}

struct short_text text_count(uint64_t count)
{
    struct short_text number;
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            number.text[used++] = ',';
        }
        number.text[used++] = digits[i];
    }
    assert(used < sizeof number.text);
    number.text[used] = '\0';
    return number;
}

/* "-14,037.8": by so many places. */
static struct short_text decimal(double value, int places)
{
    struct short_text number;
    char digits[40];
    int length = snprintf(digits, sizeof digits, "%.*f", places, value < 0 ? -value : value);
    int whole = length - 1 - places; /* before the point */
    size_t used = (size_t)snprintf(number.text, sizeof number.text, "%s", value < 0 ? "-" : "");
    for (int i = 0; i < length && used + 2 < sizeof number.text; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) {
            number.text[used++] = ',';
        }
        number.text[used++] = digits[i];
    }
    number.text[used] = '\0';
    return number;
}

struct short_text text_seconds(int64_t ns)
{
    struct short_text moment;
    snprintf(moment.text, sizeof moment.text, "%.20s s", decimal((double)ns / 1e9, 3).text);
    return moment;
}

struct short_text text_ms_number(int64_t ns)
{
    return decimal((double)ns / 1e6, 1);
}

struct short_text text_ms(int64_t ns)
{
    struct short_text duration;
    if (ns > 0 && ns < 50000) { /* it would be "0.0 ms" */
        snprintf(duration.text, sizeof duration.text, "less than 0.1 ms");
    } else if (ns >= INT64_C(10000000000)) {
        snprintf(duration.text, sizeof duration.text, "%.20s s", decimal((double)ns / 1e9, 1).text);
    } else {
        snprintf(duration.text, sizeof duration.text, "%.20s ms", text_ms_number(ns).text);
    }
    return duration;
}

struct short_text text_server(const struct history *history, uint8_t server)
{
    struct short_text name;
    if (history->facts.settings.servers > 1 && server != NO_SERVER) {
        snprintf(name.text, sizeof name.text, "redis %u", server + 1u);
    } else {
        snprintf(name.text, sizeof name.text, "the Redis");
    }
    return name;
}

struct short_text text_where(const struct history *history, const struct history_event *event)
{
    struct short_text where = {""};
    bool several = history->facts.settings.servers > 1 && !history_is_on_resource(event);
    if (several && event->process != HISTORY_HARNESS && history_names_server(event)) {
        snprintf(where.text, sizeof where.text, " %s redis %u",
                 event->kind == HISTORY_REQUEST ? "to"
                 : event->kind == HISTORY_REPLY ? "from"
                                                : "on",
                 event->server + 1u);
    }
    return where;
}

struct short_text text_subject(const struct history *history, const struct history_event *event)
{
    struct short_text name = text_process(event->process);
    if (event->process == HISTORY_HARNESS && event->kind == HISTORY_PHASE) {
        snprintf(name.text, sizeof name.text, "the run");
    } else if (event->process == HISTORY_HARNESS && event->kind != HISTORY_UNDECIDED) {
        name = text_server(history, event->server);
    }
    return name;
}

static void describe_result(const char *verb, struct result result, char *out, size_t size)
{
    snprintf(out, size, "%s: %s by rule %" PRId32 ", term %" PRIu64, verb,
             text_process(result.id).text, result.rule, result.term);
}

static void describe_request(const struct history_request *request, char *out, size_t size)
{
    assert(request->op < STORE_OPS && request->key < STORE_KEYS);
    const struct op_row *row = op_rows[request->op];
    char verb[64];
    snprintf(verb, sizeof verb, "sends %s", row->name);
    if (row->asks == VALUE_RESULT) {
        describe_result(verb, request->value.result, out, size);
    } else if (row->asks == VALUE_STATUS) {
        snprintf(out, size, "sends %s: %s is in %s", row->name, text_process(request->id).text,
                 status_names[request->status]);
    } else {
        snprintf(out, size, "sends %s %s", row->name, key_names[request->key]);
    }
}

static void describe_reply(const struct history_reply *reply, char *out, size_t size)
{
    assert(reply->op < STORE_OPS && reply->outcome < STORE_OUTCOMES);
    const struct op_row *row = op_rows[reply->op];
    const char *op = row->name;
    if (reply->outcome != STORE_OK) {
        snprintf(out, size, "gets %s to %s", outcome_names[reply->outcome], op);
    } else if (row->answers == VALUE_RESULT) {
        describe_result("gets the result", reply->value.result, out, size);
    } else if (row->answers == VALUE_RECORD) {
        snprintf(out, size, "gets the record of grant %" PRIu32 ", which lasts %" PRIu32 " ms",
                 reply->value.record.transitions, reply->value.record.lease_ms);
    } else if (row->answers == VALUE_DONE || row->answers == VALUE_NUMBER) {
        snprintf(out, size, "gets %" PRId64 " to %s", reply->value.integer, op);
    } else {
        snprintf(out, size, "gets ok to %s", op);
    }
}

static void describe_claim(const struct history_claim *event, char *out, size_t size)
{
    const struct claim *claim = &event->claim;
    assert(claim->status < STATUSES);
    const char *inside = claim->in_section ? ", is in the critical section" : "";
    if (event->inferred) {
        snprintf(out, size, "inferred from its traffic: %s%s",
                 claim->in_section ? "has the lock" : "has it no more",
                 claim->leads ? ", and leads" : "");
        return;
    }
    snprintf(out, size, "now is in %s, follows %s%s%s", status_names[claim->status],
             text_process(claim->follows).text, claim->leads ? ", acts as leader" : "", inside);
}

/* Of a program, with the end of its log. */
/* As many words of it as fit; "…" says that there is more. */
static void put_whole_words(char *out, size_t size, const char *text)
{
    static const char more[] = "…";
    size_t length = strlen(text);
    if (length < size) {
        memcpy(out, text, length + 1);
        return;
    }
    assert(size > sizeof more);
    size_t cut = size - sizeof more;
    while (cut > 0 && text[cut] != ' ') {
        cut--;
    }
    memcpy(out, text, cut);
    memcpy(out + cut, more, sizeof more);
}

static void describe_died(const struct history_event *event, char *out, size_t size)
{
    const struct history_died *died = &event->died;
    if (died->signal) {
        snprintf(out, size, "dies by signal %d%s", died->signal,
                 died->by_fault ? ", a fault's" : "");
    } else if (died->by_fault) {
        snprintf(out, size, "dies by a fault");
    } else {
        snprintf(out, size, "ends with status %d", died->exit_status);
    }
    if (event->why) {
        size_t used = strlen(out);
        snprintf(out + used, size - used, "; ");
        used = strlen(out);
        put_whole_words(out + used, size - used, event->why);
    }
}

static void describe_command(const struct history_command *command, char *out, size_t size)
{
    const char *blank = command->key[0] ? " " : "";
    if (command->answered) {
        snprintf(out, size, "gets %s to %s%s%s", outcome_names[command->outcome], command->name,
                 blank, command->key);
    } else {
        snprintf(out, size, "sends %s%s%s", command->name, blank, command->key);
    }
}

static void describe_decision(const struct history *history, const struct decision *decision,
                              char *out, size_t size)
{
    const char *reason = protocol_reason(&history->facts.settings, decision->reason);
    snprintf(out, size, "decides: %s%s%s", text_process(decision->leader).text,
             reason ? " by " : "", reason ? reason : "");
}

char *history_describe(const struct history *history, const struct history_event *event, char *out,
                       size_t size)
{
    assert(event->kind < HISTORY_KINDS && size > 0);
    switch ((enum history_kind)event->kind) {
    case HISTORY_REQUEST:
        describe_request(&event->request, out, size);
        return out;
    case HISTORY_REPLY:
        describe_reply(&event->reply, out, size);
        return out;
    case HISTORY_CLAIM:
        describe_claim(&event->claim, out, size);
        return out;
    case HISTORY_DECIDED:
        describe_decision(history, &event->decided.decision, out, size);
        return out;
    case HISTORY_FAULT:
    case HISTORY_HEALED:
    case HISTORY_SKIPPED:
        snprintf(out, size, "%s: %s", kind_names[event->kind], fault_rows[event->fault.kind]->name);
        return out;
    case HISTORY_DIED:
        describe_died(event, out, size);
        return out;
    case HISTORY_EXPIRED:
        snprintf(out, size, "the %s %s", key_names[event->key],
                 event->why ? event->why : "ran out");
        return out;
    case HISTORY_PHASE:
        snprintf(out, size, "phase: %s", phase_names[event->phase]);
        return out;
    case HISTORY_COMMAND:
        describe_command(&event->command, out, size);
        return out;
    case HISTORY_OUTSIDE:
    case HISTORY_UNDECIDED:
    case HISTORY_OBSCURE:
        snprintf(out, size, "%s", event->why ? event->why : kind_names[event->kind]);
        return out;
    case HISTORY_BORN:
    case HISTORY_STARTED:
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
    case HISTORY_MORE:
    case HISTORY_KINDS:
        break;
    }
    snprintf(out, size, "%s", kind_names[event->kind]);
    return out;
}
