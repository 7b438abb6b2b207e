/* A history with every kind of event in every form, and its way into a text and back. Include
 * cmocka's headers before. */
#ifndef HUSTINGS_TESTS_UNIT_ALL_KINDS_H
#define HUSTINGS_TESTS_UNIT_ALL_KINDS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "sim/history/history.h"
#include "sim/jsonl/jsonl.h"
#include "src/article/article.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

static inline void tell(struct history *history, uint8_t kind, uint16_t process,
                        struct history_event event)
{
    event.kind = kind;
    event.process = process;
    event.seq = (uint32_t)history->count;
    if (event.at_ns == 0) {
        event.at_ns = (int64_t)history->count * 1000003 - 2500000;
    }
    assert_true(history_append(history, &event));
    if (kind == HISTORY_REPLY) { /* as whoever reads a file takes it from the request */
        size_t asked = history_asked(history, event.seq);
        history->events[event.seq].reply.moment =
            asked == HISTORY_NOWHERE ? MOMENT_NONE : history->events[asked].request.moment;
    }
}

static inline void append(void *history, struct history_event *event)
{
    tell(history, event->kind, event->process, *event);
}

static inline void request(struct history *history, uint16_t process, struct history_request asked)
{
    uint8_t server = op_has(asked.op, OP_ON_RESOURCE) ? 1 : 0;
    tell(history, HISTORY_REQUEST, process,
         (struct history_event){.server = server, .request = asked});
}

static inline void reply(struct history *history, uint16_t process, struct history_reply answer)
{
    uint8_t server = op_has(answer.op, OP_ON_RESOURCE) ? 1 : 0;
    tell(history, HISTORY_REPLY, process,
         (struct history_event){.server = server, .reply = answer});
}

static inline void fill_facts(struct history_facts *facts)
{
    snprintf(facts->scenario, sizeof facts->scenario, "of \"all\" kinds\\");
    snprintf(facts->host, sizeof facts->host, "processes");
    facts->trial = 12;
    facts->seed = UINT64_MAX;
    facts->settings =
        (struct settings){.servers = 1,
                          .work_every_ns = 50000000,
                          .row[OWNER_PROTOCOL] = (uint8_t)owner_find(OWNER_PROTOCOL, "article"),
                          .row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, "token"),
                          .value[OWNER_PROTOCOL][ARTICLE_DECIDED_BY] = DECIDED_BY_NODES,
                          .value[OWNER_PROTOCOL][ARTICLE_SUBMITS] = SUBMITS_NOBODY,
                          .value[OWNER_PROTOCOL][ARTICLE_STICKY] = 1,
                          .nodes = 40,
                          .value[OWNER_LOCK][LOCK_TTL] = 2000000000,
                          .value[OWNER_LOCK][LOCK_RETRY] = 100000000,
                          .value[OWNER_LOCK][LOCK_WAIT] = 3,
                          .value[OWNER_PROTOCOL][ARTICLE_POLL] = 100000001,
                          .value[OWNER_PROTOCOL][ARTICLE_REPORT] = 500000000};
    facts->settles_within_ns = HISTORY_TIME_MAX;
    facts->lock_within_ns = 10000000000;
    facts->heals = true;
}

static inline void tell_requests(struct history *history)
{
    struct token token = {.high = 0x0123456789abcdef, .low = 0xfedcba9876543210};
    for (uint8_t op = 0; op < (uint8_t)STORE_OPS; op++) {
        struct history_request asked = {.number = UINT32_MAX - op,
                                        .moment = op < MOMENTS ? op : MOMENT_NONE,
                                        .op = op,
                                        .key = op % STORE_KEYS};
        if (op == STORE_SET_RESULT) {
            asked.value.result = (struct result){.id = 3, .rule = 2, .term = UINT64_MAX};
            asked.moment = MOMENT_NONE;
        } else if (op == STORE_SET_STATUS) {
            asked.id = 40;
            asked.status = STATUS_SUBMIT;
        } else if (op_rows[op]->asks == VALUE_TOKEN) {
            asked.value.token = token;
            asked.ttl_ms = op == STORE_PUT_IF_ABSENT || op == STORE_PUT_FENCED ? 2000 : 0;
        } else if (op == STORE_EXPIRE) {
            asked.ttl_ms = 3000;
        } else if (op == STORE_WRITE) {
            asked.value.number = TERM_MAX;
        }
        request(history, op, asked);
        reply(history, op, (struct history_reply){.number = 1, .op = op, .outcome = STORE_NIL});
        reply(history, op, (struct history_reply){.op = op, .outcome = STORE_REFUSED});
        reply(history, op, (struct history_reply){.op = op, .outcome = STORE_UNKNOWN});
        reply(history, op, (struct history_reply){.op = op, .outcome = STORE_UNREADABLE});
        if (op != STORE_READ_BALLOT) {
            struct history_reply good = {.op = op, .outcome = STORE_OK};
            if (op == STORE_GET_TOKEN) {
                good.value.token = token;
            } else if (op == STORE_GET_RESULT) {
                good.value.result = (struct result){.id = NOBODY, .rule = -7, .term = 9};
            } else if (op == STORE_WRITE) {
                good.value.integer = 7;
            } else if (op == STORE_DELETE_IF_EQUAL || op == STORE_DELETE ||
                       op == STORE_PUT_FENCED) {
                good.value.integer = INT64_MIN;
            }
            reply(history, op, good);
        }
    }
}

