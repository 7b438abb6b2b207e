/* idle_leader: a leader that cannot reach the store stays leader beyond its lease, by its claims
 * and by the answers that it had.
 *
 * A lease is renewed by a request that takes or extends the lock and is answered so, or by a look
 * that finds one's own lock there after the answer was lost. It counts from the sending of that
 * request, of several the first, for the lock's time to live: then the store may give the lock to
 * another. Of several servers a majority must have answered: the lease counts from the earliest
 * of the latest renewals on as many as that. Whoever claims to lead after that time breaks the
 * promise, whether another leads or not (that is two_leaders' matter).
 *
 * One violation is one stretch: from the end of the lease until it leads no more (it steps down,
 * dies, or its own time is over), until a renewal is answered, or until the end. Guilty are the
 * last renewal that was answered and what ended the stretch.
 */
#include <assert.h>

#include "sim/checks/cause.h"
#include "src/owners.h"
#include "src/protocol.h"

struct leader {
    int64_t held_ns[SERVERS_MAX]; /* by server: when its last renewal that was answered was sent;
                                   * NEVER_HELD: there was none in this life */
    uint32_t held_event;          /* the last of them; EVENT_NONE */
    uint32_t asked_event; /* the first request for the lock with its present token that may have
                           * taken it */
    uint32_t tries;       /* renewals since, in vain */
};
#define NEVER_HELD INT64_MIN

struct state {
    int64_t ttl_ns;
    bool led, tested; /* somebody led; and some leader was kept from renewing */
    struct leader leaders[];
};

static void forget_all(struct leader *leader)
{
    for (unsigned server = 0; server < SERVERS_MAX; server++) {
        leader->held_ns[server] = NEVER_HELD;
    }
    leader->held_event = leader->asked_event = EVENT_NONE;
    leader->tries = 0;
}

static int64_t ttl_ns(const struct settings *settings)
{
    return settings_value(settings, OWNER_LOCK, "ttl", 0);
}

static void begin(void *state, const struct history *history)
{
    struct state *own = state;
    own->ttl_ns = ttl_ns(&history->facts.settings);
    own->led = own->tested = false;
    for (uint32_t id = 0; id <= history->facts.settings.nodes; id++) {
        forget_all(&own->leaders[id]);
    }
}

/* Since when its lease counts; NEVER_HELD: it has none. */
static int64_t held_since(const struct leader *leader, uint8_t servers)
{
    int64_t since_ns = NEVER_HELD;
    assert(servers > 0 && servers <= SERVERS_MAX);
    for (unsigned one = 0; one < servers; one++) {
        unsigned not_before = 0;
        for (unsigned other = 0; other < servers; other++) {
            not_before += leader->held_ns[other] >= leader->held_ns[one];
        }
        if (2 * not_before > servers && leader->held_ns[one] > since_ns) {
            since_ns = leader->held_ns[one];
        }
    }
    return since_ns;
}

static void report(const struct state *own, const struct view *view, const struct history *history,
                   uint16_t id, int64_t since_ns, int64_t until_ns, struct violations *out)
{
    const struct leader *leader = &own->leaders[id];
    assert(since_ns < until_ns && leader->held_event != EVENT_NONE);
    struct violation found = violation_new(&check_idle_leader, since_ns);
    found.until_ns = until_ns;
    violation_process(&found, id);
    violation_event(&found, leader->held_event);
    violation_event(&found, view->index);
    violation_say(&found,
                  "%s stayed leader for %s beyond its lease, which was over at %s, %s after the "
                  "last renewal that was answered was sent; after that ",
                  text_process(id).text, text_ms(until_ns - since_ns).text,
                  text_seconds(since_ns).text, text_ms(own->ttl_ns).text);
    if (leader->tries == 0) {
        violation_say(&found, "it sent no other");
    } else {
        violation_say(&found, "it sent %s in vain", text_count(leader->tries).text);
    }
    cause_say_faults(&found, history, leader->held_event, view->index, id);
    violations_add(out, &found);
}

/* It claimed to lead until then at most, and what comes now ends that, or renews its lease. */
static void look_back(const struct state *own, const struct view *view,
                      const struct history *history, uint16_t id, int64_t claimed_until_ns,
                      struct violations *out)
{
    const struct leader *leader = &own->leaders[id];
    int64_t since_ns = held_since(leader, view->facts->settings.servers);
    if (since_ns == NEVER_HELD) {
        return; /* it leads by another's word, not by a lease */
    }
    int64_t over_ns = since_ns + own->ttl_ns;
    int64_t until_ns = claimed_until_ns < view->now_ns ? claimed_until_ns : view->now_ns;
    assert(until_ns <= view->now_ns);
    if (over_ns < until_ns) {
        report(own, view, history, id, over_ns, until_ns, out);
    }
}

/* The lock on a server is its own, by a request. */
static void hold(struct leader *leader, const struct history *history, uint8_t server,
                 uint32_t asked)
{
    assert(asked < history->count && server < SERVERS_MAX);
    leader->held_ns[server] = history->events[asked].at_ns;
    leader->held_event = asked;
    leader->tries = 0;
}

