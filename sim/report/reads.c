/* What replies prove of the order of events: see history_reads() in history_json.h.
 *
 * A value comes from the request that wrote it. If only one process has sent such requests so far,
 * its first one surely was before the reply that tells the value. If several have, the value does
 * not tell whose it is, and proves nothing here. Requests that were surely not applied wrote
 * nothing. The resource counts what it accepts, so a number proves that the one before it had been
 * given; but not once the server was disturbed: it may have forgotten. */
#include <assert.h>
#include <stdlib.h>

#include "sim/report/history_json.h"
#include "sim/report/who.h"

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

struct reads {
    struct data *data;
    const struct history *history;
    struct origin *origins; /* a hash table with open addressing, never more than half full */
    size_t slots;           /* a power of two */
    bool *vain;             /* by event: a request that was surely not applied */
    uint32_t *known;        /* [reader][writer]: the latest event that is known to be before, + 1 */
    struct vote *votes;     /* of one ballot */
    size_t processes;
    uint32_t disturbed[UINT8_MAX + 1]; /* by server */
};

static bool same(const struct value *a, const struct value *b)
{
    return a->kind == b->kind && a->server == b->server && a->whose == b->whose &&
           a->first == b->first && a->second == b->second;
}

/* The value's slot, or the free one where it belongs. */
static struct origin *slot_of(const struct reads *reads, const struct value *value)
{
    uint64_t hash = value->first * UINT64_C(0x9e3779b97f4a7c15) ^ value->second;
    hash = (hash ^ ((uint64_t)value->whose << 16 | (uint64_t)value->kind << 8 | value->server)) *
           UINT64_C(0xff51afd7ed558ccd);
    size_t i = (size_t)(hash >> 20) & (reads->slots - 1);
    while (reads->origins[i].value.kind != VALUE_NOTHING &&
           !same(&reads->origins[i].value, value)) {
        i = (i + 1) & (reads->slots - 1);
    }
    return &reads->origins[i];
}

static void note_origin(struct reads *reads, const struct value *value, uint32_t request)
{
    uint16_t process = reads->history->events[request].process;
    struct origin *origin = slot_of(reads, value);
    if (origin->value.kind == VALUE_NOTHING) {
        *origin = (struct origin){.value = *value, .event = request, .process = process};
    } else if (origin->process != process) {
        origin->several = true;
    }
}

/* The reply tells this value: writes down what that proves, unless it is known already. */
static void note_read(struct reads *reads, const struct value *value, uint32_t reply)
{
    uint16_t reader = reads->history->events[reply].process;
    const struct origin *origin = slot_of(reads, value);
    if (origin->value.kind == VALUE_NOTHING || origin->several || origin->process == reader) {
        return;
    }
    uint32_t *known = &reads->known[reader * reads->processes + origin->process];
    if (*known <= origin->event) {
        *known = origin->event + 1;
        json_open(&reads->data->out, NULL, '[');
        json_whole(&reads->data->out, NULL, reply);
        json_whole(&reads->data->out, NULL, origin->event);
        json_close(&reads->data->out);
    }
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

static void note_request(struct reads *reads, uint32_t index, uint8_t server)
{
    const struct history_request *request = &reads->history->events[index].request;
    if (op_has(request->op, OP_TAKES_LOCK)) {
        struct value value = token_value(request->value.token, server);
        note_origin(reads, &value, index);
    } else if (op_rows[request->op]->asks == VALUE_RESULT) {
        struct value value = result_value(request->value.result, server);
        note_origin(reads, &value, index);
    } else if (op_rows[request->op]->asks == VALUE_STATUS) {
        struct value value = status_value(request->id, request->status, server);
        note_origin(reads, &value, index);
    }
}

/* The resource's number: after the one before it. */
static void note_number(struct reads *reads, uint32_t index, uint8_t server)
{
    size_t request = history_asked(reads->history, index);
    struct value value = {.kind = VALUE_NUMBER,
                          .server = server,
                          .whose = reads->disturbed[server],
                          .first = (uint64_t)reads->history->events[index].reply.value.integer - 1};
    note_read(reads, &value, index);
    if (request != HISTORY_NOWHERE) {
        value.first++;
        note_origin(reads, &value, (uint32_t)request);
    }
}

static void note_reply(struct reads *reads, uint32_t index, uint8_t server)
{
    const struct history_reply *reply = &reads->history->events[index].reply;
    if (reply->outcome != STORE_OK) {
        return;
    }
    uint8_t answers = op_rows[reply->op]->answers;
    if (answers == VALUE_TOKEN || answers == VALUE_RECORD) {
        struct value value = token_value(reply->value.token, server);
        note_read(reads, &value, index);
    } else if (answers == VALUE_RESULT) {
        struct value value = result_value(reply->value.result, server);
        note_read(reads, &value, index);
    } else if (answers == VALUE_BALLOT) {
        size_t count = history_ballot(reads->history, index, reads->votes, reads->processes);
        for (size_t i = 0; i < count && i < reads->processes; i++) {
            struct value value = status_value(reads->votes[i].id, reads->votes[i].status, server);
            note_read(reads, &value, index);
        }
    } else if (op_has(reply->op, OP_ON_RESOURCE)) {
        note_number(reads, index, server);
    }
}

/* Which requests were surely not applied, as their answers say, whenever these came. */
static void find_vain(struct reads *reads)
{
    for (size_t i = 0; i < reads->history->count; i++) {
        const struct history_event *event = &reads->history->events[i];
        if (event->kind != HISTORY_REPLY || event->reply.outcome == STORE_UNKNOWN ||
            history_applied(&event->reply)) {
            continue;
        }
        size_t request = history_asked(reads->history, i);
        if (request != HISTORY_NOWHERE) {
            reads->vain[request] = true;
        }
    }
}

static void note_event(struct reads *reads, uint32_t index)
{
    const struct history_event *event = &reads->history->events[index];
    int32_t place = server_of(reads->history, event);
    if (place < 0) {
        return;
    }
    uint8_t server = (uint8_t)place;
    bool of_process = event->process < reads->processes;
    if (of_process && event->kind == HISTORY_REQUEST && !reads->vain[index]) {
        note_request(reads, index, server);
    } else if (of_process && event->kind == HISTORY_REPLY) {
        note_reply(reads, index, server);
    } else if (event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED ||
               event->kind == HISTORY_OUTSIDE || event->kind == HISTORY_EXPIRED) {
        reads->disturbed[server]++;
    }
}

void history_reads(struct data *data, const struct history *history)
{
    struct reads reads = {.data = data,
                          .history = history,
                          .slots = 16,
                          .processes = history->facts.settings.nodes + (size_t)1};
    while (reads.slots < 2 * history->count) {
        reads.slots *= 2;
    }
    reads.origins = calloc(reads.slots, sizeof *reads.origins);
    reads.vain = calloc(history->count + 1, sizeof *reads.vain);
    reads.known = calloc(reads.processes * reads.processes, sizeof *reads.known);
    reads.votes = calloc(reads.processes, sizeof *reads.votes);
    json_open(&data->out, "reads", '[');
    if (reads.origins && reads.vain && reads.known && reads.votes) {
        find_vain(&reads);
        for (uint32_t i = 0; i < history->count; i++) {
            note_event(&reads, i);
        }
    } else {
        data_wrong(data, "history", "memory is out");
    }
    json_close(&data->out);
    free(reads.origins);
    free(reads.vain);
    free(reads.known);
    free(reads.votes);
}
