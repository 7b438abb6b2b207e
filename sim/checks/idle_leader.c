/* idle_leader: a leader that cannot renew its lock stays leader beyond its lease.
 *
 * The promise is broken while three things are true of one process: it claims to lead; its time as
 * leader is not over by its own clock (claim.until_ns); and its lease is over. It does not matter
 * whether it is paused, nor whether another leads, too (that is two_leaders' matter).
 *
 * A lease lasts for as long as its request asked for (lease_time.h), by the clock of the history: a
 * member whose own clock is too slow breaks the promise, though it does not know. It begins when a
 * request was sent, never when the answer came:
 *
 *   - An answer says that the request has taken or extended the lock: the lease begins with that
 *     request.
 *   - An answer says only that the lock is its own. It is to a look, or to a request for a lock
 *     that may have been taken before, by one whose answer was lost. The lease then begins with the
 *     first request of the same token that may have taken the lock; or with a later request whose
 *     answer said that the lock was not its own.
 *
 * Of several servers a majority must have answered so about one token. The lease begins with the
 * earliest of their requests, where the latest majority is what counts. A request without an answer
 * renews nothing, even if the server did it. An answer by which the lock is lost does not end the
 * lease sooner.
 *
 * One violation is one stretch. It begins with the end of the lease, or when the process began to
 * lead, if that was later. It ends when the process leads no more (it steps down, dies, or its time
 * is over), when a renewal is answered, or with the trial; an answer that comes too late to help
 * begins another stretch. What lies between two reigns belongs to none. Guilty are the last renewal
 * that was answered and what ended the stretch.
 */
#include <assert.h>

#include "sim/checks/cause.h"
#include "sim/checks/lease_time.h"
#include "src/owners.h"
#include "src/protocol.h"

/* The lock on one server, as far as a member was told in this life. */
struct lock_there {
    struct token token;   /* of its last lease there */
    int64_t held_ns;      /* when that began; NEVER_HELD: there was none */
    uint32_t held_event;  /* the request */
    int64_t over_ns;      /* when that ends; LASTS_FOREVER */
    uint32_t asked_event; /* the first with this token that may have taken it; EVENT_NONE */
    int64_t not_own_ns;   /* the lock was not its own when this was sent, or later; NEVER_HELD */
};
#define NEVER_HELD INT64_MIN

struct leader {
    struct lock_there there[SERVERS_MAX];
    int64_t from_ns; /* it leads since then; or what was before that has been told */
    uint32_t tries;  /* renewals since the last that was answered … */
    uint32_t
        renewed; /* … and of these, those that are being answered now; the others are in vain */
};

struct state {
    int64_t ttl_ns;
    uint8_t servers;
    bool led, tested; /* somebody led; and some leader was kept from renewing */
    struct leader leaders[];
};

static void forget_all(const struct state *own, struct leader *leader)
{
    assert(own->servers > 0 && own->servers <= SERVERS_MAX);
    for (unsigned server = 0; server < own->servers; server++) {
        leader->there[server] = (struct lock_there){.held_ns = NEVER_HELD,
                                                    .not_own_ns = NEVER_HELD,
                                                    .held_event = EVENT_NONE,
                                                    .asked_event = EVENT_NONE};
    }
    leader->from_ns = NEVER_HELD;
    leader->tries = 0;
    leader->renewed = 0;
}

static int64_t ttl_ns(const struct settings *settings)
{
    return settings_value(settings, OWNER_LOCK, "ttl", 0);
}

static void begin(void *state, const struct history *history)
{
    struct state *own = state;
    own->ttl_ns = ttl_ns(&history->facts.settings);
    own->servers = history->facts.settings.servers;
    own->led = own->tested = false;
    for (uint32_t id = 0; id <= history->facts.settings.nodes; id++) {
        forget_all(own, &own->leaders[id]);
    }
}

/* --- the lease -------------------------------------------------------------------------------- */

/* The lock on the server with which its lease begins; NULL: it has none. */
static const struct lock_there *lease_of(const struct state *own, const struct leader *leader)
{
    const struct lock_there *found = NULL;
    for (unsigned i = 0; i < own->servers; i++) {
        const struct lock_there *one = &leader->there[i];
        unsigned as_late = 0;
        for (unsigned j = 0; j < own->servers; j++) {
            const struct lock_there *other = &leader->there[j];
            as_late += other->held_ns >= one->held_ns && token_equal(other->token, one->token);
        }
        if (one->held_ns != NEVER_HELD && 2 * as_late > own->servers &&
            (!found || one->held_ns > found->held_ns)) {
            found = one;
        }
    }
    return found;
}

