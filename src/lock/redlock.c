/* Redlock: a lock on a majority of independent servers, as redis.io describes it.
 *
 *     ASKING all ──majority in time──▶ HELD ──▶ RELEASING all ──▶ free, lost
 *      ▲   └─else─▶ UNDOING all                  ▲  │ no word from a majority
 *      │               ▼                         │  ▼
 *     RESTING ◀────────┘                       RELEASE_RESTING
 *
 *     HELD ──▶ EXTENDING all ──majority in time──▶ HELD, counted from these requests
 *                   ├──no majority any more──▶ lost
 *                   └──else──▶ HELD as long as before
 *
 * All servers are asked at once, each with a timeout that is short beside the time to live, and all
 * answers are awaited. Held is what a majority granted, for the time to live, less what it took to
 * ask and an allowance for the drift of clocks: that time is looked at when the last answer is
 * there. What did not come about is given back on all servers, also on those that did not answer.
 *
 * It excludes as long as a majority of servers remembers: one that is restarted empty within the
 * time to live may grant the lock twice. It has no fencing number.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "src/lock/lock.h"
#include "src/units.h"

/* Its parameters, behind those of every lock. */
enum redlock_param { SERVER_TIMEOUT = LOCK_WAIT + 1, DRIFT, JITTER };

enum phase { IDLE, ASKING, UNDOING, RESTING, HELD, EXTENDING, RELEASING, RELEASE_RESTING };

enum text { ASKS_ALL = LOCK_TEXTS, UNDOES, NO_MAJORITY, AWAITS, EXTENDS_ALL, RELEASES_ALL };

struct own {
    int64_t sent_ns;  /* when the requests of this phase were sent */
    uint32_t pending; /* servers that have not answered yet, as bits */
    uint32_t did;     /* that did as they were asked */
    uint32_t did_not; /* that had another's lock there, or none */
    uint32_t unsure;  /* where a deletion went unanswered: it may still come */
};
_Static_assert(sizeof(struct own) == 24 && sizeof(struct own) <= sizeof(((struct lock *)0)->own),
               "a lock's own state has no padding, and fits");
_Static_assert(SENDS_MAX <= LOCK_TAGS, "a tag for each server");

static struct own own_of(const struct lock *lock)
{
    struct own own;
    memcpy(&own, lock->own, sizeof own);
    return own;
}

static void keep(struct lock *lock, struct own own)
{
    memcpy(lock->own, &own, sizeof own);
}

static unsigned count(uint32_t servers)
{
    unsigned bits = 0;
    for (; servers; servers &= servers - 1) {
        bits++;
    }
    return bits;
}

static bool is_majority(const struct settings *settings, uint32_t servers)
{
    assert(servers < 1u << settings->servers);
    return 2 * count(servers) > settings->servers;
}

static int64_t param(const struct settings *settings, int which)
{
    return settings->value[OWNER_LOCK][which];
}

/* --- asking all of them ---------------------------------------------------------------------- */

static enum lock_progress ask_all(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action,
                                  const struct request *request, enum phase phase, enum text text)
{
    struct own own = own_of(lock);
    own.sent_ns = event->now_ns;
    own.pending = (1u << settings->servers) - 1;
    own.did = own.did_not = 0;
    keep(lock, own);
    for (uint8_t server = 0; server < settings->servers; server++) {
        struct request *one =
            lock_ask(lock, action, (uint8_t)phase, request->op, request->moment, text);
        one->server = one->tag = server;
        one->ttl_ms = request->ttl_ms;
        one->timeout_ms = (uint32_t)(param(settings, SERVER_TIMEOUT) / NS_PER_MS);
        one->value.token = lock->token;
    }
    return LOCK_PENDING;
}

static enum lock_progress set_all(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    struct request set = {
        .op = STORE_PUT_IF_ABSENT, .moment = MOMENT_ASKS_LOCK, .ttl_ms = lock_ttl_ms(settings)};
    return ask_all(settings, lock, event, action, &set, ASKING, ASKS_ALL);
}

static enum lock_progress delete_all(const struct settings *settings, struct lock *lock,
                                     const struct event *event, struct action *action,
                                     enum phase phase)
{
    assert(phase == RELEASING || phase == UNDOING);
    struct request delete = {.op = STORE_DELETE_IF_EQUAL,
                             .moment = phase == RELEASING ? MOMENT_RELEASES_LOCK : MOMENT_NONE};
    return ask_all(settings, lock, event, action, &delete, phase,
                   phase == RELEASING ? RELEASES_ALL : UNDOES);
}

