/* Histories written by hand, so that a test reads as a story:
 *
 *     struct story *s = story_new(3);
 *     starts(s, 1);
 *     reports(s, 1);
 *     at(s, 100);
 *     elects(s, 0, 1, 3, 1);               the master elects node 1 by rule 3, in term 1
 *     follows(s, 1, 1, 1);                 node 1 finds itself elected
 *     dies(s, 1);
 *     ends(s);
 *     … look at s->history …
 *     story_free(s);
 *
 * Time stands still but for at(), later() and requests: a reply comes 1 ms after its request.
 * Everything is in the header, so that tests in any folder can tell stories. */
#ifndef HUSTINGS_TEST_STORY_H
#define HUSTINGS_TEST_STORY_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "sim/history/history.h"
#include "src/lock/lock.h"
#include "src/protocol.h"

#define STORY_NODES_MAX 16
#define MS INT64_C(1000000)

struct story {
    struct history history;
    int64_t now_ns;
    struct claim claims[STORY_NODES_MAX + 1];
    uint32_t requests[STORY_NODES_MAX + 1];  /* the number of the last one */
    uint32_t last_read[STORY_NODES_MAX + 1]; /* that of the last READ_BALLOT */
    uint64_t tokens[STORY_NODES_MAX + 1];    /* the lock's token of this wait */
};

static inline struct story *story_new(uint16_t nodes)
{
    struct story *s = calloc(1, sizeof *s);
    assert(s && nodes <= STORY_NODES_MAX);
    struct history_facts *facts = &s->history.facts;
    strcpy(facts->scenario, "story");
    strcpy(facts->host, "model");
    facts->trial = 1;
    facts->seed = 7;
    facts->settings.nodes = nodes;
    facts->settings.protocol = (uint8_t)protocol_find("article");
    facts->settings.lock = (uint8_t)lock_find("token");
    facts->settings.master_locks = 1;
    facts->settings.lock_ttl_ns = 2000 * MS;
    facts->settings.lock_retry_ns = 100 * MS;
    facts->settings.poll_ns = 100 * MS;
    return s;
}

static inline void story_free(struct story *s)
{
    history_free(&s->history);
    free(s);
}

/* --- time ---------------------------------------------------------------------------------------
 */

static inline void at(struct story *s, int64_t ms)
{
    assert(ms * MS >= s->now_ns);
    s->now_ns = ms * MS;
}

static inline void later(struct story *s, int64_t ms)
{
    s->now_ns += ms * MS;
}

static inline struct history_event *tell(struct story *s, uint8_t kind, uint16_t process)
{
    struct history_event event = {.at_ns = s->now_ns, .kind = kind, .process = process};
    event.seq = (uint32_t)s->history.count;
    bool kept = history_append(&s->history, &event);
    assert(kept);
    return &s->history.events[s->history.count - 1];
}

/* --- life ---------------------------------------------------------------------------------------
 */

static inline void is_born(struct story *s, uint16_t id)
{
    s->claims[id] = (struct claim){.follows = NOBODY, .until_ns = INT64_MAX};
    s->requests[id] = 0;
    tell(s, HISTORY_BORN, id);
}

static inline void starts(struct story *s, uint16_t id)
{
    is_born(s, id);
    tell(s, HISTORY_STARTED, id);
}

static inline void all_start(struct story *s)
{
    for (uint16_t id = 0; id <= s->history.facts.settings.nodes; id++) {
        starts(s, id);
    }
}

static inline void dies(struct story *s, uint16_t id)
{
    struct history_event *event = tell(s, HISTORY_DIED, id);
    event->died.by_fault = 1;
    event->died.exit_status = -1;
    event->died.signal = 9;
}

static inline void is_paused(struct story *s, uint16_t id)
{
    tell(s, HISTORY_PAUSED, id);
}

static inline void resumes(struct story *s, uint16_t id)
{
    tell(s, HISTORY_RESUMED, id);
}

static inline void phase(struct story *s, enum history_phase phase)
{
    tell(s, HISTORY_PHASE, HISTORY_HARNESS)->phase = (uint8_t)phase;
}

static inline void ends(struct story *s)
{
    phase(s, PHASE_END);
}

/* --- claims -------------------------------------------------------------------------------------
 */

static inline void claims(struct story *s, uint16_t id, uint32_t happened)
{
    struct history_event *event = tell(s, HISTORY_CLAIM, id);
    event->claim.claim = s->claims[id];
    event->claim.happened = happened;
}

/* Follows `leader`; as that itself, leads and turns to submit, as the article's node does. */
static inline void follows(struct story *s, uint16_t id, int32_t leader, uint64_t term)
{
    struct claim *claim = &s->claims[id];
    bool newly = leader == id && !claim->leads;
    claim->follows = leader;
    claim->term = term;
    claim->leads = leader == id;
    if (newly) {
        claim->status = STATUS_SUBMIT;
    }
    claims(s, id, 1u << MOMENT_FOLLOWS | (newly ? 1u << MOMENT_LEADS : 0));
}