static void take_reply(struct state *own, const struct view *view, const struct history *history,
                       const struct history_event *event, struct violations *out)
{
    const struct view_process *process = &view->processes[event->process];
    struct leader *leader = &own->leaders[event->process];
    bool leads = process->alive && process->claim.leads;
    if (!history_applied(&event->reply)) {
        own->tested = own->tested || leads;
        if (event->reply.outcome != STORE_UNKNOWN && leader->asked_event != EVENT_NONE &&
            history->events[leader->asked_event].request.number == event->reply.number) {
            leader->asked_event = EVENT_NONE; /* that one surely took nothing */
        }
        return;
    }
    size_t asked = history_asked(history, view->index);
    if (asked == HISTORY_NOWHERE) {
        return;
    }
    if (leads) {
        look_back(own, view, history, event->process, process->claim.until_ns, out);
    }
    hold(leader, history, event->server, (uint32_t)asked);
}

/* It has looked whose the lock is: perhaps the one that it has asked for. */
static void take_look(struct state *own, const struct history *history,
                      const struct history_event *event)
{
    struct leader *leader = &own->leaders[event->process];
    if (event->reply.outcome != STORE_OK || leader->asked_event == EVENT_NONE) {
        return;
    }
    const struct history_event *asked = &history->events[leader->asked_event];
    assert(asked->kind == HISTORY_REQUEST && asked->process == event->process);
    if (token_equal(asked->request.value.token, event->reply.value.token) &&
        asked->at_ns > leader->held_ns[event->server]) {
        hold(leader, history, event->server, leader->asked_event);
    }
}

static void take_request(struct state *own, const struct view *view, const struct history *history,
                         const struct history_event *event)
{
    struct leader *leader = &own->leaders[event->process];
    leader->tries++;
    bool again = leader->asked_event != EVENT_NONE &&
                 token_equal(history->events[leader->asked_event].request.value.token,
                             event->request.value.token);
    if (event->request.moment == MOMENT_ASKS_LOCK && !again) {
        leader->asked_event = view->index;
    }
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct state *own = state;
    const struct view_process *process = &view->processes[event->process];
    struct leader *leader = &own->leaders[event->process];
    assert(event->process <= view->facts->settings.nodes);
    switch ((enum history_kind)event->kind) {
    case HISTORY_REQUEST:
        take_request(own, view, history, event);
        break;
    case HISTORY_REPLY:
        if (op_has(event->reply.op, OP_LOOKS_AT_LOCK)) {
            take_look(own, history, event);
        } else {
            take_reply(own, view, history, event, out);
        }
        break;
    case HISTORY_PAUSED:
        own->tested = own->tested || process->claim.leads;
        break;
    case HISTORY_CLAIM:
    case HISTORY_DIED:
        own->led = own->led || process->claim.leads;
        if (view->before.claim.leads && !(process->alive && process->claim.leads)) {
            look_back(own, view, history, event->process, view->before.claim.until_ns, out);
        }
        break;
    case HISTORY_BORN:
        forget_all(leader);
        break;
    default:
        break;
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    const struct state *own = state;
    assert(end_ns >= view->now_ns || view->facts->settings.nodes > 0);
    for (uint32_t id = 0; id <= view->facts->settings.nodes; id++) {
        const struct view_process *process = &view->processes[id];
        if (process->alive && process->claim.leads) {
            look_back(own, view, history, (uint16_t)id, process->claim.until_ns, out);
        }
    }
}

static bool applies(const struct history_facts *facts, const char **why)
{
    const struct settings *settings = &facts->settings;
    *why = "nobody leads by a lock that lasts for a time";
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->holds_on && ttl_ns(settings) > 0;
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct state *own = state;
    (void)view;
    (void)history;
    (void)end_ns;
    assert(own->ttl_ns > 0);
    return !own->led      ? check_could_not_fire("nobody ever acted as leader")
           : !own->tested ? check_could_not_fire("no leader was kept from renewing")
                          : check_held();
}

const struct check_row check_idle_leader = {
    .name = "idle_leader",
    .promise = "a leader that could not renew stayed leader beyond its lease",
    .wants = 1u << HISTORY_REQUEST | 1u << HISTORY_REPLY | 1u << HISTORY_CLAIM |
             1u << HISTORY_DIED | 1u << HISTORY_BORN | 1u << HISTORY_PAUSED,
    .wants_requests = 1u << MOMENT_ASKS_LOCK | 1u << MOMENT_EXTENDS_LOCK,
    .wants_replies = OP_TAKES_LOCK | OP_DATES_LOCK | OP_LOOKS_AT_LOCK,
    .wants_claims = CHANGED_LEADS,
    .state_size = sizeof(struct state),
    .state_per_process = sizeof(struct leader),
    .begin = begin,
    .event = event,
    .end = end,
    .applies = applies,
    .verdict = verdict,
};
