/* foreign_release: a release removed the lock of another process. Judged by what was answered: a
 * delete was applied (integer 1), and the lock then surely was another's. That is so in two cases.
 *
 * The other surely had it: its acquiring had been answered before the delete went out, its TTL,
 * counted from its going out, had not run out when the answer came, and it had not itself begun to
 * release.
 *
 * Or it surely was not one's own, whatever clocks and TTLs say. A plain delete asks not whose it
 * is, and another had asked for the lock and got it since one got it oneself:
 *
 *     P  gets the lock ──────────────────────────────────────── deletes ─▶ 1: not P's
 *     Q                    asks ──▶ gets the lock: P's is gone
 *
 * A compare-and-delete with a token of one's own can do neither (unless a store compares wrongly);
 * a plain delete can.
 *
 * What cannot be known is undecided: a plain delete was applied after a fault that may have brought
 * back a lock from before, or that shifted the Redis's clock, and neither case is sure.
 *
 * The interval is the delete's, from request to reply. Guilty are the answer that gave the other
 * the lock, the delete, and its answer.
 */
#include "sim/checks/violation.h"

#include "sim/faults/fault.h"
#include "src/lock/lock.h"
#include "src/units.h"
#include <assert.h>

/* The last who got the lock, while it surely has it. */
struct holder {
    int32_t process; /* NOBODY: it may be free */
    bool shaken;     /* something was done to the server or to a key */
    int32_t adrift;  /* faults in force on the server's clock: no TTL is sure */
    struct token token;
    uint32_t reply_event; /* by which it knew */
    int64_t until_ns;     /* the lock's TTL lasts at least until then */
};

/* The last who was told that it got the lock, whatever became of that since. */
struct acquirer {
    int32_t process;                   /* NOBODY: nobody yet */
    uint32_t asked_event, reply_event; /* EVENT_NONE: none */
};

/* The lock's key on one server. Each is a lock by itself: what is released there was got there. */
struct key {
    struct holder holder;
    struct acquirer last;
    uint32_t changed_event; /* the last fault by which a lock from before may be back */
    const char *doubt;      /* why it is not known whose the lock is; NULL: it is, or nobody's */
};

/* A process and the lock on one server. */
struct releaser {
    uint32_t got_event;     /* when it was last told that it got the lock */
    struct acquirer before; /* the last acquirer when its plain delete went out */
};

struct state {
    struct key keys[SERVERS_MAX];
    const char *undecided; /* a doubt when a plain delete was applied; NULL: no such thing */
    bool released;         /* some lock was removed by a release */
    struct of_process {
        struct releaser at[SERVERS_MAX];
    } processes[]; /* [0 … nodes] */
};

static void begin(void *state, const struct history *history)
{
    struct state *own = state;
    const struct settings *settings = &history->facts.settings;
    assert(settings->servers >= 1 && settings->servers <= SERVERS_MAX);
    own->undecided = NULL;
    own->released = false;
    for (uint8_t server = 0; server < settings->servers; server++) {
        own->keys[server] = (struct key){.holder = {.process = NOBODY},
                                         .last = {NOBODY, EVENT_NONE, EVENT_NONE},
                                         .changed_event = EVENT_NONE};
        for (uint32_t id = 0; id <= settings->nodes; id++) {
            own->processes[id].at[server].got_event = EVENT_NONE;
        }
    }
}

static int64_t lasts_until(const struct history_event *asked)
{
    assert(asked->kind == HISTORY_REQUEST);
    const struct history_request *request = &asked->request;
    bool endless = request->ttl_ms == 0 && op_has(request->op, OP_TAKES_LOCK);
    return endless ? INT64_MAX : asked->at_ns + op_ttl_ms(request->op, request->ttl_ms) * NS_PER_MS;
}

/* `asked` was the request that set the lock: the process holds it, unless the news come too late.
 */
static void got_it(struct state *own, const struct view *view, const struct history *history,
                   uint16_t process, uint32_t asked)
{
    assert(asked < view->index && history->events[asked].process == process);
    const struct history_event *request = &history->events[asked];
    struct key *key = &own->keys[request->server];
    struct holder *holder = &key->holder;
    key->last = (struct acquirer){process, asked, view->index};
    own->processes[process].at[request->server].got_event = view->index;
    int64_t until_ns = lasts_until(request);
    if (until_ns > view->now_ns && holder->adrift == 0) {
        holder->process = process;
        holder->token = request->request.value.token;
        holder->reply_event = view->index;
        holder->until_ns = until_ns;
        key->doubt = NULL;
    }
}

