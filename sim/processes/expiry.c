/* When the lock ran out. See expiry.h. */
#include "sim/processes/expiry.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "src/units.h"

#define NEVER INT64_MAX
#define NONE SIZE_MAX

/* A lock that was given to somebody, or may have been. */
struct grant {
    struct token token;
    int64_t asked_ns;    /* it was given between this … */
    int64_t answered_ns; /* … and this; NEVER: nobody knows whether it was */
    int64_t from_ns;     /* its TTL counts from this at the latest; NEVER: unknown */
    int64_t ttl_ns;      /* 0: none */
    int64_t told_ns;     /* its holder was told by then that it is gone; NEVER: he was not */
    int64_t epoch;       /* as its holder was told; 0: it was not counted, or nobody was told */
    bool ended;          /* released, or lost otherwise: it did not run out */
    bool doubtful;       /* perhaps released */
    bool placed;         /* its running out has its place */
};

struct grants {
    struct grant *list;
    size_t count, room;
    const struct history *history;
    uint8_t server;
    bool *answered;  /* by event: a request that has its answer, or will have none */
    int64_t *forced; /* when a fault made a lock run out */
    size_t forced_count, forced_room;
};

/* The last grant with this token; NULL: there is none. */
static struct grant *find_token(struct grants *grants, struct token token)
{
    for (size_t i = grants->count; i-- > 0;) {
        if (token_equal(grants->list[i].token, token)) {
            return &grants->list[i];
        }
    }
    return NULL;
}

/* The last one that somebody was told of and that has not ended. */
static struct grant *find_open(struct grants *grants)
{
    for (size_t i = grants->count; i-- > 0;) {
        if (grants->list[i].answered_ns != NEVER && !grants->list[i].ended) {
            return &grants->list[i];
        }
    }
    return NULL;
}

/* --- reading the history ---------------------------------------------------------------------- */

/* A request for the lock was granted at `answered_ns`, or perhaps (NEVER); `epoch` 0: not counted.
 * One that may find its own lock (op.h) may be told once more of what it was granted before. */
static void grant(struct grants *grants, const struct history_event *asked, int64_t answered_ns,
                  int64_t epoch)
{
    const struct history_request *request = &asked->request;
    struct grant *known = find_token(grants, request->value.token);
    bool may_be_known = known && op_has(request->op, OP_LOOKS_AT_LOCK) && !known->ended;
    if (may_be_known && known->answered_ns != NEVER && (epoch == 0 || epoch == known->epoch)) {
        return;
    }
    if (!known || known->answered_ns != NEVER) {
        assert(grants->count < grants->room);
        known = &grants->list[grants->count++];
        *known = (struct grant){.token = request->value.token,
                                .asked_ns = asked->at_ns,
                                .ttl_ns = request->ttl_ms * NS_PER_MS,
                                .told_ns = NEVER};
    }
    known->epoch = epoch;
    known->answered_ns = answered_ns;
    known->from_ns = answered_ns;
}

/* A lock that may be one's own was looked at, and is. */
static void recognised(struct grant *own, const struct history_event *reply)
{
    if (own && own->answered_ns == NEVER) {
        assert(own->asked_ns <= reply->at_ns);
        own->answered_ns = reply->at_ns;
        own->from_ns = reply->at_ns;
    }
}

/* It got another TTL, or perhaps. */
static void dated(struct grant *grant, const struct history_request *request,
                  const struct history_event *reply)
{
    bool good = history_applied(&reply->reply);
    assert(op_has(request->op, OP_DATES_LOCK));
    if (grant && (good || reply->reply.outcome == STORE_UNKNOWN)) {
        grant->ttl_ns = op_ttl_ms(request->op, request->ttl_ms) * NS_PER_MS;
        grant->from_ns = good ? reply->at_ns : NEVER;
    }
}

static void deleted(struct grant *grant, const struct history_event *reply)
{
    if (!grant) {
        return;
    }
    if (reply->reply.outcome == STORE_UNKNOWN) {
        grant->doubtful = true;
    } else if (history_applied(&reply->reply)) {
        grant->ended = true;
    } else if (reply->reply.outcome == STORE_OK && grant->told_ns == NEVER) {
        grant->told_ns = reply->at_ns;
    }
}

