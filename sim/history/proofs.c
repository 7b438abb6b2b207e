/* What answers prove about the order of events. See proofs.h. */
#include "sim/history/proofs.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/text/grown.h"

struct value {
    uint64_t first, second; /* the value itself */
    uint32_t whose; /* of a status: its id; of a number: how often its server was disturbed */
    uint8_t kind;   /* enum value_kind; VALUE_NOTHING: none */
    uint8_t server;
};

/* Who wrote a value. */
struct origin {
    struct value value;
    uint32_t event; /* the first request that did */
    uint16_t process;
    bool several; /* several processes did */
};

struct search {
    const struct history *history;
    struct proofs *proofs;
    struct origin *origins; /* a hash table with open addressing, never more than half full */
    size_t slots;           /* a power of two */
    bool *vain;             /* by event: a request that was surely not applied */
    uint32_t *known;        /* [reader][writer]: the latest event that is known to be before, + 1 */
    struct vote *votes;     /* of one ballot */
    size_t processes;
    bool failed;                       /* memory is out */
    uint32_t disturbed[UINT8_MAX + 1]; /* by server */
};

static bool same(const struct value *a, const struct value *b)
{
    return a->kind == b->kind && a->server == b->server && a->whose == b->whose &&
           a->first == b->first && a->second == b->second;
}

/* The value's slot, or the free one where it belongs. */
static struct origin *slot_of(const struct search *search, const struct value *value)
{
    assert(value->kind != VALUE_NOTHING && search->slots > 0);
    uint64_t hash = value->first * UINT64_C(0x9e3779b97f4a7c15) ^ value->second;
    hash = (hash ^ ((uint64_t)value->whose << 16 | (uint64_t)value->kind << 8 | value->server)) *
           UINT64_C(0xff51afd7ed558ccd);
    size_t i = (size_t)(hash >> 20) & (search->slots - 1);
    while (search->origins[i].value.kind != VALUE_NOTHING &&
           !same(&search->origins[i].value, value)) {
        i = (i + 1) & (search->slots - 1);
    }
    return &search->origins[i];
}

static void note_origin(struct search *search, const struct value *value, uint32_t request)
{
    assert(search->history->events[request].kind == HISTORY_REQUEST);
    uint16_t process = search->history->events[request].process;
    struct origin *origin = slot_of(search, value);
    if (origin->value.kind == VALUE_NOTHING) {
        *origin = (struct origin){.value = *value, .event = request, .process = process};
    } else if (origin->process != process) {
        origin->several = true;
    }
}

/* The reply tells this value: writes down what that proves, unless it is known already. */
static void note_read(struct search *search, const struct value *value, uint32_t reply)
{
    assert(search->history->events[reply].kind == HISTORY_REPLY);
    uint16_t reader = search->history->events[reply].process;
    const struct origin *origin = slot_of(search, value);
    if (origin->value.kind == VALUE_NOTHING || origin->several || origin->process == reader) {
        return;
    }
    uint32_t *known = &search->known[reader * search->processes + origin->process];
    if (*known > origin->event) {
        return;
    }
    *known = origin->event + 1;
    struct proofs *proofs = search->proofs;
    struct proof *list = grown(proofs->list, proofs->count, &proofs->capacity, sizeof *list);
    if (!list) {
        search->failed = true;
        return;
    }
    proofs->list = list;
    proofs->list[proofs->count++] = (struct proof){.answer = reply, .request = origin->event};
}

static struct value token_value(struct token token, uint8_t server)
{
    return (struct value){
        .kind = VALUE_TOKEN, .server = server, .first = token.high, .second = token.low};
}

static struct value result_value(struct result result, uint8_t server)
{
    return (struct value){.kind = VALUE_RESULT,
                          .server = server,
                          .first = (uint64_t)(uint32_t)result.id << 32 | (uint32_t)result.rule,
                          .second = result.term};
}

static struct value status_value(uint16_t id, uint8_t status, uint8_t server)
{
    return (struct value){.kind = VALUE_STATUS, .server = server, .whose = id, .first = status};
}

static void note_request(struct search *search, uint32_t index, uint8_t server)
{
    const struct history_request *request = &search->history->events[index].request;
    assert(request->op < STORE_OPS);
    if (op_has(request->op, OP_TAKES_LOCK)) {
        struct value value = token_value(request->value.token, server);
        note_origin(search, &value, index);
    } else if (op_rows[request->op]->asks == VALUE_RESULT) {
        struct value value = result_value(request->value.result, server);
        note_origin(search, &value, index);
    } else if (op_rows[request->op]->asks == VALUE_STATUS) {
        struct value value = status_value(request->id, request->status, server);
        note_origin(search, &value, index);
    }
}