/* Takes an answer in. True: it was the last one. */
static bool all_answered(struct lock *lock, const struct event *event, struct action *action)
{
    struct own own = own_of(lock);
    const struct reply *reply = event->reply;
    uint32_t bit = 1u << event->tag;
    assert(!((own.did | own.did_not) & bit));
    assert(event->kind == EVENT_REPLY && own.pending & bit);
    bool is_set = lock->phase == ASKING;
    bool did = reply->outcome == STORE_OK && (is_set || reply->value.integer == 1);
    own.pending &= ~bit;
    own.did |= did ? bit : 0;
    bool failed = reply->outcome == STORE_REFUSED || reply->outcome == STORE_UNKNOWN;
    own.did_not |= !did && !failed ? bit : 0;
    keep(lock, own);
    action->why = why_of(OWNER_LOCK, AWAITS);
    return own.pending == 0;
}

/* Until when a lock may be used that a majority has given for requests sent at that time. */
static int64_t valid_until(const struct settings *settings, int64_t sent_ns)
{
    int64_t ttl_ns = lock_param(settings, LOCK_TTL);
    return sent_ns + ttl_ns - (ttl_ns / 1000 * param(settings, DRIFT) + 2 * NS_PER_MS);
}

static enum lock_progress rest(const struct settings *settings, struct lock *lock,
                               struct action *action, enum phase phase, unsigned text)
{
    int64_t retry_ns = lock_param(settings, LOCK_RETRY);
    assert(phase == RESTING || phase == RELEASE_RESTING);
    lock_rest(settings, lock, action, (uint8_t)phase, text);
    action->wake[TIMER_PROTOCOL].max_ns = retry_ns + retry_ns / 1000 * param(settings, JITTER);
    return LOCK_PENDING;
}

/* --- to acquire ------------------------------------------------------------------------------ */

static void renew_token(struct lock *lock, const struct event *event, struct action *action)
{
    lock->token = event->fresh;
    action->took_token = true;
}

static enum lock_progress acquire(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    *lock = (struct lock){.asked_ns = event->now_ns};
    renew_token(lock, event, action);
    return set_all(settings, lock, event, action);
}

static enum lock_progress asked(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action)
{
    struct own own = own_of(lock);
    assert(own.pending == 0);
    lock->valid_until_ns = valid_until(settings, own.sent_ns);
    if (is_majority(settings, own.did) && lock_usable(lock, event->now_ns)) {
        lock->phase = HELD;
        action->why = 0;
        return LOCK_HELD;
    }
    return delete_all(settings, lock, event, action, UNDOING);
}

/* A deletion that is still under way must not find what we set next: that gets another token. */
static enum lock_progress undone(const struct settings *settings, struct lock *lock,
                                 const struct event *event, struct action *action)
{
    struct own own = own_of(lock);
    assert(own.pending == 0);
    if (count(own.did | own.did_not) < settings->servers) {
        renew_token(lock, event, action);
    }
    if (lock_patient(settings, lock, event->now_ns)) {
        return rest(settings, lock, action, RESTING, NO_MAJORITY);
    }
    lock->phase = IDLE;
    action->why = 0;
    return LOCK_GIVEN_UP;
}

/* --- to extend ------------------------------------------------------------------------------- */

static enum lock_progress extend(const struct settings *settings, struct lock *lock,
                                 const struct event *event, struct action *action)
{
    struct request extend_it = {.op = STORE_EXTEND_IF_EQUAL,
                                .moment = MOMENT_EXTENDS_LOCK,
                                .ttl_ms = lock_ttl_ms(settings)};
    return ask_all(settings, lock, event, action, &extend_it, EXTENDING, EXTENDS_ALL);
}

static enum lock_progress extended(const struct settings *settings, struct lock *lock,
                                   const struct event *event, struct action *action)
{
    struct own own = own_of(lock);
    assert(own.pending == 0);
    int64_t until_ns = valid_until(settings, own.sent_ns);
    action->why = 0;
    lock->phase = HELD;
    if (is_majority(settings, own.did) && event->now_ns < until_ns) {
        lock->valid_until_ns = until_ns;
        return LOCK_HELD;
    }
    uint32_t all = (1u << settings->servers) - 1;
    return is_majority(settings, all & ~own.did_not) ? LOCK_UNCHANGED : LOCK_LOST;
}

/* --- to release ------------------------------------------------------------------------------ */

static enum lock_progress release(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    struct own own = own_of(lock);
    own.unsure = 0;
    keep(lock, own);
    return delete_all(settings, lock, event, action, RELEASING);
}