static void answered(struct grants *grants, const struct history_event *asked,
                     const struct history_event *reply)
{
    const struct history_request *request = &asked->request;
    uint8_t outcome = reply->reply.outcome;
    assert(asked->kind == HISTORY_REQUEST && asked->at_ns <= reply->at_ns);
    struct token token = request->value.token;
    uint32_t traits = op_rows[request->op]->traits;
    bool anybodys = traits & (OP_DATES_ANY_LOCK | OP_REMOVES_ANY_LOCK);
    if (traits & OP_TAKES_LOCK) {
        if (outcome == STORE_OK || outcome == STORE_UNKNOWN) {
            bool counted = outcome == STORE_OK && op_rows[request->op]->answers == VALUE_NUMBER;
            grant(grants, asked, outcome == STORE_OK ? reply->at_ns : NEVER,
                  counted ? reply->reply.value.integer : 0);
        }
    } else if (traits & OP_LOOKS_AT_LOCK) {
        if (outcome == STORE_OK && token_equal(reply->reply.value.token, token)) {
            recognised(find_token(grants, token), reply);
        }
    } else if (traits & OP_DATES_LOCK) {
        dated(anybodys ? find_open(grants) : find_token(grants, token), request, reply);
    } else if (traits & OP_REMOVES_LOCK) {
        deleted(anybodys ? find_open(grants) : find_token(grants, token), reply);
    }
}

/* A lock perhaps got another TTL by a request without an answer, unless it surely got one since. */
static void perhaps_dated(struct grants *grants, const struct history_event *asked)
{
    bool anybodys = op_has(asked->request.op, OP_DATES_ANY_LOCK);
    struct grant *grant = anybodys ? NULL : find_token(grants, asked->request.value.token);
    for (size_t i = 0; i < grants->count && anybodys; i++) {
        struct grant *one = &grants->list[i];
        grant = one->answered_ns <= asked->at_ns ? one : grant;
    }
    if (grant && grant->from_ns <= asked->at_ns) { /* NEVER is later */
        grant->ttl_ns = op_ttl_ms(asked->request.op, asked->request.ttl_ms) * NS_PER_MS;
        grant->from_ns = NEVER;
    }
}

/* Nobody will answer this request: who asked has died, or the history ends. */
static void give_up(struct grants *grants, size_t index)
{
    assert(index < grants->history->count);
    const struct history_event *event = &grants->history->events[index];
    if (event->kind != HISTORY_REQUEST || event->server != grants->server ||
        grants->answered[index]) {
        return;
    }
    grants->answered[index] = true;
    if (op_has(event->request.op, OP_TAKES_LOCK)) {
        grant(grants, event, NEVER, 0);
    } else if (op_has(event->request.op, OP_DATES_LOCK)) {
        perhaps_dated(grants, event);
    }
}

/* All that a process asked in the life that ends with this event. */
static void give_up_life(struct grants *grants, size_t index)
{
    const struct history_event *events = grants->history->events;
    uint16_t process = events[index].process;
    assert(events[index].kind == HISTORY_DIED);
    while (index-- > 0 &&
           !(events[index].process == process && events[index].kind == HISTORY_BORN)) {
        if (events[index].process == process) {
            give_up(grants, index);
        }
    }
}

/* The request that this event answers; NONE: it is not there. */
static size_t request_of(const struct grants *grants, size_t index)
{
    const struct history_event *events = grants->history->events;
    const struct history_event *reply = &events[index];
    assert(reply->kind == HISTORY_REPLY);
    while (index-- > 0) {
        const struct history_event *event = &events[index];
        if (event->process == reply->process && event->kind == HISTORY_REQUEST &&
            event->request.number == reply->reply.number) {
            return grants->answered[index] ? NONE : index;
        }
    }
    return NONE;
}

static void take_reply(struct grants *grants, size_t index)
{
    const struct history_event *events = grants->history->events;
    size_t asked = request_of(grants, index);
    if (asked == NONE) {
        return;
    }
    grants->answered[asked] = true;
    if (events[asked].server == grants->server) {
        answered(grants, &events[asked], &events[index]);
    }
}

static void take_in(struct grants *grants, size_t index)
{
    const struct history_event *event = &grants->history->events[index];
    switch ((enum history_kind)event->kind) {
    case HISTORY_REPLY:
        take_reply(grants, index);
        break;
    case HISTORY_DIED:
        give_up_life(grants, index);
        break;
    case HISTORY_FAULT:
        if (fault_rows[event->fault.kind] == &fault_expire_lock &&
            event->server == grants->server) {
            assert(grants->forced_count < grants->forced_room);
            grants->forced[grants->forced_count++] = event->at_ns;
        }
        break;
    case HISTORY_EXPIRED:
        if (event->why && event->server == grants->server && find_open(grants)) {
            find_open(grants)->ended = true;
        }
        break;
    default:
        break;
    }
}

static bool read_history(struct grants *grants)
{
    const struct history *history = grants->history;
    size_t asks = 1;
    size_t faults = 1;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        asks += event->kind == HISTORY_REQUEST && op_has(event->request.op, OP_TAKES_LOCK);
        faults += event->kind == HISTORY_FAULT;
    }
    grants->room = asks;
    grants->forced_room = faults;
    grants->list = calloc(asks, sizeof *grants->list);
    grants->answered = calloc(history->count + 1, sizeof *grants->answered);
    grants->forced = calloc(faults, sizeof *grants->forced);
    if (!grants->list || !grants->answered || !grants->forced) {
        return false;
    }
    for (size_t i = 0; i < history->count; i++) {
        take_in(grants, i);
    }
    for (size_t i = 0; i < history->count; i++) {
        give_up(grants, i);
    }
    return true;
}

