/* Reads a history back from JSON lines; jsonl.c has the format. Nothing in a file is trusted: every
 * field must be there, be of its type and lie in its range, so that what reads the history after us
 * need not look again. Fields that we don't know are passed over. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "sim/history/names.h"
#include "sim/history/texts.h"
#include "src/lock/lock.h"
#include "src/protocol.h"

/* Longer lines are refused; the longest that are written have a few hundred bytes. */
#define LINE_MAX_BYTES 65536

/* What is being read. The first error stands; from then on fields read as 0. */
struct in {
    FILE *file;
    size_t line; /* from 1 */
    char *bytes; /* LINE_MAX_BYTES */
    const cJSON *object;
    struct history *history;
    struct texts texts;
    uint16_t runs_left; /* of the ballot of the last reply */
    int32_t last_voter; /* of that ballot so far */
    char *error;
    size_t error_size;
    bool failed;
};

static void fail(struct in *in, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fail(struct in *in, const char *format, ...)
{
    if (in->failed) {
        return;
    }
    in->failed = true;
    int used = snprintf(in->error, in->error_size, "line %zu: ", in->line);
    if (used < 0 || (size_t)used >= in->error_size) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(in->error + used, in->error_size - (size_t)used, format, arguments);
    va_end(arguments);
}

/* --- values --------------------------------------------------------------------------------------
 */

static const cJSON *member(struct in *in, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(in->object, key);
    if (!value) {
        fail(in, "\"%s\" is missing", key);
    }
    return value;
}

static int64_t whole(struct in *in, const char *key, const cJSON *value, int64_t low, int64_t high)
{
    double number = cJSON_IsNumber(value) ? value->valuedouble : (double)NAN;
    if (!(number >= (double)low && number <= (double)high) || floor(number) != number) {
        fail(in, "\"%s\" is no whole number from %lld to %lld", key, (long long)low,
             (long long)high);
        return 0;
    }
    return (int64_t)number;
}

static int64_t get_number(struct in *in, const char *key, int64_t low, int64_t high)
{
    const cJSON *value = member(in, key);
    return value ? whole(in, key, value, low, high) : 0;
}

static int64_t get_number_or_null(struct in *in, const char *key, int64_t low, int64_t high,
                                  int64_t null)
{
    const cJSON *value = member(in, key);
    return cJSON_IsNull(value) ? null : value ? whole(in, key, value, low, high) : 0;
}

static const char *get_text(struct in *in, const char *key)
{
    const cJSON *value = member(in, key);
    if (value && !cJSON_IsString(value)) {
        fail(in, "\"%s\" is no text", key);
    }
    return cJSON_IsString(value) ? value->valuestring : "";
}

static bool get_bool(struct in *in, const char *key)
{
    const cJSON *value = member(in, key);
    if (value && !cJSON_IsBool(value)) {
        fail(in, "\"%s\" is neither true nor false", key);
    }
    return cJSON_IsTrue(value);
}

static int64_t get_signed(struct in *in, const char *key)
{
    const char *text = get_text(in, key);
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || *end || (*text != '-' && (*text < '0' || *text > '9'))) {
        fail(in, "\"%s\" is no string with a whole number", key);
        return 0;
    }
    return value;
}

static uint64_t get_unsigned(struct in *in, const char *key)
{
    const char *text = get_text(in, key);
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno || end == text || *end || *text < '0' || *text > '9') {
        fail(in, "\"%s\" is no string with a whole number from 0", key);
        return 0;
    }
    return value;
}

static int64_t get_duration(struct in *in, const char *key)
{
    int64_t ns = get_signed(in, key);
    if (ns < 0) {
        fail(in, "\"%s\" is negative", key);
    }
    return ns;
}

/* The place of a text in a table of names. */
static uint8_t place_of(struct in *in, const char *key, const char *text, const char *const *names,
                        int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], text) == 0) {
            return (uint8_t)i;
        }
    }
    fail(in, "\"%s\" is \"%.40s\", which is not one of its names", key, text);
    return 0;
}

static uint8_t get_name(struct in *in, const char *key, const char *const *names, int count)
{
    return place_of(in, key, get_text(in, key), names, count);
}

/* The row of a table that has a find function of its own. */
static uint16_t get_row(struct in *in, const char *key, int (*find)(const char *))
{
    const char *text = get_text(in, key);
    int row = find(text);
    if (row < 0) {
        fail(in, "\"%s\" is \"%.40s\", which this hustings does not know", key, text);
        return 0;
    }
    return (uint16_t)row;
}

