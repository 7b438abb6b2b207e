/* foreign_release: a release removed the lock of another process. Judged by what was answered: a
 * delete was applied (integer 1) although the lock then surely was another's. Surely means that the
 * other's acquiring had been answered before the delete went out, that its TTL, counted from its
 * going out, had not run out when the answer came, and that it had not itself begun to release.
 *
 * A compare-and-delete with a token of one's own cannot do that; a plain delete can (it is one's
 * own if the last who got the lock does it), and so can a store that compares wrongly.
 *
 * The interval is the delete's, from request to reply. Guilty are the answer that gave the other
 * the lock, the delete, and its answer.
 */
#include <string.h>

#include "sim/checks/violation.h"
#include "sim/faults/fault.h"

/* The last who got the lock. */
struct holder {
    int32_t process; /* NOBODY: it may be free */
    bool shaken;     /* something was done to the server or to a key */
    int32_t adrift;  /* faults in force on the server's clock: no TTL is sure */
    struct token token;
    uint32_t reply_event; /* by which it knew */
    int64_t until_ns;     /* the lock's TTL lasts at least until then */
};

static void begin(void *state, const struct history *history)
{
    struct holder *holder = state;
    (void)history;
    memset(holder, 0, sizeof *holder);
    holder->process = NOBODY;
}

static int64_t lasts_until(const struct history_event *asked)
{
    uint32_t ttl_ms = asked->request.ttl_ms;
    return ttl_ms ? asked->at_ns + (int64_t)ttl_ms * 1000000 : INT64_MAX;
}

/* `asked` was the request that set the lock: the process holds it, unless the news come too late.
 */
static void got_it(struct holder *holder, const struct view *view, const struct history *history,
                   uint16_t process, uint32_t asked)
{
    const struct history_event *request = &history->events[asked];
    int64_t until_ns = lasts_until(request);
    if (until_ns > view->now_ns && holder->adrift == 0) {
        holder->process = process;
        holder->token = request->request.value.token;
        holder->reply_event = view->index;
        holder->until_ns = until_ns;
    }
}

/* A doubtful process looked, and the lock bears its own token: it is as old as the first request
 * that may have set it. Being cautious, we take the lock to end as that one would. */
static void looked(struct holder *holder, const struct view *view, const struct history *history,
                   const struct history_event *event)
{
    const struct view_process *process = &view->processes[event->process];
    const struct history_event *look = &history->events[process->request_event];
    if (event->reply.outcome == STORE_OK && process->asks_event != EVENT_NONE &&
        token_equal(event->reply.value.token, look->request.value.token)) {
        got_it(holder, view, history, event->process, process->asks_event);
    }
}

static bool is_deletion(uint8_t op)
{
    return op == STORE_DELETE_IF_EQUAL || op == STORE_DELETE;
}

static bool is_releasing(const struct holder *holder, const struct view *view,
                         const struct history *history)
{
    const struct view_process *process = &view->processes[holder->process];
    const struct history_event *last = &history->events[process->request_event];
    return process->request_event > holder->reply_event && is_deletion(last->request.op) &&
           last->request.key == KEY_LOCK;
}

static void dated(struct holder *holder, uint16_t process, int64_t until_ns)
{
    if (holder->process == process || until_ns < holder->until_ns) {
        holder->until_ns = until_ns;
    }
}

static void report(const struct holder *holder, const struct history *history,
                   const struct history_event *request, const struct history_event *reply,
                   struct violations *out)
{
    struct violation found = violation_new(&check_foreign_release, request->at_ns);
    found.until_ns = reply->at_ns;
    found.sure_ns = reply->at_ns;
    violation_process(&found, reply->process);
    violation_process(&found, (uint16_t)holder->process);
    violation_event(&found, holder->reply_event);
    violation_event(&found, (uint32_t)(request - history->events));
    violation_event(&found, (uint32_t)(reply - history->events));
    violation_say(&found,
                  "%s released the lock at %s, and what it removed was %s's, who had held it since "
                  "%s",
                  text_process(reply->process).text, text_seconds(request->at_ns).text,
                  text_process(holder->process).text,
                  text_seconds(history->events[holder->reply_event].at_ns).text);
    violations_add(out, &found);
}

