/* Plays a trace, see trace.h. No host and no store: the script says every reply. */
#include "trace.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/article/article.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

#define MS INT64_C(1000000)
#define PROCESSES 8
#define WORDS 16

/* What a process last asked of its host, and whether it is still pending the answer. */
struct cast {
    bool started;
    struct process process;
    struct action outstanding;
    int64_t wakes_ns;
};

struct trace {
    struct settings settings;
    struct cast cast[PROCESSES];
    int64_t now_ns;
    uint64_t tokens; /* taken so far; the next is t<tokens + 1> */
    FILE *out;
    const char *error;
};

static const char *const statuses[] = {"prepare", "submit", "unknown"};
static const char *const keys[STORE_KEYS] = {"lock", "nodes", "result"};

static int find(const char *const names[], int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static int number(const char *word)
{
    return (int)strtol(word, NULL, 10);
}

/* ---- what a process did, in words ---- */

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
        fprintf(out, "set %s[%u] to %s", key, request->id, statuses[request->status]);
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
    case STORE_EXTEND_IF_EQUAL:
        fprintf(out, "extend %s if t%llu, ttl %u ms", key, token, request->ttl_ms);
        break;
    case STORE_OPS:
        fprintf(out, "an unexpected request");
        break;
    }
}

static void write_claim(FILE *out, const struct claim *claim)
{
    fprintf(out, "claims %s", statuses[claim->status]);
    if (claim->in_section) {
        fprintf(out, ", in the section");
    }
    if (claim->follows != NOBODY) {
        fprintf(out, ", %s %d in term %llu", claim->leads ? "leads as" : "follows", claim->follows,
                (unsigned long long)claim->term);
    }
    fprintf(out, "\n");
}

static void write_action(const struct trace *trace, int id, const struct action *action)
{
    FILE *out = trace->out;
    const char *why = process_why(&trace->settings, action->why);
    fprintf(out, "    %d ", id);
    if (action->sends > 0) {
        const struct request *request = &action->send[0];
        if (request->moment != MOMENT_NONE) {
            fprintf(out, "%s: ", moment_rows[request->moment].name);
        }
        write_request(out, request);
    } else if (action->timer == TIMER_SET) {
        fprintf(out, "waits %g ms", (double)action->wake_min_ns / (double)MS);
    } else {
        fprintf(out, action->stop ? "stops" : "lets go on what is under way");
    }
    fprintf(out, "  \"%s\"\n", why ? why : "");
}

static void step(struct trace *trace, int id, struct event event)
{
    struct cast *cast = &trace->cast[id];
    struct claim before = cast->process.claim;
    struct action action;
    event.now_ns = trace->now_ns;
    event.fresh = (struct token){.high = 1, .low = trace->tokens + 1};
    process_step(&trace->settings, &cast->process, &event, &action);
    trace->tokens += action.took_token;

    for (unsigned moment = 0; moment < MOMENTS; moment++) {
        if (!(action.happened & 1u << moment)) {
            continue;
        }
        fprintf(trace->out, "    %d %s", id, moment_rows[moment].name);
        if (moment == MOMENT_DECIDES && action.decided.leader == NOBODY) {
            fprintf(trace->out, " nobody");
        } else if (moment == MOMENT_DECIDES) {
            fprintf(trace->out, " %d by rule %d", action.decided.leader, action.decided.reason);
        }
        fprintf(trace->out, "\n");
    }
    if (memcmp(&before, &cast->process.claim, sizeof before) != 0) {
        fprintf(trace->out, "    %d ", id);
        write_claim(trace->out, &cast->process.claim);
    }
    write_action(trace, id, &action);
    if (action.sends > 0 || action.timer == TIMER_SET) {
        cast->outstanding = action;
        cast->wakes_ns = trace->now_ns + action.wake_min_ns;
    }
}

/* ---- what happens to a process ---- */

static bool parse_ballot(char *words[], struct vote votes[], uint32_t *count)
{
    *count = 0;
    for (int i = 0; words[i]; i++) {
        char *status = strchr(words[i], '=');
        int known = status ? find(statuses, 3, status + 1) : -1;
        if (known < 0) {
            return false;
        }
        votes[(*count)++] =
            (struct vote){.id = (uint16_t)number(words[i]), .status = (uint8_t)known};
    }
    return true;
}

