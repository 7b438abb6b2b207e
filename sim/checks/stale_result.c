/* stale_result: a result was overwritten by one decided from older statuses.
 *
 *     A  reads ─────────────────────────── publishes ──▶ applied: what B knew is lost
 *     B            reads ── publishes ─ok▶
 *
 * To be a violation, all of this must hold by what requests and replies show:
 * - A asked for its statuses before B asked for its own, and had them before B asked, or was paused
 *   before it took them in. Two reads that truly crossed are of one age.
 * - B's result was applied (answered ok) before A's was. That is so if A's went out after B's
 * answer came. If they crossed, or A's was never answered, nobody can tell, until somebody who asks
 * after B's answer is told A's result.
 * - It does harm: A's names another leader than B's, or goes back to a lower term.
 *
 * The violation lasts from A's answer (or from when A's result was seen) until a result decided
 * from statuses not older than B's is published, or a decision from such names the same leader, or
 * the result is gone from the store, or the history ends. Guilty are both readings (as asked for),
 * both publishings, and what shows that A's came last.
 */
#include <assert.h>
#include <stdlib.h>

#include "sim/checks/view.h"
#include "sim/checks/violation.h"
#include "sim/text/grown.h"
#include "src/protocol.h"

/* A result that went out; events are indices into the history. */
struct publication {
    struct decision decision;
    uint32_t read, read_reply; /* the statuses it was decided from: asked for, arrived */
    uint32_t request;          /* EVENT_NONE: there is none */
    uint32_t applied;          /* what shows that it was applied; EVENT_NONE: nothing yet */
    bool late;                 /* a pause fell between read and read_reply */
};

struct state {
    struct publication newest;   /* of those applied, the one from the newest statuses */
    struct publication *pending; /* those that may still be applied or seen, however many; owned */
    uint32_t pending_count;
    size_t pending_capacity;
    uint32_t published; /* results that went out, 2 for more */
    bool open;          /* a stale result is in the store */
    int32_t stale_id;
    struct violation draft;
};

static void begin(void *state, const struct history *history)
{
    struct state *own = state;
    (void)history;
    own->newest.request = EVENT_NONE;
    own->pending_count = 0;
    own->published = 0;
    own->open = false;
}

static void forget(void *state)
{
    struct state *own = state;
    free(own->pending);
}

/* Room for one more. */
static bool has_room(struct state *own)
{
    assert(own->pending_count <= own->pending_capacity);
    struct publication *pending =
        grown(own->pending, own->pending_count, &own->pending_capacity, sizeof *pending);
    own->pending = pending ? pending : own->pending;
    return pending != NULL;
}

static void drop(struct state *own, struct publication *pending)
{
    assert(own->pending_count > 0 && pending < own->pending + own->pending_count);
    *pending = own->pending[--own->pending_count];
}

static void finish(struct state *own, int64_t at_ns, struct violations *out)
{
    assert(!own->open || own->draft.at_ns <= at_ns);
    if (own->open) {
        own->draft.until_ns = at_ns;
        violations_add(out, &own->draft);
        own->open = false;
    }
}

/* Whether `a` was surely decided from older statuses than `b`, and differs to the worse. */
static bool is_stale(const struct publication *a, const struct publication *b)
{
    if (b->request == EVENT_NONE || a->read == EVENT_NONE || b->read == EVENT_NONE) {
        return false;
    }
    bool older = a->read < b->read && (a->read_reply < b->read || a->late);
    return older &&
           (a->decision.leader != b->decision.leader || a->decision.term < b->decision.term);
}

static void start(struct state *own, const struct publication *stale, const struct view *view,
                  const struct history *history, struct violations *out)
{
    assert(stale->request != EVENT_NONE && own->newest.request != EVENT_NONE);
    const struct publication *newest = &own->newest;
    const struct history_event *events = history->events;
    uint16_t by = events[stale->request].process;
    uint16_t victim = events[newest->request].process;

    finish(own, view->now_ns, out);
    own->open = true;
    own->stale_id = stale->decision.leader;
    own->draft = violation_new(&check_stale_result, view->now_ns);
    struct violation *draft = &own->draft;
    violation_process(draft, by);
    violation_process(draft, victim);
    violation_event(draft, stale->read);
    violation_event(draft, newest->read);
    violation_event(draft, newest->request);
    violation_event(draft, newest->applied);
    violation_event(draft, stale->request);
    violation_event(draft, view->index);
    violation_say(draft, "%s published %s (term %llu) from statuses read at %s",
                  text_process(by).text, text_process(stale->decision.leader).text,
                  (unsigned long long)stale->decision.term,
                  text_seconds(events[stale->read].at_ns).text);
    violation_say(draft, " over %s (term %llu), which %s had published at %s from those of %s",
                  text_process(newest->decision.leader).text,
                  (unsigned long long)newest->decision.term, text_process(victim).text,
                  text_seconds(events[newest->request].at_ns).text,
                  text_seconds(events[newest->read].at_ns).text);
}