static void deleted(struct holder *holder, const struct view *view, const struct history *history,
                    const struct history_event *reply, struct violations *out)
{
    uint32_t asked = view->processes[reply->process].request_event;
    const struct history_event *request = &history->events[asked];
    if (holder->process == NOBODY) {
        return;
    }
    bool own = holder->process == reply->process &&
               (request->request.op == STORE_DELETE ||
                token_equal(holder->token, request->request.value.token));
    if (own) {
        holder->process = NOBODY; /* gone, or not surely there */
        return;
    }
    bool applied = reply->reply.outcome == STORE_OK && reply->reply.value.integer == 1;
    if (applied && holder->process != reply->process && asked > holder->reply_event &&
        view->now_ns < holder->until_ns && !is_releasing(holder, view, history)) {
        report(holder, history, request, reply, out);
        holder->process = NOBODY;
    }
}

/* Something was done to the server or to a key, or undone: the lock may be gone, or another's from
 * before may be back. */
static void shake(struct holder *holder, const struct history_event *event)
{
    const struct fault_row *row = fault_rows[event->fault.kind];
    bool of_clock = row == &fault_jump || row == &fault_drift;
    holder->process = NOBODY;
    holder->shaken = true;
    holder->adrift += of_clock ? (event->kind == HISTORY_FAULT ? 1 : -1) : 0;
}

/* A store may find out that a lock has run out when the next one is asked for, and the news of it
 * come after those of the next one, which cannot have run out so soon. */
static bool is_old_news(const struct holder *holder, const struct view *view,
                        const struct history_event *event)
{
    return event->kind == HISTORY_EXPIRED && !event->why && !holder->shaken &&
           view->now_ns < holder->until_ns;
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct holder *holder = state;
    if (event->kind != HISTORY_REPLY) { /* a fault, its end, or an expiry */
        bool of_server = event->kind != HISTORY_EXPIRED && event->process == HISTORY_HARNESS;
        if (of_server) {
            shake(holder, event);
        } else if (view->gone_event == view->index && !is_old_news(holder, view, event)) {
            holder->process = NOBODY;
        }
        return;
    }
    uint32_t asked = view->processes[event->process].request_event;
    if (asked == EVENT_NONE || history->events[asked].request.op != event->reply.op ||
        history->events[asked].request.key != KEY_LOCK) {
        return;
    }
    bool good = event->reply.outcome == STORE_OK;
    switch ((enum store_op)event->reply.op) {
    case STORE_PUT_IF_ABSENT:
        if (good) {
            got_it(holder, view, history, event->process, asked);
        }
        break;
    case STORE_EXTEND_IF_EQUAL:
        if (good && event->reply.value.integer == 1 && holder->process == event->process) {
            holder->until_ns = lasts_until(&history->events[asked]);
        }
        break;
    case STORE_EXPIRE: /* by anybody: it may have set the TTL of whoever holds the lock now */
        if (good && event->reply.value.integer == 1) {
            dated(holder, event->process, lasts_until(&history->events[asked]));
        }
        break;
    case STORE_GET_TOKEN:
        looked(holder, view, history, event);
        break;
    case STORE_DELETE_IF_EQUAL:
    case STORE_DELETE:
        deleted(holder, view, history, event, out);
        break;
    default:
        break;
    }
}

const struct check_row check_foreign_release = {
    .name = "foreign_release",
    .promise = "a release removed another holder's lock",
    .wants =
        1u << HISTORY_REPLY | 1u << HISTORY_EXPIRED | 1u << HISTORY_FAULT | 1u << HISTORY_HEALED,
    .wants_replies = 1u << STORE_PUT_IF_ABSENT | 1u << STORE_DELETE_IF_EQUAL |
                     1u << STORE_EXTEND_IF_EQUAL | 1u << STORE_GET_TOKEN | 1u << STORE_EXPIRE |
                     1u << STORE_DELETE,
    .state_size = sizeof(struct holder),
    .begin = begin,
    .event = event,
};