static struct token get_token(struct in *in)
{
    struct token token = {0, 0};
    const char *text = get_text(in, "token");
    if (strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32) {
        fail(in, "\"token\" is no 32 hex digits");
        return token;
    }
    for (int i = 0; i < 32; i++) {
        uint64_t digit = (uint64_t)(text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10);
        uint64_t *half = i < 16 ? &token.high : &token.low;
        *half = *half << 4 | digit;
    }
    return token;
}

static struct result get_result(struct in *in)
{
    const cJSON *line = in->object;
    const cJSON *object = member(in, "result");
    struct result result = {.id = NOBODY};
    if (!cJSON_IsObject(object)) {
        fail(in, "\"result\" is no object");
        return result;
    }
    in->object = object;
    result.id = (int32_t)get_number_or_null(in, "id", INT32_MIN, INT32_MAX, NOBODY);
    result.rule = (int32_t)get_number(in, "rule", INT32_MIN, INT32_MAX);
    result.term = get_unsigned(in, "term");
    in->object = line;
    return result;
}

static void get_run(struct in *in, const cJSON *list, struct ballot_run *run)
{
    const cJSON *from = cJSON_GetArrayItem(list, 0);
    const cJSON *to = cJSON_GetArrayItem(list, 1);
    const cJSON *status = cJSON_GetArrayItem(list, 2);
    if (!cJSON_IsString(status)) {
        fail(in, "\"ballot\" has a run that is not [first id, last id, status]");
        return;
    }
    run->from = (uint16_t)whole(in, "ballot", from, in->last_voter + 1, NODE_ID_MAX);
    run->to = (uint16_t)whole(in, "ballot", to, run->from, NODE_ID_MAX);
    run->status = place_of(in, "ballot", status->valuestring, status_names, STATUSES);
    in->last_voter = run->to;
}

static void get_runs(struct in *in, struct ballot_run *runs, uint16_t most)
{
    const cJSON *list = member(in, "ballot");
    uint16_t due = in->runs_left < most ? in->runs_left : most;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) != due) {
        fail(in, "\"ballot\" should have %u runs here", due);
        return;
    }
    const cJSON *run;
    uint16_t count = 0;
    cJSON_ArrayForEach(run, list)
    {
        get_run(in, run, &runs[count++]);
    }
    in->runs_left = (uint16_t)(in->runs_left - count);
}

/* --- lines ---------------------------------------------------------------------------------------
 */

static void copy_text(struct in *in, const char *key, char *out, size_t size)
{
    const char *text = get_text(in, key);
    if (strlen(text) >= size) {
        fail(in, "\"%s\" is longer than %zu bytes", key, size - 1);
        return;
    }
    memcpy(out, text, strlen(text) + 1);
}

static void read_head(struct in *in)
{
    struct history_facts *facts = &in->history->facts;
    struct settings *settings = &facts->settings;
    const cJSON *kind = cJSON_GetObjectItemCaseSensitive(in->object, "hustings");
    if (!cJSON_IsString(kind) || strcmp(kind->valuestring, "history") != 0) {
        fail(in, "this is no history of hustings: its first line has no \"hustings\":\"history\"");
        return;
    }
    get_number(in, "version", 1, 1);
    copy_text(in, "scenario", facts->scenario, sizeof facts->scenario);
    copy_text(in, "host", facts->host, sizeof facts->host);
    facts->trial = (uint32_t)get_number(in, "trial", 0, UINT32_MAX);
    facts->seed = get_unsigned(in, "seed");
    settings->nodes = (uint16_t)get_number(in, "nodes", 0, NODE_ID_MAX);
    settings->protocol = (uint8_t)get_row(in, "protocol", protocol_find);
    settings->lock = (uint8_t)get_row(in, "lock", lock_find);
    settings->decided_by = get_name(in, "decided_by", decider_names, DECIDERS);
    settings->submits = get_name(in, "submits", submitter_names, SUBMITTERS);
    settings->sticky = get_bool(in, "sticky");
    settings->master_locks = get_bool(in, "master_locks");
    settings->lock_ttl_ns = get_duration(in, "lock_ttl_ns");
    settings->lock_retry_ns = get_duration(in, "lock_retry_ns");
    settings->lock_wait_ns = get_duration(in, "lock_wait_ns");
    settings->poll_ns = get_duration(in, "poll_ns");
    settings->report_ns = get_duration(in, "report_ns");
    facts->settles_within_ns = get_duration(in, "settles_within_ns");
    facts->lock_within_ns = get_duration(in, "lock_within_ns");
    facts->heals = get_bool(in, "heals");
}