static void report(const struct state *own, const struct view *view, const struct history *history,
                   uint16_t id, const struct lock_there *lease, int64_t until_ns,
                   struct violations *out)
{
    const struct leader *leader = &own->leaders[id];
    uint32_t in_vain = leader->tries - leader->renewed;
    int64_t over_ns = lease->over_ns;
    bool stayed = leader->from_ns <= over_ns;
    struct violation found = violation_new(&check_idle_leader, stayed ? over_ns : leader->from_ns);
    assert(found.at_ns < until_ns && lease->held_event != EVENT_NONE);
    found.until_ns = until_ns;
    violation_process(&found, id);
    violation_event(&found, lease->held_event);
    violation_event(&found, view->index);
    violation_say(&found,
                  "%s %s for %s beyond its lease, which was over at %s, %s after the "
                  "last renewal that was answered was sent; after that ",
                  text_process(id).text, stayed ? "stayed leader" : "was leader",
                  text_ms(until_ns - found.at_ns).text, text_seconds(over_ns).text,
                  text_ms(over_ns - lease->held_ns).text);
    if (in_vain == 0) {
        violation_say(&found, "it sent no other");
    } else {
        violation_say(&found, "it sent %s in vain", text_count(in_vain).text);
    }
    if (leader->renewed > 0) {
        violation_say(&found, " before the one that renewed it");
    }
    cause_say_faults(&found, history, lease->held_event, view->index, id);
    violations_add(out, &found);
}

/* How many of its last requests were answered by the renewal that ends the stretch: the one that
 * began at `before_ns` was the last until then. */
static uint32_t renewed_by(const struct state *own, const struct leader *leader, int64_t before_ns)
{
    uint32_t count = 0;
    assert(own->servers <= SERVERS_MAX);
    for (unsigned i = 0; i < own->servers; i++) {
        count += leader->there[i].held_ns > before_ns;
    }
    return count < leader->tries ? count : leader->tries;
}

/* It claimed to lead until then at most, and what comes now ends that, or renews its lease. Without
 * a lease it leads by another's word. */
static void look_back(struct state *own, const struct view *view, const struct history *history,
                      uint16_t id, int64_t claimed_until_ns, struct violations *out)
{
    struct leader *leader = &own->leaders[id];
    const struct lock_there *lease = lease_of(own, leader);
    int64_t until_ns = claimed_until_ns < view->now_ns ? claimed_until_ns : view->now_ns;
    assert(own->ttl_ns > 0);
    if (lease && lease->over_ns < until_ns && leader->from_ns < until_ns) {
        report(own, view, history, id, lease, until_ns, out);
        leader->from_ns = until_ns;
    }
}

/* --- answers ---------------------------------------------------------------------------------- */

/* The lock of this token is its own on the event's server, by a request or later. */
static void hold(struct state *own, const struct view *view, const struct history *history,
                 const struct history_event *event, struct lock_there held, struct violations *out)
{
    const struct view_process *process = &view->processes[event->process];
    struct leader *leader = &own->leaders[event->process];
    struct lock_there *there = &leader->there[event->server];
    if (token_equal(held.token, there->token) && held.held_ns <= there->held_ns) {
        return;
    }
    const struct lock_there was = *there;
    held.over_ns = lease_over_ns(history, held.held_ns, held.held_event, own->ttl_ns);
    const struct lock_there *lease = lease_of(own, leader);
    int64_t began_ns = lease ? lease->held_ns : NEVER_HELD;
    *there = held;
    lease = lease_of(own, leader);
    if (!lease || lease->held_ns == began_ns) {
        return; /* not yet a majority */
    }
    if (process->alive && process->claim.leads) {
        leader->renewed = renewed_by(own, leader, began_ns);
        *there = was;
        look_back(own, view, history, event->process, process->claim.until_ns, out);
        *there = held;
    }
    leader->renewed = 0;
    leader->tries = 0;
}

/* What a good answer tells of the lock with a token: nothing; that it is its own by this request;
 * that it is its own; that it is not. */
enum whose { WHO_KNOWS, OWN_NOW, OWN, NOT_OWN };

static enum whose whose_by(const struct history_reply *reply, struct token asked,
                           struct token token)
{
    bool looks = op_has(reply->op, OP_LOOKS_AT_LOCK), takes = op_has(reply->op, OP_TAKES_LOCK);
    bool applied = history_applied(reply), same = token_equal(asked, token);
    if (reply->outcome == STORE_REFUSED || reply->outcome == STORE_UNKNOWN) {
        return WHO_KNOWS;
    }
    if (looks && !takes) {
        bool found = reply->outcome == STORE_OK && token_equal(reply->value.token, token);
        return found ? OWN : NOT_OWN;
    }
    if (looks && same) {
        return applied ? OWN : NOT_OWN;
    }
    if (op_has(reply->op, OP_REMOVES_LOCK)) { /* or it was not there */
        return same || op_has(reply->op, OP_REMOVES_ANY_LOCK) ? NOT_OWN : WHO_KNOWS;
    }
    return applied ? OWN_NOW : WHO_KNOWS;
}