static inline void all_follow(struct story *s, int32_t leader, uint64_t term)
{
    for (uint16_t id = 0; id <= s->history.facts.settings.nodes; id++) {
        follows(s, id, leader, term);
    }
}

/* A fault, and the process that takes it in. */
static inline void is_flipped(struct story *s, uint16_t id, enum status to)
{
    struct history_event *event = tell(s, HISTORY_FAULT, id);
    event->fault.kind = (uint16_t)fault_find("flip");
    event->fault.param = to;
    s->claims[id].status = (uint8_t)to;
    claims(s, id, 0);
}

/* --- requests -----------------------------------------------------------------------------------
 */

static inline struct history_event *asks(struct story *s, uint16_t id, uint8_t op, uint8_t key,
                                         uint8_t moment)
{
    struct history_event *event = tell(s, HISTORY_REQUEST, id);
    event->request.number = ++s->requests[id];
    event->request.op = op;
    event->request.key = key;
    event->request.moment = moment;
    return event;
}

/* The answer to the last request, 1 ms later. */
static inline struct history_event *hears(struct story *s, uint16_t id, uint8_t op,
                                          enum store_outcome outcome)
{
    later(s, 1);
    struct history_event *event = tell(s, HISTORY_REPLY, id);
    event->reply.number = s->requests[id];
    event->reply.op = op;
    event->reply.outcome = (uint8_t)outcome;
    return event;
}

static inline void tries_lock(struct story *s, uint16_t id, enum store_outcome outcome)
{
    if (s->tokens[id] == 0) {
        s->tokens[id] = s->history.count + 1; /* fresh */
    }
    asks(s, id, STORE_PUT_IF_ABSENT, KEY_LOCK, MOMENT_ASKS_LOCK)->request.value.token =
        (struct token){.high = id + 1u, .low = s->tokens[id]};
    hears(s, id, STORE_PUT_IF_ABSENT, outcome);
}

static inline void finds_lock_busy(struct story *s, uint16_t id)
{
    tries_lock(s, id, STORE_NIL);
}

static inline void acquires_lock(struct story *s, uint16_t id)
{
    tries_lock(s, id, STORE_OK);
    s->claims[id].in_section = 1;
    claims(s, id, 1u << MOMENT_ACQUIRES_LOCK);
}

static inline void releases_lock(struct story *s, uint16_t id)
{
    s->claims[id].in_section = 0;
    claims(s, id, 0);
    asks(s, id, STORE_DELETE_IF_EQUAL, KEY_LOCK, MOMENT_RELEASES_LOCK)->request.value.token =
        (struct token){.high = id + 1u, .low = s->tokens[id]};
    hears(s, id, STORE_DELETE_IF_EQUAL, STORE_OK)->reply.value.integer = 1;
    s->tokens[id] = 0;
}

static inline void reports(struct story *s, uint16_t id)
{
    struct history_event *event = asks(s, id, STORE_SET_STATUS, KEY_NODES, MOMENT_REPORTS);
    event->request.id = id;
    event->request.status = s->claims[id].status;
    hears(s, id, STORE_SET_STATUS, STORE_OK);
}

/* Reads a ballot of nobody: what was on it is the checks' business. */
static inline void reads(struct story *s, uint16_t id)
{
    asks(s, id, STORE_READ_BALLOT, KEY_NODES, MOMENT_READS);
    s->last_read[id] = s->requests[id];
    hears(s, id, STORE_READ_BALLOT, STORE_OK);
}

static inline void decides(struct story *s, uint16_t id, int32_t leader, int32_t rule)
{
    struct history_event *event = tell(s, HISTORY_DECIDED, id);
    event->decided.choice = (struct choice){.id = leader, .rule = rule};
    event->decided.read_number = s->last_read[id];
}

static inline void sends_result(struct story *s, uint16_t id, int32_t leader, int32_t rule,
                                uint64_t term)
{
    asks(s, id, STORE_SET_RESULT, KEY_RESULT, MOMENT_PUBLISHES)->request.value.result =
        (struct result){.id = leader, .rule = rule, .term = term};
}

static inline void publishes(struct story *s, uint16_t id, int32_t leader, int32_t rule,
                             uint64_t term)
{
    sends_result(s, id, leader, rule, term);
    hears(s, id, STORE_SET_RESULT, STORE_OK);
}

/* Looks the result up; term 0: there is none. */
static inline void finds_result(struct story *s, uint16_t id, int32_t leader, int32_t rule,
                                uint64_t term)
{
    asks(s, id, STORE_GET_RESULT, KEY_RESULT, MOMENT_NONE);
    hears(s, id, STORE_GET_RESULT, term ? STORE_OK : STORE_NIL)->reply.value.result =
        (struct result){.id = leader, .rule = rule, .term = term};
}

/* A round without the lock, 3 ms in all: reads, decides, publishes. */
static inline void elects(struct story *s, uint16_t id, int32_t leader, int32_t rule, uint64_t term)
{
    reads(s, id);
    decides(s, id, leader, rule);
    publishes(s, id, leader, rule, term);
}

#endif
