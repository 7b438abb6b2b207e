/* What the resource accepted. See writes.h. */
#include "sim/checks/writes.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/faults/fault.h"
#include "sim/text/grown.h"
#include "src/protocol.h"

void writes_begin(struct writes *writes, const struct history *history)
{
    const struct settings *settings = &history->facts.settings;
    assert(settings->nodes > 0);
    writes->grant_count = writes->accepted_count = 0;
    writes->unanswered_count = writes->rejected_count = 0;
    writes->shaken_ns = INT64_MIN;
    writes->newest = NO_GRANT;
    writes->nodes = settings->nodes;
    writes->leaders = protocol_has_leaders(settings);
    /* A history may say so of a protocol whose leaders hold no lock; a scenario cannot. */
    writes->fenced = settings->fencing && (!writes->leaders || protocol_holds_on(settings));
    writes->lost = writes->unclear = false;
    writes->counts = (struct work_count){0};
    for (uint32_t id = 0; id <= writes->nodes; id++) {
        writes->writers[id] = (struct writer){.grant = NO_GRANT, .took_event = EVENT_NONE};
    }
}

void writes_forget(struct writes *writes)
{
    assert(writes->grant_count <= writes->grant_room);
    free(writes->grants);
    free(writes->accepted);
    free(writes->unanswered);
    free(writes->rejected);
    writes->grants = NULL;
    writes->accepted = writes->unanswered = writes->rejected = NULL;
    writes->grant_room = writes->accepted_room = 0;
    writes->unanswered_room = writes->rejected_room = 0;
}

/* --- grants ----------------------------------------------------------------------------------- */

/* Of two whose requests overlap: by their epochs, if they are from one count. */
static enum grant_order compare_epochs(const struct writes *writes, const struct grant *one,
                                       const struct grant *other)
{
    int64_t since_ns = one->from_ns < other->from_ns ? one->from_ns : other->from_ns;
    int64_t shaken_ns = one->shaken_ns > other->shaken_ns ? one->shaken_ns : other->shaken_ns;
    assert(one != other);
    if (!writes->fenced || one->epoch == 0 || other->epoch == 0 || one->epoch == other->epoch ||
        shaken_ns >= since_ns) {
        return ORDER_UNKNOWN;
    }
    return one->epoch < other->epoch ? ORDER_OLDER : ORDER_NEWER;
}

enum grant_order writes_compare(const struct writes *writes, uint32_t a, uint32_t b)
{
    assert(a < writes->grant_count && b < writes->grant_count);
    const struct grant *one = &writes->grants[a], *other = &writes->grants[b];
    if (a == b) {
        return ORDER_SAME;
    }
    if (one->process == other->process) {
        return a < b ? ORDER_OLDER : ORDER_NEWER;
    }
    if (one->to_ns <= other->from_ns) {
        return ORDER_OLDER;
    }
    return other->to_ns <= one->from_ns ? ORDER_NEWER : compare_epochs(writes, one, other);
}

/* When what took the lock was applied, as far as is known. */
static void date(struct grant *grant, const struct writer *writer, const struct view *view,
                 const struct history *history)
{
    const struct view_process *process = &view->processes[grant->process];
    uint32_t first = view->before.asks_event;
    bool held = process->claim.in_section;
    grant->from_ns = grant->to_ns = view->now_ns;
    if (held && writer->took_event != EVENT_NONE) {
        grant->from_ns = history->events[writer->took_event].at_ns;
        grant->to_ns = writer->took_ns;
    } else if (held && first != EVENT_NONE) { /* it was never answered, but found its own lock */
        grant->from_ns = history->events[first].at_ns;
    }
    assert(grant->from_ns <= grant->to_ns);
}

static void begin_grant(struct writes *writes, struct writer *writer, const struct view *view,
                        const struct history *history, uint16_t id)
{
    struct grant *grants =
        grown(writes->grants, writes->grant_count, &writes->grant_room, sizeof *grants);
    if (!grants) {
        writes->lost = true;
        return;
    }
    struct grant grant = {.process = id,
                          .shaken_ns = writes->shaken_ns,
                          .begun_event = view->index,
                          .wrote_event = EVENT_NONE};
    date(&grant, writer, view, history);
    writes->grants = grants;
    writer->grant = (uint32_t)writes->grant_count;
    grants[writes->grant_count++] = grant;
    if (writes->newest == NO_GRANT ||
        writes_compare(writes, writer->grant, writes->newest) != ORDER_OLDER) {
        writes->newest = writer->grant;
    }
}

/* As src/work.c does: a leader's grant is its term, a holder's one stay inside. */
static void take_claim(struct writes *writes, const struct view *view,
                       const struct history *history, uint16_t id)
{
    struct writer *writer = &writes->writers[id];
    const struct view_process *process = &view->processes[id];
    const struct claim *claim = &process->claim;
    bool working = process->alive && (writes->leaders ? claim->leads : claim->in_section);
    uint8_t works = !working ? WORKS_NOT : writes->leaders ? WORKS_AS_LEADER : WORKS_AS_HOLDER;
    assert(id <= writes->nodes);
    bool anew = works != writer->works || (works == WORKS_AS_LEADER && claim->term != writer->term);
    writer->works = works;
    writer->term = claim->term;
    if (anew) {
        writer->grant = NO_GRANT;
        if (works != WORKS_NOT) {
            begin_grant(writes, writer, view, history, id);
        }
    }
}

