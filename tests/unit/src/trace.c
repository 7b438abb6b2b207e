/* Plays a trace, see trace.h. No host and no store: the script says every reply. */
#include "trace.h"
#include "trace_text.h"

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

/* A process, what it has asked and not yet heard of, in the order of asking, and its timer. */
struct cast {
    bool started;
    struct process process;
    struct request outstanding[TAGS];
    int count;
    bool waits;
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

/* ---- a process and its host ---- */

/* Takes the outstanding request at this place away. */
static struct request take(struct cast *cast, int place)
{
    struct request request = cast->outstanding[place];
    cast->count--;
    memmove(&cast->outstanding[place], &cast->outstanding[place + 1],
            (size_t)(cast->count - place) * sizeof request);
    return request;
}

static int place_of(const struct cast *cast, int tag)
{
    for (int i = 0; i < cast->count; i++) {
        if (cast->outstanding[i].tag == tag) {
            return i;
        }
    }
    return -1;
}

/* What a host does with an action. */
static const char *carry_out(struct trace *trace, struct cast *cast, const struct action *action)
{
    for (uint8_t tag = 0; tag < TAGS; tag++) {
        if (action->drop & 1u << tag && place_of(cast, tag) < 0) {
            return "it drops what is not under way";
        }
        if (action->drop & 1u << tag) {
            take(cast, place_of(cast, tag));
        }
    }
    for (int i = 0; i < action->sends; i++) {
        if (place_of(cast, action->send[i].tag) >= 0) {
            return "it uses a tag twice";
        }
        cast->outstanding[cast->count++] = action->send[i];
    }
    if (action->wake[TIMER_PROTOCOL].order != TIMER_KEEP) {
        cast->waits = action->wake[TIMER_PROTOCOL].order == TIMER_SET;
        cast->wakes_ns = trace->now_ns + action->wake[TIMER_PROTOCOL].min_ns;
    }
    return NULL;
}

static const char *step(struct trace *trace, int id, struct event event)
{
    struct cast *cast = &trace->cast[id];
    struct claim before = cast->process.claim;
    uint64_t epoch = cast->process.lock.epoch;
    struct action action;
    event.now_ns = trace->now_ns;
    event.fresh = (struct token){.high = 1, .low = trace->tokens + 1};
    process_step(&trace->settings, &cast->process, &event, &action);
    trace->tokens += action.took_token;

    trace_write_moments(trace->out, &trace->settings, id, &action);
    if (memcmp(&before, &cast->process.claim, sizeof before) != 0) {
        trace_write_claim(trace->out, id, &cast->process.claim);
    }
    if (cast->process.lock.epoch != epoch && cast->process.lock.epoch > 0) {
        fprintf(trace->out, "    %d is told epoch %llu\n", id,
                (unsigned long long)cast->process.lock.epoch);
    }
    trace_write_action(trace->out, &trace->settings, id, &action);
    return carry_out(trace, cast, &action);
}

/* ---- what happens to a process ---- */

static bool parse_ballot(char *words[], struct vote votes[], uint32_t *count)
{
    *count = 0;
    for (int i = 0; words[i]; i++) {
        char *status = strchr(words[i], '=');
        int known = status ? find(trace_statuses, 3, status + 1) : -1;
        if (known < 0) {
            return false;
        }
        votes[(*count)++] =
            (struct vote){.id = (uint16_t)number(words[i]), .status = (uint8_t)known};
    }
    return true;
}

/* `its` or `MEMBER TERM tNONCE`, or `free`; then the grant, its duration and when it was renewed,
 * in ms. */
static bool parse_record(char *words[], const struct cast *cast, struct reply *reply)
{
    struct lease_record *record = &reply->value.record;
    int count = 0;
    while (words[count]) {
        count++;
    }
    if (count == 4) {
        bool is_free = strcmp(words[0], "free") == 0;
        record->holder = is_free ? (struct token){0, 0} : cast->process.lock.token;
    } else if (count == 6) {
        record->holder =
            (struct token){.high = (uint64_t)number(words[0]) << 32 | (uint32_t)number(words[1]),
                           .low = (uint64_t)number(words[2] + 1)};
        words += 2;
    }
    record->transitions = count >= 4 ? (uint32_t)number(words[1]) : 0;
    record->lease_ms = count >= 4 ? (uint32_t)number(words[2]) : 0;
    record->renew_ms = count >= 4 ? (uint64_t)number(words[3]) : 0;
    return count == 4 || count == 6;
}

static const char *reply(struct trace *trace, int id, char *words[])
{
    static const char *const outcomes[] = {"ok", "nil", "refused", "unknown", "unreadable"};
    struct cast *cast = &trace->cast[id];
    struct vote votes[WORDS];
    struct reply reply = {.outcome = STORE_OK};
    int place = words[0][0] == '#' ? place_of(cast, number(words[0] + 1)) : 0;
    if (place < 0 || place >= cast->count) {
        return "it has asked nothing";
    }
    words += words[0][0] == '#' && words[1];
    int outcome = find(outcomes, 5, words[0]);
    if (outcome >= 0) {
        reply.outcome = (uint8_t)outcome;
    } else if (strcmp(words[0], "0") == 0 || strcmp(words[0], "1") == 0) {
        reply.value.integer = words[0][0] - '0';
    } else if (strcmp(words[0], "record") == 0 && parse_record(words + 1, cast, &reply)) {
        ; /* it is in the reply */
    } else if (strcmp(words[0], "epoch") == 0 && words[1]) {
        reply.value.integer = number(words[1]);
    } else if (strcmp(words[0], "its-token") == 0) {
        reply.value.token = cast->process.lock.token;
    } else if (strcmp(words[0], "anothers-token") == 0) {
        reply.value.token = (struct token){.high = 2, .low = 2};
    } else if (strcmp(words[0], "held-by") == 0 && words[1] && words[2] && words[3]) {
        reply.value.token =
            (struct token){.high = (uint64_t)number(words[1]) << 32 | (uint32_t)number(words[2]),
                           .low = (uint64_t)number(words[3] + (words[3][0] == 't'))};
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
    return step(trace, id,
                (struct event){.kind = EVENT_REPLY, .tag = take(cast, place).tag, .reply = &reply});
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
    for (int owner = 0; owner < OWNERS; owner++) {
        if (strcmp(name, owner_names[owner]) != 0) {
            continue;
        }
        int row = owner_find((enum owner)owner, value);
        if (row < 0) {
            return "no such row";
        }
        settings_choose(settings, (enum owner)owner, (uint8_t)row);
        settings_govern(settings);
        return NULL;
    }
    if (strcmp(name, "fencing") == 0) {
        settings->fencing = number(value) != 0;
        return NULL;
    }
    if (strcmp(name, "servers") == 0) {
        settings_choose_topology(settings, TOPOLOGY_INDEPENDENT);
        settings->servers = (uint8_t)number(value);
        return NULL;
    }
    bool good = strncmp(name, "lock_", 5) == 0 ? set_param(settings, OWNER_LOCK, name + 5, value)
                                               : set_param(settings, OWNER_PROTOCOL, name, value);
    settings_govern(settings);
    return good ? NULL : "no such setting, or no such value";
}

static const char *happens(struct trace *trace, const char *what, int id, char *words[])
{
    struct cast *cast = &trace->cast[id];
    if (strcmp(what, "start") == 0) {
        *cast = (struct cast){.started = true, .process = process_new((uint16_t)id)};
        return step(trace, id, (struct event){.kind = EVENT_STARTED});
    }
    if (!cast->started) {
        return "it has not started";
    }
    if (strcmp(what, "reply") == 0 && words[0]) {
        return reply(trace, id, words);
    }
    if (strcmp(what, "wake") == 0) {
        if (!cast->waits) {
            return "it does not wait";
        }
        cast->waits = false;
        trace->now_ns = cast->wakes_ns > trace->now_ns ? cast->wakes_ns : trace->now_ns;
        return step(trace, id, (struct event){.kind = EVENT_WOKE});
    }
    if (strcmp(what, "resign") == 0) {
        return step(trace, id, (struct event){.kind = EVENT_COMMAND, .command = COMMAND_RESIGN});
    }
    if (strcmp(what, "flip") == 0 && words[0]) {
        int to = find(trace_statuses, 2, words[0]);
        if (to < 0) {
            return "no such status";
        }
        return step(trace, id,
                    (struct event){.kind = EVENT_COMMAND, .command = COMMAND_FLIP, .value = to});
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
