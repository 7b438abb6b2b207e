/* Event records: what a process's requests, replies and steps look like in a history, the same on
 * every host.
 *
 * Each call fills an event whole, but for its time, process and place, which are the host's. They
 * are in the header because the model calls one for nearly every event. */
#ifndef HUSTINGS_HOST_EVENT_RECORD_H
#define HUSTINGS_HOST_EVENT_RECORD_H

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/faults/pattern.h"
#include "sim/history/history.h"
#include "sim/ops/op.h"

_Static_assert(sizeof(struct history_request) == 4 * sizeof(struct ballot_run) &&
                   sizeof(struct history_reply) == HISTORY_MORE_RUNS * sizeof(struct ballot_run),
               "an event is filled whole, though no byte of it twice");

/* A request that goes out; `number` counts the process's requests from 1. `why` is the text of its
 * step. */
static inline void event_record_request(struct history_event *event, const struct request *request,
                                        const char *why, uint32_t number)
{
    assert(request->op < STORE_OPS && number > 0);
    event->why = why;
    event->kind = HISTORY_REQUEST;
    event->server = request->server;
    event->more[HISTORY_MORE_RUNS - 1] = (struct ballot_run){0}; /* behind the request */
    event->request = (struct history_request){.number = number,
                                              .moment = request->moment,
                                              .op = request->op,
                                              .key = request->key,
                                              .status = request->status,
                                              .id = request->id,
                                              .ttl_ms = request->ttl_ms};
    memcpy(&event->request.value, &request->value, sizeof event->request.value);
}

static inline bool event_record_is_ballot(const struct request *request, const struct reply *reply)
{
    return op_rows[request->op]->answers == VALUE_BALLOT && reply->outcome == STORE_OK;
}

/* A command that met a fault which awaited it; `why` is the fault's text. */
static inline void event_record_met(struct history_event *event, const struct command_seen *seen,
                                    const char *why)
{
    assert(seen->name && seen->key);
    *event = (struct history_event){.kind = HISTORY_COMMAND, .why = why};
    snprintf(event->command.name, sizeof event->command.name, "%.13s", seen->name);
    snprintf(event->command.key, sizeof event->command.key, "%.15s", seen->key);
}

/* The answer to `request`. A ballot (event_record_is_ballot) is left out: history_put_ballot() adds
 * it. */
static inline void event_record_reply(struct history_event *event, const struct request *request,
                                      const struct reply *reply, uint32_t number)
{
    event->why = NULL;
    event->kind = HISTORY_REPLY;
    event->server = request->server;
    event->reply = (struct history_reply){
        .number = number, .op = request->op, .outcome = reply->outcome, .moment = request->moment};
    switch ((enum value_kind)op_rows[request->op]->answers) {
    case VALUE_RESULT:
        event->reply.value.result = reply->value.result;
        break;
    case VALUE_TOKEN:
        event->reply.value.token = reply->value.token;
        break;
    case VALUE_RECORD:
        event->reply.value.record.token = reply->value.record.holder;
        event->reply.value.record.lease_ms = reply->value.record.lease_ms;
        event->reply.value.record.transitions = reply->value.record.transitions;
        break;
    case VALUE_DONE:
    case VALUE_NUMBER:
        event->reply.value.integer = reply->value.integer;
        break;
    case VALUE_NOTHING:
    case VALUE_STATUS:
    case VALUE_BALLOT:
    case VALUE_KINDS:
        break;
    }
}

/* What the machine decided in a step; `number` is that of the last request that bore the tag
 * action->decided.basis. */
static inline void event_record_decided(struct history_event *event, const struct action *action,
                                        const char *why, uint32_t number)
{
    assert(action->happened & 1u << MOMENT_DECIDES && action->decided.basis < TAGS);
    *event = (struct history_event){.kind = HISTORY_DECIDED, .why = why};
    event->decided = (struct history_decided){.decision = action->decided, .number = number};
}

/* Part by part: what the step has just written in parts cannot be read as a whole so soon. */
static inline bool event_record_same_claim(const struct claim *a, const struct claim *b,
                                           int64_t until_ns)
{
    return a->in_section == b->in_section && a->follows == b->follows && a->status == b->status &&
           a->leads == b->leads && a->term == b->term && a->until_ns == until_ns;
}

/* Whether a step is told by a claim: it is another than `before`, or something happened. It lasts
 * until `until_ns` of the history's time. */
static inline bool event_record_is_news(const struct claim *before, const struct claim *claim,
                                        int64_t until_ns, const struct action *action)
{
    uint32_t happened = action->happened & ~(1u << MOMENT_DECIDES);
    return happened != 0 || !event_record_same_claim(before, claim, until_ns);
}

/* The claim after a step, which lasts until `until_ns`. False, and nothing filled: no news. */
static inline bool event_record_claim(struct history_event *event, const struct claim *before,
                                      const struct claim *claim, int64_t until_ns,
                                      const struct action *action, const char *why)
{
    if (!event_record_is_news(before, claim, until_ns, action)) {
        return false;
    }
    *event = (struct history_event){.kind = HISTORY_CLAIM, .why = why};
    event->claim = (struct history_claim){.claim = *claim, .happened = action->happened};
    event->claim.claim.until_ns = until_ns;
    return true;
}

#endif