/* --- writes ----------------------------------------------------------------------------------- */

static void take_request(struct writes *writes, const struct history_event *event, uint32_t index)
{
    struct writer *writer = &writes->writers[event->process];
    if (!op_has(event->request.op, OP_ON_RESOURCE)) {
        writer->took_event = EVENT_NONE;
        return;
    }
    struct written *list =
        grown(writes->unanswered, writes->unanswered_count, &writes->unanswered_room, sizeof *list);
    writes->lost = writes->lost || !list;
    writes->unanswered = list ? list : writes->unanswered;
    if (!list || writer->grant == NO_GRANT) { /* a history in which somebody works for nothing */
        return;
    }
    struct grant *grant = &writes->grants[writer->grant];
    grant->epoch = event->request.value.number;
    if (writes_compare(writes, writer->grant, writes->newest) == ORDER_NEWER) {
        writes->newest = writer->grant;
    }
    list[writes->unanswered_count++] = (struct written){.grant = writer->grant,
                                                        .asked = index,
                                                        .answered = EVENT_NONE,
                                                        .newest = NO_GRANT,
                                                        .at_ns = event->at_ns,
                                                        .number = event->request.number};
}

/* The write that an answer is to; NULL: there is none. Most writes are answered soon. */
static struct written *find_asked(struct writes *writes, const struct history_event *event)
{
    for (size_t i = writes->unanswered_count; i-- > 0;) {
        struct written *one = &writes->unanswered[i];
        if (one->number == event->reply.number &&
            writes->grants[one->grant].process == event->process) {
            return one;
        }
    }
    return NULL;
}

/* The places up to this one are there. */
static bool make_places(struct writes *writes, uint64_t count)
{
    while (writes->accepted_count < count) {
        struct written *list =
            grown(writes->accepted, writes->accepted_count, &writes->accepted_room, sizeof *list);
        if (!list) {
            writes->lost = true;
            return false;
        }
        writes->accepted = list;
        list[writes->accepted_count++] = (struct written){
            .grant = NO_GRANT, .asked = EVENT_NONE, .answered = EVENT_NONE, .newest = NO_GRANT};
    }
    return true;
}

/* More than a history can have asked for is no count of a resource of ours. */
static bool is_a_count(const struct history *history, int64_t count)
{
    return count > 0 && (uint64_t)count <= history->count;
}

static void accept(struct writes *writes, const struct history *history,
                   const struct history_event *event, const struct written *asked, uint32_t index)
{
    int64_t count = event->reply.value.integer;
    if (!is_a_count(history, count)) {
        writes->unclear = true;
        return;
    }
    if (make_places(writes, (uint64_t)count)) {
        struct written *place = &writes->accepted[count - 1];
        writes->unclear = writes->unclear || place->grant != NO_GRANT; /* counted twice */
        *place = *asked;
        place->answered = index;
        place->newest = writes->newest;
        place->at_ns = event->at_ns;
    }
}

static void reject(struct writes *writes, const struct written *asked, uint32_t index)
{
    struct written *list =
        grown(writes->rejected, writes->rejected_count, &writes->rejected_room, sizeof *list);
    if (!list) {
        writes->lost = true;
        return;
    }
    writes->rejected = list;
    list[writes->rejected_count] = *asked;
    list[writes->rejected_count++].answered = index;
}

static void take_reply(struct writes *writes, const struct history *history,
                       const struct history_event *event, uint32_t index)
{
    struct writer *writer = &writes->writers[event->process];
    if (!op_has(event->reply.op, OP_ON_RESOURCE)) {
        if (history_applied(&event->reply)) {
            size_t asked = history_asked(history, index);
            writer->took_event = asked == HISTORY_NOWHERE ? EVENT_NONE : (uint32_t)asked;
            writer->took_ns = event->at_ns;
        }
        return;
    }
    struct written *asked = find_asked(writes, event);
    if (!asked) {
        return;
    }
    if (event->reply.outcome == STORE_UNKNOWN) {
        asked->answered = index; /* it stays with those whose answer never came */
        return;
    }
    if (event->reply.outcome == STORE_OK) {
        accept(writes, history, event, asked, index);
    } else if (event->reply.outcome == STORE_NIL) {
        reject(writes, asked, index);
    }
    *asked = writes->unanswered[--writes->unanswered_count];
}

/* Whether a fault, or its end, may change what the Redis keeps: the counter, or the lock that the
 * number is in. */
static bool shakes(const struct history_event *event)
{
    assert(event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED);
    uint8_t effect = fault_rows[event->fault.kind]->lock_effect;
    return event->process == HISTORY_HARNESS && (effect == LOCK_MAY_CHANGE || effect == LOCK_GOES);
}

void writes_event(struct writes *writes, const struct view *view, const struct history *history,
                  const struct history_event *event)
{
    if (event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED) {
        writes->shaken_ns = shakes(event) ? event->at_ns : writes->shaken_ns;
        return;
    }
    assert(event->process <= writes->nodes);
    if (event->kind == HISTORY_REQUEST) {
        take_request(writes, event, view->index);
    } else if (event->kind == HISTORY_REPLY) {
        take_reply(writes, history, event, view->index);
    } else {
        take_claim(writes, view, history, event->process);
    }
}
