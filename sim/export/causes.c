/* What answers prove. See causes.h. */
#include "sim/export/causes.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/ops/values.h"
#include "sim/text/grown.h"

#define NOBODY_YET UINT32_MAX

/* A value that was asked to be written on a server. */
struct written {
    uint8_t server, kind; /* enum value_kind */
    bool by_several;      /* processes: nobody knows whose it is */
    uint16_t process;
    uint32_t request; /* the earliest of its requests */
    union {
        struct token token;
        struct result result;
    } value;
};

struct search {
    const struct history *history;
    struct causes *causes;
    struct written *written;
    size_t written_count, written_capacity;
    /* The earliest request that reports a status: [server][id][status]; NOBODY_YET. */
    uint32_t *reported;
    struct vote *votes; /* room for a ballot */
    size_t members;
    bool failed; /* memory is out */
};

static bool same_value(const struct written *a, const struct written *b)
{
    if (a->server != b->server || a->kind != b->kind) {
        return false;
    }
    return a->kind == VALUE_TOKEN ? token_equal(a->value.token, b->value.token)
                                  : a->value.result.id == b->value.result.id &&
                                        a->value.result.rule == b->value.result.rule &&
                                        a->value.result.term == b->value.result.term;
}

/* What was written last is looked for most. */
static struct written *find_written(struct search *search, const struct written *value)
{
    for (size_t i = search->written_count; i-- > 0;) {
        if (same_value(&search->written[i], value)) {
            return &search->written[i];
        }
    }
    return NULL;
}

static void note_written(struct search *search, struct written value)
{
    struct written *known = find_written(search, &value);
    if (known) {
        known->by_several = known->by_several || known->process != value.process;
        return;
    }
    struct written *list = grown(search->written, search->written_count, &search->written_capacity,
                                 sizeof *search->written);
    if (!list) {
        search->failed = true;
        return;
    }
    search->written = list;
    search->written[search->written_count++] = value;
}

static uint32_t *reported(struct search *search, uint8_t server, uint16_t id, uint16_t status)
{
    assert(id < search->members && status < STATUSES);
    return &search->reported[((size_t)server * search->members + id) * STATUSES + status];
}

static void take_request(struct search *search, uint32_t index)
{
    const struct history_event *event = &search->history->events[index];
    const struct history_request *request = &event->request;
    struct written value = {.server = event->server, .process = event->process, .request = index};
    if (op_has(request->op, OP_TAKES_LOCK)) {
        value.kind = VALUE_TOKEN;
        value.value.token = request->value.token;
        note_written(search, value);
    } else if (op_rows[request->op]->asks == VALUE_RESULT) {
        value.kind = VALUE_RESULT;
        value.value.result = request->value.result;
        note_written(search, value);
    } else if (op_rows[request->op]->asks == VALUE_STATUS && request->id < search->members) {
        uint32_t *first = reported(search, event->server, request->id, request->status);
        *first = *first == NOBODY_YET ? index : *first;
    }
}

static void add_cause(struct search *search, uint32_t request, uint32_t answer)
{
    const struct history_event *events = search->history->events;
    struct causes *causes = search->causes;
    if (events[request].process == events[answer].process) {
        return;
    }
    struct cause *list = grown(causes->list, causes->count, &causes->capacity, sizeof *list);
    if (!list) {
        search->failed = true;
        return;
    }
    causes->list = list;
    causes->list[causes->count++] = (struct cause){.request = request, .answer = answer};
}

static void take_ballot(struct search *search, uint32_t index)
{
    const struct history_event *event = &search->history->events[index];
    size_t count = history_ballot(search->history, index, search->votes, search->members);
    for (size_t i = 0; i < count && i < search->members; i++) {
        const struct vote *vote = &search->votes[i];
        if (vote->id < search->members && vote->status < STATUSES) {
            uint32_t first = *reported(search, event->server, vote->id, vote->status);
            if (first != NOBODY_YET) {
                add_cause(search, first, index);
            }
        }
    }
}

static void take_reply(struct search *search, uint32_t index)
{
    const struct history_event *event = &search->history->events[index];
    const struct history_reply *reply = &event->reply;
    struct written value = {.server = event->server};
    if (reply->outcome != STORE_OK) {
        return;
    }
    switch (op_rows[reply->op]->answers) {
    case VALUE_BALLOT:
        take_ballot(search, index);
        return;
    case VALUE_TOKEN:
        value.kind = VALUE_TOKEN;
        value.value.token = reply->value.token;
        break;
    case VALUE_RECORD:
        value.kind = VALUE_TOKEN;
        value.value.token = reply->value.record.token;
        break;
    case VALUE_RESULT:
        value.kind = VALUE_RESULT;
        value.value.result = reply->value.result;
        break;
    default:
        return;
    }
    const struct written *known = find_written(search, &value);
    if (known && !known->by_several) {
        add_cause(search, known->request, index);
    }
}

bool causes_find(struct causes *causes, const struct history *history)
{
    struct search search = {.history = history, .causes = causes};
    size_t servers = settings_all_servers(&history->facts.settings);
    assert(history->count < UINT32_MAX);
    *causes = (struct causes){0};
    search.members = (size_t)history->facts.settings.nodes + 1;
    size_t reports = servers * search.members * STATUSES;
    search.reported = malloc(reports * sizeof *search.reported);
    search.votes = calloc(search.members, sizeof *search.votes);
    search.failed = !search.reported || !search.votes;
    for (size_t i = 0; i < reports && !search.failed; i++) {
        search.reported[i] = NOBODY_YET;
    }
    for (uint32_t i = 0; i < history->count && !search.failed; i++) {
        if (history->events[i].kind == HISTORY_REQUEST) {
            take_request(&search, i);
        } else if (history->events[i].kind == HISTORY_REPLY) {
            take_reply(&search, i);
        }
    }
    free(search.reported);
    free(search.votes);
    free(search.written);
    if (search.failed) {
        causes_free(causes);
    }
    return !search.failed;
}

void causes_free(struct causes *causes)
{
    free(causes->list);
    *causes = (struct causes){0};
}

bool causes_reached(const struct history_reply *reply)
{
    assert(reply->outcome <= STORE_UNREADABLE);
    return reply->outcome != STORE_REFUSED && reply->outcome != STORE_UNKNOWN;
}
