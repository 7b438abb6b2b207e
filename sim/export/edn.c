/* For Jepsen and its checkers: a map a line, {:index 0, :time 1000, :type :invoke, …}.
 *
 * A request is an operation: its going out invokes it, its answer completes it. :ok it did what it
 * asks for, :fail it surely did not, :info nobody knows. :f is what it means in the election
 * (:acquire and :release of the lock, as Knossos's mutex takes them; :report, :read, :publish, …),
 * else the operation's own name, which is in :op always.
 *
 * A process of Jepsen does one thing at a time, and is never heard of again after an :info. So a
 * member has as many as it needs, and :node says whose it is. The nemesis is :nemesis: what
 * begins is :start-…, what ends :stop-…. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "sim/export/export.h"
#include "sim/faults/fault.h"
#include "sim/history/text.h"
#include "sim/ops/values.h"
#include "sim/results/json_out.h"
#include "sim/text/grown.h"

/* A process of Jepsen's. */
struct worker {
    uint16_t member;
    bool busy, gone;  /* it has an operation under way; it had one that ended as :info */
    uint32_t request; /* the one under way */
};

struct edn {
    const struct history *history;
    FILE *out;
    uint64_t index;
    struct worker *workers;
    size_t count, capacity;
    struct vote *votes; /* room for a ballot */
};

static const char *const moment_f[MOMENTS] = {
    [MOMENT_ASKS_LOCK] = "acquire",
    [MOMENT_EXTENDS_LOCK] = "renew",
    [MOMENT_RELEASES_LOCK] = "release",
    [MOMENT_REPORTS] = "report",
    [MOMENT_READS] = "read",
    [MOMENT_PUBLISHES] = "publish",
    [MOMENT_WRITES] = "write",
};

/* A name as a keyword: with dashes. */
static void put_keyword(FILE *out, const char *name)
{
    fputc(':', out);
    for (; *name; name++) {
        fputc(*name == '_' ? '-' : *name, out);
    }
}

static void put_f(FILE *out, const struct history_request *request)
{
    const char *name = request->moment < MOMENTS ? moment_f[request->moment] : NULL;
    put_keyword(out, name ? name : op_rows[request->op]->name);
}

static void put_result(FILE *out, const struct result *result)
{
    fputs("{:leader ", out);
    if (result->id == NOBODY) {
        fputs("nil", out);
    } else {
        fprintf(out, "%" PRId32, result->id);
    }
    fprintf(out, ", :rule %" PRId32 ", :term %" PRIu64 "}", result->rule, result->term);
}

static void put_token(FILE *out, struct token token)
{
    fprintf(out, "\"%016" PRIx64 "%016" PRIx64 "\"", token.high, token.low);
}

/* What it asks to be written: of a lock's operations the token. What only reads writes nothing. */
static void put_asked(FILE *out, const struct history_request *request)
{
    switch (op_has(request->op, OP_READS) ? VALUE_NOTHING : op_rows[request->op]->asks) {
    case VALUE_TOKEN:
        put_token(out, request->value.token);
        break;
    case VALUE_STATUS:
        fprintf(out, "{:id %u, :status :%s}", request->id, status_names[request->status]);
        break;
    case VALUE_RESULT:
        put_result(out, &request->value.result);
        break;
    case VALUE_NUMBER:
        fprintf(out, "%" PRIu64, request->value.number);
        break;
    default:
        fputs("nil", out);
    }
}

static void put_ballot(struct edn *edn, size_t index)
{
    size_t members = (size_t)edn->history->facts.settings.nodes + 1;
    size_t count = history_ballot(edn->history, index, edn->votes, members);
    fputc('{', edn->out);
    for (size_t i = 0; i < count && i < members; i++) {
        fprintf(edn->out, "%s%u :%s", i > 0 ? ", " : "", edn->votes[i].id,
                status_names[edn->votes[i].status]);
    }
    fputc('}', edn->out);
}

/* What a good answer tells; of one that tells nothing, what was asked. */
static void put_told(struct edn *edn, size_t index, const struct history_request *request)
{
    const struct history_reply *reply = &edn->history->events[index].reply;
    FILE *out = edn->out;
    switch (reply->outcome == STORE_OK ? op_rows[reply->op]->answers : VALUE_NOTHING) {
    case VALUE_TOKEN:
        put_token(out, reply->value.token);
        break;
    case VALUE_RESULT:
        put_result(out, &reply->value.result);
        break;
    case VALUE_BALLOT:
        put_ballot(edn, index);
        break;
    case VALUE_RECORD:
        put_token(out, reply->value.record.token);
        break;
    case VALUE_NUMBER:
        fprintf(out, "%" PRId64, reply->value.integer);
        break;
    default:
        put_asked(out, request);
    }
}

static void begin(struct edn *edn, int64_t at_ns, const char *type)
{
    fprintf(edn->out, "{:index %" PRIu64 ", :time %" PRId64 ", :type :%s, :process ", edn->index++,
            at_ns, type);
}

static void put_text(FILE *out, const char *key, const char *text)
{
    fprintf(out, ", :%s ", key);
    json_quoted(out, text);
}