/* It is the answer to the request at `asked`. */
static void take_word(struct state *own, const struct view *view, const struct history *history,
                      const struct history_event *event, uint32_t asked, struct violations *out)
{
    struct lock_there *there = &own->leaders[event->process].there[event->server];
    const struct history_event *request = &history->events[asked];
    bool by_any = op_has(event->reply.op, OP_DATES_ANY_LOCK);
    bool may_have = there->asked_event != EVENT_NONE;
    const struct history_event *first = may_have ? &history->events[there->asked_event] : request;
    struct lock_there held = *there;
    switch (whose_by(&event->reply, request->request.value.token, first->request.value.token)) {
    case OWN_NOW:
        held.token = by_any ? there->token : request->request.value.token;
        held.held_ns = request->at_ns;
        held.held_event = asked;
        hold(own, view, history, event, held, out);
        break;
    case OWN:
        held.token = first->request.value.token;
        held.held_ns = first->at_ns > there->not_own_ns ? first->at_ns : there->not_own_ns;
        held.held_event = may_have ? there->asked_event : asked;
        hold(own, view, history, event, held, out);
        break;
    case NOT_OWN:
        there->not_own_ns = request->at_ns > there->not_own_ns ? request->at_ns : there->not_own_ns;
        break;
    case WHO_KNOWS:
        break;
    }
}

static void take_reply(struct state *own, const struct view *view, const struct history *history,
                       const struct history_event *event, struct violations *out)
{
    const struct view_process *process = &view->processes[event->process];
    const struct history_reply *reply = &event->reply;
    struct lock_there *there = &own->leaders[event->process].there[event->server];
    assert(event->server < own->servers);
    bool renews = op_has(reply->op, OP_TAKES_LOCK | OP_DATES_LOCK);
    bool applied = history_applied(reply);
    own->tested = own->tested || (renews && !applied && process->alive && process->claim.leads);
    if (renews && !applied && reply->outcome != STORE_UNKNOWN && there->asked_event != EVENT_NONE &&
        history->events[there->asked_event].request.number == reply->number) {
        there->asked_event = EVENT_NONE; /* that one surely took nothing */
    }
    if ((!renews || !applied) && there->asked_event == EVENT_NONE) {
        return; /* nothing is in doubt */
    }
    size_t asked = history_asked(history, view->index);
    if (asked != HISTORY_NOWHERE) {
        take_word(own, view, history, event, (uint32_t)asked, out);
    }
}

static void take_request(struct state *own, const struct view *view, const struct history *history,
                         const struct history_event *event)
{
    struct leader *leader = &own->leaders[event->process];
    struct lock_there *there = &leader->there[event->server];
    assert(event->server < own->servers);
    leader->tries++;
    bool again = there->asked_event != EVENT_NONE &&
                 token_equal(history->events[there->asked_event].request.value.token,
                             event->request.value.token);
    if (event->request.moment == MOMENT_ASKS_LOCK && !again) {
        there->asked_event = view->index;
        there->not_own_ns = NEVER_HELD;
    }
}

/* --- the row ---------------------------------------------------------------------------------- */

/* Its claim has changed, or it has died. */
static void take_claim(struct state *own, const struct view *view, const struct history *history,
                       uint16_t id, struct violations *out)
{
    const struct view_process *process = &view->processes[id];
    const struct claim *was = &view->before.claim;
    struct leader *leader = &own->leaders[id];
    bool leads = process->alive && process->claim.leads;
    bool in_time = was->until_ns > view->now_ns;
    own->led = own->led || process->claim.leads;
    if (was->leads && !(leads && in_time)) {
        own->tested = own->tested || (!in_time && leader->tries > 0);
        look_back(own, view, history, id, was->until_ns, out);
    }
    if (leads && !(was->leads && in_time)) {
        leader->from_ns = view->now_ns;
    }
}

static void event(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out)
{
    struct state *own = state;
    const struct view_process *process = &view->processes[event->process];
    assert(event->process <= view->facts->settings.nodes);
    bool is_message = event->kind == HISTORY_REQUEST || event->kind == HISTORY_REPLY;
    if (is_message && event->server >= own->servers) {
        return; /* the resource's: a file may say that it was asked for the lock */
    }
    switch ((enum history_kind)event->kind) {
    case HISTORY_REQUEST:
        take_request(own, view, history, event);
        break;
    case HISTORY_REPLY:
        take_reply(own, view, history, event, out);
        break;
    case HISTORY_PAUSED:
        own->tested = own->tested || process->claim.leads;
        break;
    case HISTORY_CLAIM:
    case HISTORY_DIED:
        take_claim(own, view, history, event->process, out);
        break;
    case HISTORY_BORN:
        forget_all(own, &own->leaders[event->process]);
        break;
    default:
        break;
    }
}

static void end(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out)
{
    struct state *own = state;
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
    *why = protocol_has_leaders(settings) ? "nobody leads by a lock that lasts for a time"
                                          : "the protocol elects no leader";
    return protocol_rows[settings->row[OWNER_PROTOCOL]]->holds_on && ttl_ns(settings) > 0;
}

static struct check_verdict verdict(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns)
{
    const struct state *own = state;
    (void)view, (void)history, (void)end_ns;
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
    .wants_replies = OP_ON_LOCK,
    .wants_claims = CHANGED_LEADS,
    .on_belief = true,
    .on_lock_traffic = true,
    .state_size = sizeof(struct state),
    .state_per_process = sizeof(struct leader),
    .begin = begin,
    .event = event,
    .end = end,
    .applies = applies,
    .verdict = verdict,
};