/* "Not yours" after a try that went unanswered may well be our own deletion. */
static enum lock_progress released(const struct settings *settings, struct lock *lock,
                                   const struct event *event, struct action *action)
{
    struct own own = own_of(lock);
    uint32_t all = (1u << settings->servers) - 1;
    assert(own.pending == 0 && !((own.did | own.did_not) & ~all));
    uint32_t removed = own.did | (own.did_not & own.unsure);
    uint32_t silent = all & ~(own.did | own.did_not);
    own.unsure |= silent | own.did;
    keep(lock, own);
    action->why = 0;
    lock->phase = IDLE;
    if (is_majority(settings, removed)) {
        return LOCK_FREE;
    }
    if (!is_majority(settings, removed | silent) || !lock_usable(lock, event->now_ns)) {
        return LOCK_LOST;
    }
    return rest(settings, lock, action, RELEASE_RESTING, LOCK_NO_WORD_OF_RELEASE);
}

/* --- the row --------------------------------------------------------------------------------- */

static enum lock_progress step(const struct settings *settings, struct lock *lock,
                               const struct event *event, struct action *action)
{
    bool rests = lock->phase == RESTING || lock->phase == RELEASE_RESTING;
    assert(rests == (event->kind == EVENT_WOKE));
    if (!rests && !all_answered(lock, event, action)) {
        return LOCK_PENDING;
    }
    switch ((enum phase)lock->phase) {
    case ASKING:
        return asked(settings, lock, event, action);
    case UNDOING:
        return undone(settings, lock, event, action);
    case RESTING:
        return set_all(settings, lock, event, action);
    case EXTENDING:
        return extended(settings, lock, event, action);
    case RELEASING:
        return released(settings, lock, event, action);
    case RELEASE_RESTING:
        return delete_all(settings, lock, event, action, RELEASING);
    case IDLE:
    case HELD:
        break;
    }
    assert(false && "the lock was not pending");
    return LOCK_LOST;
}

static uint32_t outstanding(const struct lock *lock)
{
    return own_of(lock).pending;
}

static const struct param_row params[] = {
    [LOCK_TTL] = {.name = "ttl",
                  .summary = "the lock's time to live on each server",
                  .type = PARAM_DURATION,
                  .fallback = 10 * NS_PER_S,
                  .low = 10 * NS_PER_MS,
                  .high = 24 * NS_PER_H,
                  .unit = NS_PER_MS},
    [LOCK_RETRY] = {.name = "retry",
                    .summary = "rest between two tries for the lock, at least",
                    .type = PARAM_DURATION,
                    .fallback = 200 * NS_PER_MS,
                    .high = NS_PER_M},
    LOCK_WAIT_ROW,
    [SERVER_TIMEOUT] = {.name = "server_timeout",
                        .summary = "how long to wait for the answer of a server",
                        .type = PARAM_DURATION,
                        .fallback = 50 * NS_PER_MS,
                        .low = NS_PER_MS,
                        .high = NS_PER_M,
                        .unit = NS_PER_MS},
    [DRIFT] = {.name = "drift",
               .summary = "share of the ttl that is allowed for the drift of clocks, beside 2ms",
               .type = PARAM_RATIO,
               .fallback = 10,
               .high = 500},
    [JITTER] = {.name = "jitter",
                .summary = "rests retry x (1 ... 1 + jitter), drawn by chance",
                .type = PARAM_RATIO,
                .fallback = 1000,
                .high = 10000},
    {.type = PARAM_NONE},
};

static const char *const texts[] = {
    [ASKS_ALL - LOCK_TEXTS] = "asks all servers for the lock",
    [UNDOES - LOCK_TEXTS] = "has no majority in time: gives back what it has",
    [NO_MAJORITY - LOCK_TEXTS] = "has no majority: waits to ask again",
    [AWAITS - LOCK_TEXTS] = "waits for the other servers",
    [EXTENDS_ALL - LOCK_TEXTS] = "extends the lock on all servers",
    [RELEASES_ALL - LOCK_TEXTS] = "releases the lock on all servers",
    NULL,
};

static const uint16_t times[] = {offsetof(struct own, sent_ns), NO_MORE_TIMES};

const struct lock_row lock_redlock = {
    .name = "redlock",
    .summary = "a lock on a majority of independent servers (Redlock)",
    .asks = 1u << STORE_PUT_IF_ABSENT | 1u << STORE_DELETE_IF_EQUAL,
    .extends_by = 1u << STORE_EXTEND_IF_EQUAL,
    .topologies = 1u << TOPOLOGY_INDEPENDENT,
    .params = params,
    .moments = LOCK_MOMENTS,
    .texts = texts,
    .times = times,
    .acquire = acquire,
    .release = release,
    .extend = extend,
    .step = step,
    .outstanding = outstanding,
};