/* A doubtful process looked, and the lock bears its own token: it is as old as the first request
 * that may have set it. Being cautious, we take the lock to end as that one would. So does one that
 * takes it and may find its own. */
static void looked(struct state *own, const struct view *view, const struct history *history,
                   const struct history_event *event, size_t asked)
{
    const struct view_process *process = &view->processes[event->process];
    const struct history_event *look = &history->events[asked];
    if (event->reply.outcome == STORE_OK && process->asks_event != EVENT_NONE &&
        token_equal(event->reply.value.token, look->request.value.token)) {
        got_it(own, view, history, event->process, process->asks_event);
    }
}

static bool is_releasing(const struct holder *holder, const struct view *view,
                         const struct history *history)
{
    assert(holder->process != NOBODY);
    const struct view_process *process = &view->processes[holder->process];
    const struct history_event *last = &history->events[process->request_event];
    return process->request_event > holder->reply_event &&
           op_has(last->request.op, OP_REMOVES_LOCK) && last->request.key == KEY_LOCK;
}

static void dated(struct holder *holder, uint16_t process, int64_t until_ns)
{
    if (holder->process == process || until_ns < holder->until_ns) {
        holder->until_ns = until_ns;
    }
}

/* The delete at `request` removed what `other` had got by the event `got`. */
static struct violation accuse(const struct history *history, uint32_t got,
                               const struct history_event *request,
                               const struct history_event *reply)
{
    assert(request->kind == HISTORY_REQUEST && reply->kind == HISTORY_REPLY);
    struct violation found = violation_new(&check_foreign_release, request->at_ns);
    found.until_ns = reply->at_ns;
    found.sure_ns = reply->at_ns;
    violation_process(&found, reply->process);
    violation_process(&found, history->events[got].process);
    violation_event(&found, got);
    violation_event(&found, (uint32_t)(request - history->events));
    violation_event(&found, (uint32_t)(reply - history->events));
    violation_say(&found, "%s released the lock at %s, and what it removed was ",
                  text_process(reply->process).text, text_seconds(request->at_ns).text);
    return found;
}

static void report(const struct holder *holder, const struct history *history,
                   const struct history_event *request, const struct history_event *reply,
                   struct violations *out)
{
    assert(holder->process != NOBODY && holder->reply_event != EVENT_NONE);
    struct violation found = accuse(history, holder->reply_event, request, reply);
    violation_say(&found, "%s's, who had held it since %s", text_process(holder->process).text,
                  text_seconds(history->events[holder->reply_event].at_ns).text);
    violations_add(out, &found);
}

/* What a plain delete at `asked` removed, and whose it was is not sure. */
static void removed_plainly(struct state *own, const struct view *view,
                            const struct history *history, uint32_t asked,
                            const struct history_event *reply, struct violations *out)
{
    const struct key *key = &own->keys[reply->server];
    const struct acquirer *last = &own->processes[reply->process].at[reply->server].before;
    uint32_t got = own->processes[reply->process].at[reply->server].got_event;
    uint32_t last_asked = view->processes[reply->process].asked_event;
    bool back = key->changed_event != EVENT_NONE && (got == EVENT_NONE || got < key->changed_event);
    bool anothers = last->process != reply->process && got != EVENT_NONE && last_asked < got &&
                    last->process != NOBODY && last->asked_event > got;
    if (anothers && !back) {
        struct violation found = accuse(history, last->reply_event, &history->events[asked], reply);
        violation_say(&found, "not its own, which was gone when %s got the lock at %s",
                      text_process(last->process).text,
                      text_seconds(history->events[last->reply_event].at_ns).text);
        violations_add(out, &found);
    } else if (key->doubt && (back || last->process != reply->process)) {
        own->undecided = key->doubt;
    }
}

static void deleted(struct state *own, const struct view *view, const struct history *history,
                    const struct history_event *reply, uint32_t asked, struct violations *out)
{
    assert(view->processes[reply->process].request_event < view->index);
    struct holder *holder = &own->keys[reply->server].holder;
    const struct history_event *request = &history->events[asked];
    bool plain = op_has(request->request.op, OP_REMOVES_ANY_LOCK);
    bool applied = history_applied(&reply->reply);
    own->released = own->released || applied;
    if (holder->process == reply->process &&
        (plain || token_equal(holder->token, request->request.value.token))) {
        holder->process = NOBODY; /* gone, or not surely there */
        return;
    }
    if (!applied) {
        return;
    }
    if (holder->process != NOBODY && holder->process != reply->process &&
        asked > holder->reply_event && view->now_ns < holder->until_ns &&
        !is_releasing(holder, view, history)) {
        report(holder, history, request, reply, out);
        holder->process = NOBODY;
    } else if (plain) {
        removed_plainly(own, view, history, asked, reply, out);
    }
}