/* --- placing ---------------------------------------------------------------------------------- */

/* When somebody else was told that he has the lock, who surely got it after this one; NEVER: nobody
 * was. */
static int64_t next_ns(const struct grants *grants, const struct grant *grant)
{
    size_t i = (size_t)(grant - grants->list) + 1;
    assert(i <= grants->count);
    for (; i < grants->count && grant->answered_ns != NEVER; i++) {
        const struct grant *next = &grants->list[i];
        if (next->answered_ns != NEVER && next->asked_ns >= grant->answered_ns) {
            return next->answered_ns;
        }
    }
    return NEVER;
}

/* When the TTL is over that was set at `from_ns`, by the clock of the server. */
static int64_t over_ns(const struct server_times *times, int64_t t0_ns, int64_t from_ns,
                       int64_t lasts_ns)
{
    if (from_ns == NEVER) {
        return NEVER;
    }
    int64_t at_ns = t0_ns + from_ns;
    const struct server_time *piece = NULL;
    for (size_t i = 0; i < times->count && times->list[i].from_ns <= at_ns; i++) {
        piece = &times->list[i];
    }
    int64_t shown_ns = piece ? skew_own(&piece->skew, at_ns) : at_ns;
    int64_t over_ns = server_times_find(times, at_ns, shown_ns + lasts_ns);
    return over_ns == INT64_MAX ? NEVER : over_ns - t0_ns;
}

/* Whether it can have run out by `heard_ns`. */
static bool may_be_over(const struct grants *grants, const struct grant *grant,
                        const struct server_times *times, int64_t t0_ns, int64_t heard_ns)
{
    for (size_t i = 0; i < grants->forced_count; i++) {
        if (grants->forced[i] >= grant->asked_ns && grants->forced[i] <= heard_ns) {
            return true;
        }
    }
    return grant->ttl_ns > 0 && over_ns(times, t0_ns, grant->asked_ns, grant->ttl_ns) <= heard_ns;
}

/* Which lock it was that was heard to have run out: the first of those that must have, else the
 * last of those that may have. */
static struct grant *whose(struct grants *grants, const struct server_times *times, int64_t t0_ns,
                           int64_t heard_ns)
{
    struct grant *perhaps = NULL;
    for (size_t i = 0; i < grants->count; i++) {
        struct grant *grant = &grants->list[i];
        if (grant->ended || grant->placed || !may_be_over(grants, grant, times, t0_ns, heard_ns)) {
            continue;
        }
        bool gone = grant->told_ns != NEVER || next_ns(grants, grant) != NEVER;
        if (gone && !grant->doubtful) {
            return grant;
        }
        perhaps = grant;
    }
    return perhaps;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Moved expiries go before whatever happened at the same time: the next holder's grant. */
static int in_order(const void *left, const void *right)
{
    const struct history_event *a = left;
    const struct history_event *b = right;
    bool a_first = a->kind == HISTORY_EXPIRED && !a->why;
    bool b_first = b->kind == HISTORY_EXPIRED && !b->why;
    if (a->at_ns != b->at_ns) {
        return a->at_ns < b->at_ns ? -1 : 1;
    }
    if (a_first != b_first) {
        return a_first ? -1 : 1;
    }
    return a->seq < b->seq ? -1 : 1;
}

static void place(struct grants *grants, struct history_event *heard,
                  const struct server_times *times, int64_t t0_ns)
{
    struct grant *grant = whose(grants, times, t0_ns, heard->at_ns);
    if (!grant) {
        return;
    }
    assert(!grant->placed && !grant->ended);
    grant->placed = true;
    if (grant->ttl_ns > 0) {
        int64_t over = over_ns(times, t0_ns, grant->from_ns, grant->ttl_ns + NS_PER_MS);
        heard->at_ns = least(heard->at_ns, over);
    }
    heard->at_ns = least(heard->at_ns, least(grant->told_ns, next_ns(grants, grant)));
}

bool expiry_place(struct history *history, uint8_t server, const struct server_times *times,
                  int64_t t0_ns)
{
    struct grants grants = {.history = history, .server = server};
    bool whole = read_history(&grants);
    for (size_t i = 0; i < history->count && whole; i++) {
        struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_EXPIRED && event->server == server && !event->why) {
            place(&grants, event, times, t0_ns);
        }
    }
    qsort(history->events, history->count, sizeof *history->events, in_order);
    for (size_t i = 0; i < history->count; i++) {
        history->events[i].seq = (uint32_t)i;
    }
    free(grants.list);
    free(grants.answered);
    free(grants.forced);
    return whole;
}