static void read_request(struct in *in, struct history_request *request)
{
    request->number = (uint32_t)get_number(in, "number", 0, UINT32_MAX);
    request->moment = MOMENT_NONE;
    if (cJSON_HasObjectItem(in->object, "moment")) {
        request->moment = get_name(in, "moment", moment_names, MOMENTS);
    }
    request->op = get_name(in, "op", op_names, STORE_OPS);
    request->key = get_name(in, "key", key_names, STORE_KEYS);
    if (op_has_token(request->op)) {
        request->value.token = get_token(in);
    }
    if (op_has_ttl(request->op)) {
        request->ttl_ms = (uint32_t)get_number(in, "ttl_ms", 0, UINT32_MAX);
    }
    if (request->op == STORE_SET_STATUS) {
        request->id = (uint16_t)get_number(in, "id", 0, NODE_ID_MAX);
        request->status = get_name(in, "status", status_names, STATUSES);
    } else if (request->op == STORE_SET_RESULT) {
        request->value.result = get_result(in);
    }
}

static void read_reply(struct in *in, struct history_reply *reply)
{
    reply->number = (uint32_t)get_number(in, "number", 0, UINT32_MAX);
    reply->op = get_name(in, "op", op_names, STORE_OPS);
    reply->outcome = get_name(in, "outcome", outcome_names, STORE_OUTCOMES);
    if (reply->outcome != STORE_OK) {
        return;
    }
    if (op_answers_integer(reply->op)) {
        reply->value.integer = get_signed(in, "integer");
    } else if (reply->op == STORE_GET_TOKEN) {
        reply->value.token = get_token(in);
    } else if (reply->op == STORE_GET_RESULT) {
        reply->value.result = get_result(in);
    } else if (reply->op == STORE_READ_BALLOT) {
        reply->runs = (uint16_t)get_number(in, "runs", 0, NODE_ID_MAX + 1);
        in->runs_left = reply->runs;
        in->last_voter = NOBODY;
        get_runs(in, reply->value.runs, HISTORY_REPLY_RUNS);
    }
}

static void read_claim(struct in *in, struct history_claim *event)
{
    struct claim *claim = &event->claim;
    claim->follows = (int32_t)get_number_or_null(in, "follows", INT32_MIN, INT32_MAX, NOBODY);
    claim->status = get_name(in, "status", status_names, STATUSES);
    claim->leads = get_bool(in, "leads");
    claim->in_section = get_bool(in, "in_section");
    claim->term = get_unsigned(in, "term");
    bool endless = cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(in->object, "until_ns"));
    claim->until_ns = endless ? INT64_MAX : get_signed(in, "until_ns");
    const cJSON *list = member(in, "happened");
    if (list && !cJSON_IsArray(list)) {
        fail(in, "\"happened\" is no list");
        return;
    }
    const cJSON *moment;
    cJSON_ArrayForEach(moment, list)
    {
        const char *name = cJSON_IsString(moment) ? moment->valuestring : "";
        event->happened |= 1u << place_of(in, "happened", name, moment_names, MOMENTS);
    }
}

static void read_fault(struct in *in, struct history_fault *fault)
{
    fault->kind = get_row(in, "fault", fault_find);
    fault->index = (uint16_t)get_number_or_null(in, "index", 0, UINT16_MAX, HISTORY_HARNESS);
    fault->param = get_signed(in, "param");
}

static void read_died(struct in *in, struct history_died *died)
{
    died->by_fault = get_bool(in, "by_fault");
    died->exit_status = (int32_t)get_number_or_null(in, "exit_status", INT32_MIN, INT32_MAX, -1);
    died->signal = (int32_t)get_number_or_null(in, "signal", INT32_MIN, INT32_MAX, 0);
}

static void read_payload(struct in *in, struct history_event *event)
{
    switch ((enum history_kind)event->kind) {
    case HISTORY_REQUEST:
        read_request(in, &event->request);
        break;
    case HISTORY_REPLY:
        read_reply(in, &event->reply);
        break;
    case HISTORY_MORE:
        if (in->runs_left == 0) {
            fail(in, "more of a ballot, but the reply before it is whole");
        }
        get_runs(in, event->more, HISTORY_MORE_RUNS);
        break;
    case HISTORY_CLAIM:
        read_claim(in, &event->claim);
        break;
    case HISTORY_DECIDED:
        event->decided.choice.id =
            (int32_t)get_number_or_null(in, "id", INT32_MIN, INT32_MAX, NOBODY);
        event->decided.choice.rule = (int32_t)get_number(in, "rule", INT32_MIN, INT32_MAX);
        event->decided.read_number = (uint32_t)get_number(in, "read_number", 0, UINT32_MAX);
        break;
    case HISTORY_FAULT:
    case HISTORY_HEALED:
        read_fault(in, &event->fault);
        break;
    case HISTORY_DIED:
        read_died(in, &event->died);
        break;
    case HISTORY_EXPIRED:
        event->key = get_name(in, "key", key_names, STORE_KEYS);
        break;
    case HISTORY_PHASE:
        event->phase = get_name(in, "phase", phase_names, HISTORY_PHASES);
        break;
    case HISTORY_BORN:
    case HISTORY_STARTED:
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
    case HISTORY_KINDS:
        break;
    }
}