/* Something was done to the server or to a key, or undone. */
static void shake(struct key *key, const struct view *view, const struct history_event *event)
{
    assert(event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED);
    struct holder *holder = &key->holder;
    enum lock_effect effect = (enum lock_effect)fault_rows[event->fault.kind]->lock_effect;
    if (effect == LOCK_SPARED) {
        return;
    }
    holder->process = NOBODY;
    holder->shaken = true;
    if (effect == LOCK_TTL_SHIFTS) {
        holder->adrift += event->kind == HISTORY_FAULT ? 1 : -1;
        key->doubt = "the Redis's clock was shifted, and then a release removed a lock of which it "
                     "cannot be told whose it was";
    } else if (effect == LOCK_MAY_CHANGE) {
        key->changed_event = view->index;
        key->doubt = "a fault on the Redis may have taken the lock away or brought an older one "
                     "back, and then a release removed one of which it cannot be told whose it was";
    }
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
    struct state *own = state;
    if (event->server >= view->facts->settings.servers) {
        return; /* a fault on a process alone */
    }
    struct key *key = &own->keys[event->server];
    struct holder *holder = &key->holder;
    if (event->kind == HISTORY_REQUEST) { /* its answer may come after those of others */
        own->processes[event->process].at[event->server].before = key->last;
        return;
    }
    if (event->kind != HISTORY_REPLY) { /* a fault, its end, or an expiry */
        bool of_server = event->kind != HISTORY_EXPIRED && event->process == HISTORY_HARNESS;
        if (of_server) {
            shake(key, view, event);
        } else if (view->gone_event == view->index && !is_old_news(holder, view, event)) {
            holder->process = NOBODY;
        }
        return;
    }
    size_t place = history_asked(history, view->index);
    if (place == HISTORY_NOWHERE || history->events[place].request.key != KEY_LOCK) {
        return;
    }
    uint32_t asked = (uint32_t)place;
    bool applied = history_applied(&event->reply);
    uint32_t traits = op_rows[event->reply.op]->traits;
    if (traits & OP_TAKES_LOCK && applied) {
        uint32_t first = view->processes[event->process].asks_event;
        bool may_be_older = traits & OP_LOOKS_AT_LOCK && first != EVENT_NONE;
        got_it(own, view, history, event->process, may_be_older ? first : asked);
    } else if (traits & OP_DATES_OWN_LOCK && applied && holder->process == event->process) {
        holder->until_ns = lasts_until(&history->events[asked]);
    } else if (traits & OP_DATES_ANY_LOCK && applied) {
        /* it may have set the TTL of whoever holds the lock now */
        dated(holder, event->process, lasts_until(&history->events[asked]));
    } else if (traits & OP_LOOKS_AT_LOCK && !(traits & OP_TAKES_LOCK)) {
        looked(own, view, history, event, asked);
    } else if (traits & OP_REMOVES_LOCK) {
        deleted(own, view, history, event, asked, out);
    }
}

static bool applies(const struct history_facts *facts, const char **why)
{
    *why = "there is no lock";
    return lock_is_in_store(&facts->settings);
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct state *own = state;
    (void)view;
    (void)history;
    (void)end_ns;
    if (own->undecided) {
        return check_is_undecided(own->undecided);
    }
    return own->released ? check_held() : check_could_not_fire("no release removed a lock");
}

const struct check_row check_foreign_release = {
    .name = "foreign_release",
    .promise = "a release removed another holder's lock",
    .wants = 1u << HISTORY_REQUEST | 1u << HISTORY_REPLY | 1u << HISTORY_EXPIRED |
             1u << HISTORY_FAULT | 1u << HISTORY_HEALED,
    .wants_requests = 1u << MOMENT_RELEASES_LOCK,
    .wants_replies = OP_ON_LOCK,
    .on_lock_traffic = true,
    .state_size = sizeof(struct state),
    .state_per_process = sizeof(struct of_process),
    .begin = begin,
    .event = event,
    .applies = applies,
    .verdict = verdict,
};