/* What is told of an operation whether it begins or ends; its :value, and the end, are to come. */
static void begin_operation(struct edn *edn, int64_t at_ns, const char *type, size_t worker)
{
    const struct history_event *event = &edn->history->events[edn->workers[worker].request];
    FILE *out = edn->out;
    begin(edn, at_ns, type);
    fprintf(out, "%zu, :f ", worker);
    put_f(out, &event->request);
    fputs(", :op ", out);
    put_keyword(out, op_rows[event->request.op]->name);
    put_text(out, "node", text_process(event->process).text);
    if (history_is_on_resource(event)) {
        fputs(", :server :resource", out);
    } else if (edn->history->facts.settings.servers > 1) {
        fprintf(out, ", :server %u", event->server + 1u);
    }
    fputs(", :value ", out);
}

/* A process of the member's that has nothing under way. False: memory is out. */
static bool idle_worker(struct edn *edn, uint16_t member, size_t *found)
{
    for (*found = 0; *found < edn->count; (*found)++) {
        const struct worker *worker = &edn->workers[*found];
        if (worker->member == member && !worker->busy && !worker->gone) {
            return true;
        }
    }
    struct worker *list = grown(edn->workers, edn->count, &edn->capacity, sizeof *list);
    if (!list) {
        return false;
    }
    edn->workers = list;
    edn->workers[edn->count++] = (struct worker){.member = member};
    return true;
}

static bool put_request(struct edn *edn, uint32_t index)
{
    const struct history_event *event = &edn->history->events[index];
    size_t worker;
    if (!idle_worker(edn, event->process, &worker)) {
        return false;
    }
    edn->workers[worker].busy = true;
    edn->workers[worker].request = index;
    begin_operation(edn, event->at_ns, "invoke", worker);
    put_asked(edn->out, &event->request);
    fputs("}\n", edn->out);
    return true;
}

/* :ok, :fail or :info. */
static const char *type_of(const struct history_reply *reply)
{
    if (history_applied(reply)) {
        return "ok";
    }
    bool unknown = reply->outcome == STORE_UNKNOWN ||
                   (reply->outcome == STORE_UNREADABLE && !op_has(reply->op, OP_READS));
    return unknown ? "info" : "fail";
}

static void put_reply(struct edn *edn, uint32_t index)
{
    static const char *const errors[] = {[STORE_REFUSED] = "refused",
                                         [STORE_UNKNOWN] = "unknown",
                                         [STORE_UNREADABLE] = "unreadable"};
    const struct history_event *event = &edn->history->events[index];
    size_t asked = history_asked(edn->history, index);
    for (size_t i = 0; i < edn->count && asked != HISTORY_NOWHERE; i++) {
        struct worker *worker = &edn->workers[i];
        if (!worker->busy || worker->request != asked) {
            continue;
        }
        const char *type = type_of(&event->reply);
        begin_operation(edn, event->at_ns, type, i);
        put_told(edn, index, &edn->history->events[asked].request);
        if (event->reply.outcome >= STORE_REFUSED) {
            fprintf(edn->out, ", :error :%s", errors[event->reply.outcome]);
        }
        fputs("}\n", edn->out);
        worker->busy = false;
        worker->gone = *type == 'i';
        return;
    }
}

/* What a process had under way as it died, or as all ended, is never answered. */
static void leave_open(struct edn *edn, const struct history_event *event, const char *why)
{
    for (size_t i = 0; i < edn->count; i++) {
        struct worker *worker = &edn->workers[i];
        if (worker->busy &&
            (event->process == HISTORY_HARNESS || event->process == worker->member)) {
            begin_operation(edn, event->at_ns, "info", i);
            put_asked(edn->out, &edn->history->events[worker->request].request);
            fprintf(edn->out, ", :error :%s}\n", why);
            worker->busy = false;
            worker->gone = true;
        }
    }
}

static void put_fault(struct edn *edn, const struct history_event *event)
{
    const char *name = fault_rows[event->fault.kind]->name;
    begin(edn, event->at_ns, "info");
    fprintf(edn->out, ":nemesis, :f ");
    put_keyword(edn->out, event->kind == HISTORY_FAULT ? "start-" : "stop-");
    for (; *name; name++) {
        fputc(*name == '_' ? '-' : *name, edn->out);
    }
    fputs(", :value ", edn->out);
    json_quoted(edn->out, text_subject(edn->history, event).text);
    fputs("}\n", edn->out);
}

static bool put_event(struct edn *edn, uint32_t index)
{
    const struct history_event *event = &edn->history->events[index];
    switch (event->kind) {
    case HISTORY_REQUEST:
        return put_request(edn, index);
    case HISTORY_REPLY:
        put_reply(edn, index);
        break;
    case HISTORY_DIED:
        leave_open(edn, event, "died");
        break;
    case HISTORY_FAULT:
    case HISTORY_HEALED:
        put_fault(edn, event);
        break;
    default: /* what processes say of themselves is no operation */
        break;
    }
    return true;
}

static bool write_edn(const struct history *history, const struct violations *found, FILE *out)
{
    struct edn edn = {.history = history, .out = out};
    (void)found;
    edn.votes = calloc((size_t)history->facts.settings.nodes + 1, sizeof *edn.votes);
    bool good = edn.votes != NULL;
    for (uint32_t i = 0; i < history->count && good; i++) {
        good = put_event(&edn, i);
    }
    if (good && history->count > 0) {
        struct history_event end = history->events[history->count - 1];
        end.process = HISTORY_HARNESS;
        leave_open(&edn, &end, "ended");
    }
    free(edn.workers);
    free(edn.votes);
    return good;
}

const struct export_row export_edn = {
    .name = "edn",
    .summary = "operations, invoked and completed, for Jepsen and its checkers",
    .write = write_edn,
};
