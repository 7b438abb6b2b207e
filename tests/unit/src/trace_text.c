/* What a process did, in the words of a trace. See trace_text.h. */
#include "trace_text.h"

#include "src/protocol.h"

#define MS INT64_C(1000000)

const char *const trace_statuses[3] = {"prepare", "submit", "unknown"};
static const char *const keys[STORE_KEYS] = {"lock", "nodes", "result", "epoch", "writes"};

/* What a request compares with. */
static void write_record(FILE *out, const struct lease_record *record)
{
    if (record->lease_ms == 0) {
        fprintf(out, "nothing is there");
    } else if (record_is_free(record)) {
        fprintf(out, "grant %u is free since %llu", record->transitions,
                (unsigned long long)record->renew_ms);
    } else {
        fprintf(out, "grant %u of t%llu is as of %llu", record->transitions,
                (unsigned long long)record->holder.low, (unsigned long long)record->renew_ms);
    }
}

static void write_request(FILE *out, const struct request *request)
{
    const char *key = keys[request->key];
    unsigned long long token = request->value.token.low;
    const struct result *result = &request->value.result;
    switch ((enum store_op)request->op) {
    case STORE_PUT_IF_ABSENT:
        fprintf(out, "put %s t%llu if absent, ttl %u ms", key, token, request->ttl_ms);
        break;
    case STORE_DELETE_IF_EQUAL:
        fprintf(out, "delete %s if t%llu", key, token);
        break;
    case STORE_GET_TOKEN:
    case STORE_GET_RESULT:
        fprintf(out, "get %s", key);
        break;
    case STORE_SET_STATUS:
        fprintf(out, "set %s[%u] to %s", key, request->id, trace_statuses[request->status]);
        break;
    case STORE_READ_BALLOT:
        fprintf(out, "read %s", key);
        break;
    case STORE_SET_RESULT:
        fprintf(out, "set %s to %d by rule %d, term %llu", key, result->id, result->rule,
                (unsigned long long)result->term);
        break;
    case STORE_EXPIRE:
        fprintf(out, "expire %s in %u s", key, request->ttl_ms / 1000);
        break;
    case STORE_DELETE:
        fprintf(out, "delete %s", key);
        break;
    case STORE_PUT_FENCED:
        fprintf(out, "put and count %s t%llu if absent, ttl %u ms", key, token, request->ttl_ms);
        break;
    case STORE_EXTEND_IF_EQUAL:
        fprintf(out, "extend %s if t%llu, ttl %u ms", key, token, request->ttl_ms);
        break;
    case STORE_WRITE:
        fprintf(out, "write with epoch %llu", (unsigned long long)request->value.number);
        break;
    case STORE_GET_RECORD:
        fprintf(out, "look at the record of %s", key);
        break;
    case STORE_TAKE_RECORD:
        fprintf(out, "take %s for t%llu, lease %u ms, if ", key, token, request->ttl_ms);
        write_record(out, &request->value.from.record);
        break;
    case STORE_RENEW_RECORD:
        fprintf(out, "renew %s of t%llu, lease %u ms, if ", key, token, request->ttl_ms);
        write_record(out, &request->value.from.record);
        break;
    case STORE_FREE_RECORD:
        fprintf(out, "free %s of t%llu if ", key, token);
        write_record(out, &request->value.from.record);
        break;
    case STORE_GET_EPOCH:
        fprintf(out, "get the epoch of %s if t%llu", key, token);
        break;
    case STORE_OPS:
        fprintf(out, "an unexpected request");
        break;
    }
}

void trace_write_claim(FILE *out, int id, const struct claim *claim)
{
    fprintf(out, "    %d ", id);
    fprintf(out, "claims %s", trace_statuses[claim->status]);
    if (claim->in_section) {
        fprintf(out, ", in the section");
    }
    if (claim->follows != NOBODY) {
        fprintf(out, ", %s %d in term %llu", claim->leads ? "leads as" : "follows", claim->follows,
                (unsigned long long)claim->term);
    }
    if (claim->until_ns != INT64_MAX) {
        fprintf(out, ", until %g ms", (double)claim->until_ns / (double)MS);
    }
    fprintf(out, "\n");
}

void trace_write_action(FILE *out, const struct settings *settings, int id,
                        const struct action *action)
{
    const char *why = process_why(settings, action->why);
    for (uint8_t tag = 0; tag < TAGS; tag++) {
        if (action->drop & 1u << tag) {
            fprintf(out, "    %d drops #%u\n", id, tag);
        }
    }
    fprintf(out, "    %d ", id);
    for (int i = 0; i < action->sends; i++) {
        const struct request *request = &action->send[i];
        if (i > 0) {
            fprintf(out, "\n    %d ", id);
        }
        if (request->tag > 0) {
            fprintf(out, "#%u ", request->tag);
        }
        if (request->moment != MOMENT_NONE) {
            fprintf(out, "%s: ", moment_rows[request->moment].name);
        }
        write_request(out, request);
        if (settings->servers > 1) {
            fprintf(out, " on server %u", request->server + 1u);
        }
    }
    if (action->wake[TIMER_PROTOCOL].order == TIMER_SET) {
        fprintf(out, "%swaits %g", action->sends > 0 ? ", " : "",
                (double)action->wake[TIMER_PROTOCOL].min_ns / (double)MS);
        if (action->wake[TIMER_PROTOCOL].max_ns > action->wake[TIMER_PROTOCOL].min_ns) {
            fprintf(out, " to %g", (double)action->wake[TIMER_PROTOCOL].max_ns / (double)MS);
        }
        fprintf(out, " ms");
    } else if (action->sends == 0) {
        fprintf(out, action->stop ? "stops" : "lets go on what is under way");
    }
    fprintf(out, "  \"%s\"\n", why ? why : "");
}

void trace_write_moments(FILE *out, const struct settings *settings, int id,
                         const struct action *action)
{
    for (unsigned moment = 0; moment < MOMENTS; moment++) {
        if (!(action->happened & 1u << moment)) {
            continue;
        }
        fprintf(out, "    %d %s", id, moment_rows[moment].name);
        if (moment == MOMENT_DECIDES && action->decided.leader == NOBODY) {
            fprintf(out, " nobody");
        } else if (moment == MOMENT_DECIDES) {
            fprintf(out, " %d by %s", action->decided.leader,
                    protocol_reason(settings, action->decided.reason));
        }
        fprintf(out, "\n");
    }
}