/* The resource's number: after the one before it. */
static void note_number(struct search *search, uint32_t index, uint8_t server)
{
    assert(search->history->events[index].kind == HISTORY_REPLY);
    size_t request = history_asked(search->history, index);
    struct value value = {.kind = VALUE_NUMBER,
                          .server = server,
                          .whose = search->disturbed[server],
                          .first =
                              (uint64_t)search->history->events[index].reply.value.integer - 1};
    note_read(search, &value, index);
    if (request != HISTORY_NOWHERE) {
        value.first++;
        note_origin(search, &value, (uint32_t)request);
    }
}

static void note_reply(struct search *search, uint32_t index, uint8_t server)
{
    const struct history_reply *reply = &search->history->events[index].reply;
    assert(reply->op < STORE_OPS && reply->outcome <= STORE_UNREADABLE);
    if (reply->outcome != STORE_OK) {
        return;
    }
    uint8_t answers = op_rows[reply->op]->answers;
    if (answers == VALUE_TOKEN || answers == VALUE_RECORD) {
        struct value value = token_value(reply->value.token, server);
        note_read(search, &value, index);
    } else if (answers == VALUE_RESULT) {
        struct value value = result_value(reply->value.result, server);
        note_read(search, &value, index);
    } else if (answers == VALUE_BALLOT) {
        size_t count = history_ballot(search->history, index, search->votes, search->processes);
        for (size_t i = 0; i < count && i < search->processes; i++) {
            struct value value = status_value(search->votes[i].id, search->votes[i].status, server);
            note_read(search, &value, index);
        }
    } else if (op_has(reply->op, OP_ON_RESOURCE)) {
        note_number(search, index, server);
    }
}

/* Which requests were surely not applied, as their answers say, whenever these came. */
static void find_vain(struct search *search)
{
    for (size_t i = 0; i < search->history->count; i++) {
        const struct history_event *event = &search->history->events[i];
        if (event->kind != HISTORY_REPLY || event->reply.outcome == STORE_UNKNOWN ||
            history_applied(&event->reply)) {
            continue;
        }
        size_t request = history_asked(search->history, i);
        if (request != HISTORY_NOWHERE) {
            search->vain[request] = true;
        }
    }
}

/* A server may have forgotten what it counted. */
static bool may_disturb(const struct history_event *event)
{
    bool kind = event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED ||
                event->kind == HISTORY_OUTSIDE || event->kind == HISTORY_EXPIRED;
    return kind && event->process == HISTORY_HARNESS && event->server != NO_SERVER;
}

static void note_event(struct search *search, uint32_t index)
{
    const struct history_event *event = &search->history->events[index];
    bool of_process = event->process < search->processes;
    if (of_process && event->kind == HISTORY_REQUEST && !search->vain[index]) {
        note_request(search, index, event->server);
    } else if (of_process && event->kind == HISTORY_REPLY) {
        note_reply(search, index, event->server);
    } else if (may_disturb(event)) {
        search->disturbed[event->server]++;
    }
}

bool proofs_find(struct proofs *proofs, const struct history *history)
{
    struct search search = {.history = history,
                            .proofs = proofs,
                            .slots = 16,
                            .processes = history->facts.settings.nodes + (size_t)1};
    assert(history->count < UINT32_MAX);
    *proofs = (struct proofs){0};
    while (search.slots < 2 * history->count) {
        search.slots *= 2;
    }
    search.origins = calloc(search.slots, sizeof *search.origins);
    search.vain = calloc(history->count + 1, sizeof *search.vain);
    search.known = calloc(search.processes * search.processes, sizeof *search.known);
    search.votes = calloc(search.processes, sizeof *search.votes);
    search.failed = !search.origins || !search.vain || !search.known || !search.votes;
    if (!search.failed) {
        find_vain(&search);
    }
    for (uint32_t i = 0; i < history->count && !search.failed; i++) {
        note_event(&search, i);
    }
    free(search.origins);
    free(search.vain);
    free(search.known);
    free(search.votes);
    if (search.failed) {
        proofs_free(proofs);
    }
    return !search.failed;
}

void proofs_free(struct proofs *proofs)
{
    free(proofs->list);
    *proofs = (struct proofs){0};
}