static const char *reply(struct trace *trace, int id, char *words[])
{
    static const char *const outcomes[] = {"ok", "nil", "refused", "unknown", "unreadable"};
    struct cast *cast = &trace->cast[id];
    struct vote votes[WORDS];
    struct reply reply = {.outcome = STORE_OK};
    if (cast->outstanding.sends == 0) {
        return "it has asked nothing";
    }
    int outcome = find(outcomes, 5, words[0]);
    if (outcome >= 0) {
        reply.outcome = (uint8_t)outcome;
    } else if (strcmp(words[0], "0") == 0 || strcmp(words[0], "1") == 0) {
        reply.value.integer = words[0][0] - '0';
    } else if (strcmp(words[0], "its-token") == 0) {
        reply.value.token = cast->process.lock.token;
    } else if (strcmp(words[0], "anothers-token") == 0) {
        reply.value.token = (struct token){.high = 2, .low = 2};
    } else if (strcmp(words[0], "result") == 0 && words[1] && words[2] && words[3]) {
        reply.value.result = (struct result){
            .id = number(words[1]), .rule = number(words[2]), .term = (uint64_t)number(words[3])};
    } else if (strcmp(words[0], "ballot") == 0) {
        reply.value.ballot.votes = votes;
        if (!parse_ballot(words + 1, votes, &reply.value.ballot.count)) {
            return "a vote is written 3=prepare";
        }
    } else {
        return "no such reply";
    }
    step(
        trace, id,
        (struct event){.kind = EVENT_REPLY, .tag = cast->outstanding.send[0].tag, .reply = &reply});
    return NULL;
}

/* Sets a parameter of the owner by its name; false if it has none. Times are in ms. */
static bool set_param(struct settings *settings, enum owner owner, const char *name,
                      const char *value)
{
    const struct param_row *params = owner_params(owner, settings->row[owner]);
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        if (strcmp(params[i].name, name) == 0) {
            int64_t number_of =
                params[i].type == PARAM_WORD ? param_word_find(&params[i], value) : number(value);
            settings->value[owner][i] =
                params[i].type == PARAM_DURATION ? number_of * MS : number_of;
            return number_of >= 0;
        }
    }
    return false;
}

static const char *set(struct settings *settings, const char *name, const char *value)
{
    if (strcmp(name, "lock") == 0) {
        int row = owner_find(OWNER_LOCK, value);
        if (row < 0) {
            return "no such lock";
        }
        settings_choose(settings, OWNER_LOCK, (uint8_t)row);
        return NULL;
    }
    bool good = strncmp(name, "lock_", 5) == 0 ? set_param(settings, OWNER_LOCK, name + 5, value)
                                               : set_param(settings, OWNER_PROTOCOL, name, value);
    return good ? NULL : "no such setting, or no such value";
}

static const char *happens(struct trace *trace, const char *what, int id, char *words[])
{
    struct cast *cast = &trace->cast[id];
    if (strcmp(what, "start") == 0) {
        *cast = (struct cast){.started = true, .process = process_new((uint16_t)id)};
        step(trace, id, (struct event){.kind = EVENT_STARTED});
        return NULL;
    }
    if (!cast->started) {
        return "it has not started";
    }
    if (strcmp(what, "reply") == 0 && words[0]) {
        return reply(trace, id, words);
    }
    if (strcmp(what, "wake") == 0) {
        if (cast->outstanding.timer != TIMER_SET) {
            return "it does not wait";
        }
        trace->now_ns = cast->wakes_ns > trace->now_ns ? cast->wakes_ns : trace->now_ns;
        step(trace, id, (struct event){.kind = EVENT_WOKE});
        return NULL;
    }
    if (strcmp(what, "flip") == 0 && words[0]) {
        int to = find(statuses, 2, words[0]);
        if (to < 0) {
            return "no such status";
        }
        step(trace, id,
             (struct event){.kind = EVENT_COMMAND, .command = COMMAND_FLIP, .value = to});
        return NULL;
    }
    return "no such command";
}

static const char *play(struct trace *trace, char *line)
{
    char *words[WORDS + 1] = {NULL};
    char *rest = NULL;
    int count = 0;
    for (char *word = strtok_r(line, " ", &rest); word && count < WORDS;
         word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    if (count < 2) {
        return "a command has at least two words";
    }
    if (strcmp(words[0], "set") == 0 && words[2]) {
        return set(&trace->settings, words[1], words[2]);
    }
    int value = number(words[1]);
    if (strcmp(words[0], "after") == 0) {
        trace->now_ns += value * MS;
        return NULL;
    }
    if (value < 0 || value >= PROCESSES) {
        return "no such process";
    }
    return happens(trace, words[0], value, words + 2);
}

int trace_play(const char *script, char *out, size_t size)
{
    struct trace trace = {
        .settings = settings_default(PROCESSES - 1),
        .now_ns = 1000 * MS, /* any time will do; not 0, so that 0 can't pass for a time */
        .out = fmemopen(out, size, "w"),
    };
    if (!trace.out) {
        return 1;
    }
    char line[256];
    int line_number = 0;
    for (const char *at = script; *at && !trace.error; line_number++) {
        size_t length = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, at);
        at += length + (at[length] == '\n');
        if (line[0] == ' ') {
            continue; /* what came out last time */
        }
        fprintf(trace.out, "%s\n", line);
        if (line[0] != '#' && line[0] != '\0') {
            trace.error = play(&trace, line);
        }
    }
    fclose(trace.out);
    if (trace.error) {
        snprintf(out, size, "%s", trace.error);
        return line_number;
    }
    return 0;
}