/* It is sure that a publication was applied, after the newest one if `after`. */
static void applied(struct state *own, struct publication *publication, bool after,
                    const struct view *view, const struct history *history, struct violations *out)
{
    if (!is_stale(publication, &own->newest)) {
        own->newest = *publication;
        own->newest.applied = view->index;
        drop(own, publication);
        finish(own, view->now_ns, out);
    } else if (after) {
        start(own, publication, view, history, out);
        drop(own, publication);
    }
}

/* A result goes out. */
static void published(struct state *own, const struct view *view, const struct history *history,
                      const struct history_event *event, struct violations *out)
{
    const struct view_process *process = &view->processes[event->process];
    uint32_t reply = process->read_reply_event;
    bool arrived = reply != EVENT_NONE && reply > process->read_event;
    bool paused = process->pause_event != EVENT_NONE && arrived &&
                  process->pause_event > process->read_event && process->pause_event < reply;
    own->published += own->published < 2;
    if (!has_room(own)) {
        out->lost = true;
        return;
    }
    own->pending[own->pending_count++] = (struct publication){
        .decision = history_decision(history, view->index),
        .read = arrived ? process->read_event : EVENT_NONE,
        .read_reply = reply,
        .request = view->index,
        .applied = EVENT_NONE,
        .late = paused,
    };
}

/* The answer to a publishing. */
static void answered(struct state *own, const struct view *view, const struct history *history,
                     const struct history_event *event, struct violations *out)
{
    assert(event->kind == HISTORY_REPLY);
    size_t request = history_asked(history, view->index);
    for (uint32_t i = 0; i < own->pending_count; i++) {
        struct publication *pending = &own->pending[i];
        if (pending->request != request) {
            continue;
        }
        if (history_applied(&event->reply)) {
            bool after = own->newest.request != EVENT_NONE && request > own->newest.applied;
            applied(own, pending, after, view, history, out);
        } else if (event->reply.outcome == STORE_REFUSED) {
            drop(own, pending);
        }
        return;
    }
}

static bool is_same(const struct decision *a, const struct decision *b)
{
    return a->leader == b->leader && a->term == b->term && a->reason == b->reason;
}

/* The publication by which this result came into the store. If several may have done it, one that
 * is not stale: whoever accuses must be sure. NULL: none that we know. */
static struct publication *find_published(struct state *own, const struct decision *decision)
{
    struct publication *found = NULL;
    for (uint32_t i = 0; i < own->pending_count; i++) {
        struct publication *pending = &own->pending[i];
        if (is_same(decision, &pending->decision)) {
            found = pending;
            if (!is_stale(pending, &own->newest)) {
                return found;
            }
        }
    }
    return found;
}

/* Somebody is told the result. */
static void seen(struct state *own, const struct view *view, const struct history *history,
                 const struct history_event *event, struct violations *out)
{
    assert(event->kind == HISTORY_REPLY);
    struct decision told;
    if (!history_tells(event, &told)) {
        return;
    }
    bool known = own->newest.request != EVENT_NONE;
    if (known && event->reply.outcome == STORE_OK && is_same(&told, &own->newest.decision)) {
        return;
    }
    if (known && history_asked(history, view->index) <= own->newest.applied) {
        return; /* it had asked before that */
    }
    if (event->reply.outcome != STORE_OK) {
        own->newest.request = EVENT_NONE;
        finish(own, view->now_ns, out);
        return;
    }
    struct publication *found = find_published(own, &told);
    if (found) {
        applied(own, found, true, view, history, out);
    }
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct state *own = state;
    if (event->kind == HISTORY_REQUEST) {
        published(own, view, history, event, out);
    } else if (event->kind == HISTORY_REPLY) {
        if (event->reply.moment == MOMENT_PUBLISHES) {
            answered(own, view, history, event, out);
        } else {
            seen(own, view, history, event, out);
        }
    } else if (own->open && event->decided.decision.leader == own->stale_id &&
               view->processes[event->process].read_event != EVENT_NONE &&
               view->processes[event->process].read_event >= own->newest.read) {
        finish(own, view->now_ns, out);
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    (void)history;
    assert(end_ns == view->now_ns);
    finish(state, end_ns, out);
}

static bool applies(const struct history_facts *facts, const char **why)
{
    const uint32_t needs = 1u << MOMENT_READS | 1u << MOMENT_PUBLISHES;
    *why = protocol_has_leaders(&facts->settings) ? "nobody reads first and then publishes"
                                                  : "the protocol elects no leader";
    return (protocol_all_moments(&facts->settings) & needs) == needs;
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct state *own = state;
    (void)view;
    (void)history;
    (void)end_ns;
    return own->published > 1 ? check_held()
                              : check_could_not_fire("fewer than two results were published");
}

const struct check_row check_stale_result = {
    .name = "stale_result",
    .promise = "a result was overwritten by one decided from an older read",
    .wants = 1u << HISTORY_REQUEST | 1u << HISTORY_REPLY | 1u << HISTORY_DECIDED,
    .wants_requests = 1u << MOMENT_PUBLISHES,
    .wants_replies = OP_TELLS_LEADER | WANTS_PUBLISHED,
    .state_size = sizeof(struct state),
    .begin = begin,
    .forget = forget,
    .event = event,
    .end = end,
    .applies = applies,
    .verdict = verdict,
};