/* Whose event it is. What a process does, the harness cannot. */
static uint16_t read_process(struct in *in, uint8_t kind)
{
    const cJSON *value = member(in, "process");
    bool is_about_all = kind == HISTORY_EXPIRED || kind == HISTORY_PHASE;
    if (cJSON_IsString(value) && strcmp(value->valuestring, "harness") == 0) {
        if (!is_about_all && kind != HISTORY_FAULT && kind != HISTORY_HEALED) {
            fail(in, "the harness cannot be \"%s\"", kind_names[kind]);
        }
        return HISTORY_HARNESS;
    }
    if (is_about_all) {
        fail(in, "\"process\" should be \"harness\" with \"%s\"", kind_names[kind]);
    }
    if (cJSON_IsString(value) && strcmp(value->valuestring, "master") == 0) {
        return MASTER_ID;
    }
    if (!cJSON_IsNumber(value)) {
        fail(in, "\"process\" is neither a node's number nor \"master\" nor \"harness\"");
        return MASTER_ID;
    }
    return (uint16_t)whole(in, "process", value, 1, in->history->facts.settings.nodes);
}

static void read_event(struct in *in)
{
    struct history *history = in->history;
    struct history_event event;
    memset(&event, 0, sizeof event);
    event.seq = (uint32_t)get_number(in, "i", 0, UINT32_MAX);
    if (event.seq != history->count) {
        fail(in, "\"i\" is %u, but this is event %zu", event.seq, history->count);
    }
    event.at_ns = get_signed(in, "t_ns");
    if (history->count > 0 && event.at_ns < history->events[history->count - 1].at_ns) {
        fail(in, "\"t_ns\" goes back");
    }
    event.kind = get_name(in, "event", kind_names, HISTORY_KINDS);
    event.process = read_process(in, event.kind);
    if (event.kind != HISTORY_MORE) {
        in->runs_left = 0; /* whoever was killed while writing left the rest of its ballot out */
    }
    read_payload(in, &event);
    if (cJSON_HasObjectItem(in->object, "why")) {
        const char *why = get_text(in, "why");
        event.why = in->failed ? NULL : texts_intern(&in->texts, history, why);
        if (!event.why) {
            fail(in, "no memory for its text");
        }
    }
    if (!in->failed && !history_append(history, &event)) {
        fail(in, "no memory for so many events");
    }
}

/* Reads one line without its end. False at the end of the file, or on an error. */
static bool next_line(struct in *in, size_t *length)
{
    size_t used = 0;
    int byte;
    in->line++;
    while ((byte = getc_unlocked(in->file)) != EOF && byte != '\n') {
        if (used == LINE_MAX_BYTES) {
            fail(in, "longer than %d bytes", LINE_MAX_BYTES);
            return false;
        }
        in->bytes[used++] = (char)byte;
    }
    if (ferror(in->file)) {
        fail(in, "cannot be read: %s", strerror(errno));
        return false;
    }
    *length = used;
    return byte != EOF || used > 0;
}

static void read_line(struct in *in, size_t length)
{
    cJSON *object = cJSON_ParseWithLength(in->bytes, length);
    if (!cJSON_IsObject(object)) {
        fail(in, "no JSON object");
    } else {
        in->object = object;
        if (in->line == 1) {
            read_head(in);
        } else {
            read_event(in);
        }
    }
    cJSON_Delete(object);
}

bool history_read_jsonl(struct history *history, void *file, char *error, size_t error_size)
{
    struct in in = {.file = file, .history = history, .error = error, .error_size = error_size};
    memset(history, 0, sizeof *history);
    in.bytes = malloc(LINE_MAX_BYTES);
    if (!in.bytes) {
        fail(&in, "no memory to read it");
        return false;
    }
    size_t length = 0;
    while (!in.failed && next_line(&in, &length)) {
        read_line(&in, length);
    }
    if (in.line == 1) {
        fail(&in, "the file is empty: a history begins with a head line");
    }
    texts_forget(&in.texts);
    free(in.bytes);
    if (in.failed) {
        history_free(history);
    }
    return !in.failed;
}