static inline void tell_ballots(struct history *history)
{
    struct vote votes[40];
    for (uint16_t i = 0; i < 40; i++) {
        votes[i] = (struct vote){.id = (uint16_t)(i + i / 3), .status = (uint8_t)(i / 2 % 3)};
    }
    for (uint32_t count = 0; count <= 40; count += 8) {
        struct history_event read = {
            .kind = HISTORY_REPLY,
            .process = 2,
            .why = count ? NULL : "nobody yet",
            .reply = {.number = count, .op = STORE_READ_BALLOT, .outcome = STORE_OK}};
        history_put_ballot(&read, (struct ballot){.votes = votes, .count = count}, append, history);
    }
}

static inline void tell_claims(struct history *history)
{
    const struct claim nothing = {.follows = NOBODY, .until_ns = INT64_MAX};
    const struct claim all = {.follows = 39,
                              .status = STATUS_SUBMIT,
                              .leads = 1,
                              .in_section = 1,
                              .term = UINT64_MAX,
                              .until_ns = -1};
    tell(history, HISTORY_CLAIM, 1, (struct history_event){.claim = {.claim = nothing}});
    tell(history, HISTORY_CLAIM, 40,
         (struct history_event){.claim = {.claim = all, .happened = (1u << MOMENTS) - 1}});
    tell(history, HISTORY_CLAIM, 3,
         (struct history_event){.claim = {.claim = nothing, .inferred = 1}, .why = "released"});
    tell(history, HISTORY_OBSCURE, 3, (struct history_event){.why = "nobody knows it"});
    tell(history, HISTORY_COMMAND, 3,
         (struct history_event){.command = {1, UINT32_MAX, 0, 0, "HSET", "rq:worker \"x\""}});
    tell(history, HISTORY_COMMAND, 3,
         (struct history_event){.command = {1, 9, 1, STORE_NIL, "GET", ""}});
    tell(history, HISTORY_DECIDED, 0,
         (struct history_event){.decided = {.decision = {.leader = 3, .reason = 2}, .number = 7}});
    tell(history, HISTORY_DECIDED, 0,
         (struct history_event){.decided = {.decision = {.leader = NOBODY, .reason = 0}}});
}

/* Every kind of event in every form. */
static inline struct history all_kinds(void)
{
    struct history history = {0};
    fill_facts(&history.facts);
    const uint8_t plain[] = {HISTORY_BORN, HISTORY_STARTED, HISTORY_PAUSED, HISTORY_RESUMED};
    for (size_t i = 0; i < sizeof plain; i++) {
        tell(&history, plain[i], (uint16_t)(i * 13),
             (struct history_event){.why =
                                        i % 2 ? "line\nbreak, \"quote\", \\ \x01 \x7f é ☃" : "w"});
    }
    tell_requests(&history);
    tell_ballots(&history);
    tell_claims(&history);
    for (uint16_t kind = 0; fault_rows[kind]; kind++) {
        struct history_event event = {
            .fault = {.index = kind, .kind = kind, .instance = kind, .param = INT64_MIN}};
        tell(&history, HISTORY_FAULT, kind, event);
        event.why = "there was nobody to do it to";
        tell(&history, HISTORY_SKIPPED, HISTORY_HARNESS, event);
        tell(&history, HISTORY_SKIPPED, kind, event);
        event.fault.index = HISTORY_HAND;
        tell(&history, HISTORY_FAULT, kind, event);
        event.fault.instance = UINT32_MAX;
        event.fault.index = HISTORY_HARNESS;
        event.fault.param = 1;
        event.why = "the healing";
        tell(&history, HISTORY_HEALED, HISTORY_HARNESS, event);
    }
    tell(&history, HISTORY_DIED, 3,
         (struct history_event){.died = {.by_fault = 1, .exit_status = -1, .signal = 9}});
    tell(&history, HISTORY_DIED, 4, (struct history_event){.died = {.exit_status = 3}});
    tell(&history, HISTORY_OUTSIDE, 4, (struct history_event){.why = "killed by signal 9"});
    tell(&history, HISTORY_OUTSIDE, HISTORY_HARNESS, (struct history_event){.why = "a relay"});
    tell(&history, HISTORY_UNDECIDED, HISTORY_HARNESS, (struct history_event){.why = "late"});
    for (uint8_t key = 0; key < (uint8_t)STORE_KEYS; key++) {
        tell(&history, HISTORY_EXPIRED, HISTORY_HARNESS, (struct history_event){.key = key});
    }
    for (uint8_t phase = PHASE_SAFETY; phase <= (uint8_t)PHASE_END; phase++) {
        tell(&history, HISTORY_PHASE, HISTORY_HARNESS, (struct history_event){.phase = phase});
    }
    return history;
}

/* Writes a history into memory; free() it. */
static inline char *write_text(const struct history *history, size_t *length)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    assert_non_null(file);
    assert_true(history_write_jsonl(history, file));
    fclose(file);
    return text;
}

/* Reads from a copy of just this length, so that a sanitizer sees any reading beyond it. */
static inline bool read_text(const char *text, size_t length, struct history *history,
                             char error[160])
{
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    error[0] = '\0';
    FILE *file = length ? fmemopen(copy, length, "r") : fopen("/dev/null", "r");
    assert_non_null(file);
    bool good = history_read_jsonl(history, file, error, 160);
    fclose(file);
    free(copy);
    return good;
}

#endif
