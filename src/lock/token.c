/* The lock of redis-py, `Redis.lock()`, which the article uses: atomic SET NX PX with a fresh token
 * an acquire, released by compare-and-delete. What redis.io calls the single-instance lock.
 *
 *     ASKING ──ok──▶ HELD ──▶ RELEASING ──1──▶ free
 *      ▲  │                    ▲  │  └────0──▶ lost
 *      │ nil                   │ failed
 *      │  ▼                    │  ▼
 *     RESTING                 RELEASE_RESTING      until the TTL is over: then it is free anyhow
 *
 *     ASKING ──unknown──▶ DOUBTING (GET: is it our token?) ──ours──▶ HELD, counted from the first
 *                            │                                │      unanswered SET
 *                            └─not ours──▶ RESTING            └─too old──▶ CLEARING ──▶ RESTING
 *
 * What is at the key and cannot be read as a token is somebody's lock, and not ours.
 *
 * An unanswered SET may be applied late by a stalled server, so once one went unanswered, a later
 * "busy" is looked into too: it may be our own ghost that keeps us out. For the same reason a
 * waiter that gives up in doubt deletes what may be its own (ABANDONING). An unanswered deletion
 * may come late as well: after one, the token is not used again.
 */
#include <assert.h>

#include "src/lock/lock.h"

enum phase {
    IDLE,
    ASKING,
    RESTING,
    DOUBTING,
    CLEARING,
    HELD,
    RELEASING,
    RELEASE_RESTING,
    ABANDONING
};

static enum lock_progress ask(struct lock *lock, struct action *action, uint8_t phase, uint8_t op,
                              uint8_t moment, const char *why)
{
    lock_ask(lock, action, phase, op, moment, why);
    action->request.value.token = lock->token;
    return LOCK_PENDING;
}

static enum lock_progress set(const struct settings *settings, struct lock *lock,
                              const struct event *event, struct action *action)
{
    lock->sent_ns = event->now_ns;
    ask(lock, action, ASKING, STORE_PUT_IF_ABSENT, MOMENT_ASKS_LOCK, "asks for the lock");
    action->request.ttl_ms = lock_ttl_ms(settings, 1);
    return LOCK_PENDING;
}

/* Another token, about which nothing is in doubt. */
static void renew(struct lock *lock, const struct event *event, struct action *action)
{
    lock->token = event->fresh;
    lock->doubtful = 0;
    action->took_token = true;
}

static enum lock_progress acquire(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    *lock = (struct lock){.asked_ns = event->now_ns};
    renew(lock, event, action);
    return set(settings, lock, event, action);
}

static enum lock_progress look(struct lock *lock, struct action *action)
{
    return ask(lock, action, DOUBTING, STORE_GET_TOKEN, MOMENT_NONE,
               "cannot know whether the lock is its own: looks");
}

static enum lock_progress give_back(struct lock *lock, struct action *action)
{
    return ask(lock, action, RELEASING, STORE_DELETE_IF_EQUAL, MOMENT_RELEASES_LOCK,
               "releases the lock");
}

static enum lock_progress release(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    (void)settings;
    (void)event;
    lock->doubtful = 0;
    return give_back(lock, action);
}

/* No lock from this reply: rest and try again, unless the time to wait is up. */
static enum lock_progress busy(const struct settings *settings, struct lock *lock,
                               const struct event *event, struct action *action)
{
    if (lock_patient(settings, lock, event->now_ns)) {
        uint8_t outcome = event->reply->outcome;
        bool answered = outcome != STORE_REFUSED && outcome != STORE_UNKNOWN;
        return lock_rest(settings, lock, action, RESTING,
                         answered ? "the lock is busy: waits"
                                  : "the store failed: waits to ask again");
    }
    if (lock->doubtful) {
        return ask(lock, action, ABANDONING, STORE_DELETE_IF_EQUAL, MOMENT_NONE,
                   "gives up waiting, and takes back what may still be its own");
    }
    lock->phase = IDLE;
    return LOCK_GIVEN_UP;
}

/* The store says that the lock is ours, set by a request sent at `sent_ns`. If the answer took
 * longer than the TTL it is worth nothing: what is left of it goes, and we start again. */
static enum lock_progress held(const struct settings *settings, struct lock *lock, int64_t sent_ns,
                               const struct event *event, struct action *action)
{
    lock->valid_until_ns =
        lock_param(settings, LOCK_TTL) ? sent_ns + lock_param(settings, LOCK_TTL) : INT64_MAX;
    if (!lock_usable(lock, event->now_ns)) {
        return ask(lock, action, CLEARING, STORE_DELETE_IF_EQUAL, MOMENT_NONE,
                   "the lock came too late to be of use: gives it back");
    }
    lock->phase = HELD;
    return LOCK_HELD;
}

static enum lock_progress asked(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action)
{
    switch ((enum store_outcome)event->reply->outcome) {
    case STORE_OK:
        return held(settings, lock, lock->sent_ns, event, action);
    case STORE_UNKNOWN:
        if (!lock->doubtful) {
            lock->doubtful = 1;
            lock->doubt_ns = lock->sent_ns;
        }
        return look(lock, action);
    case STORE_NIL:
        if (lock->doubtful) {
            return look(lock, action);
        }
        break;
    case STORE_REFUSED:
    case STORE_UNREADABLE:
        break;
    }
    return busy(settings, lock, event, action);
}

static enum lock_progress looked(const struct settings *settings, struct lock *lock,
                                 const struct event *event, struct action *action)
{
    const struct reply *reply = event->reply;
    if (reply->outcome == STORE_OK && token_equal(reply->value.token, lock->token)) {
        return held(settings, lock, lock->doubt_ns, event, action);
    }
    return busy(settings, lock, event, action);
}

/* What came too late was given back, perhaps. A deletion that is still on its way must not find the
 * lock that we take next, so that one gets another token. */
static enum lock_progress cleared(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    if (event->reply->outcome == STORE_UNKNOWN) {
        renew(lock, event, action);
    }
    return busy(settings, lock, event, action);
}

static enum lock_progress released(const struct settings *settings, struct lock *lock,
                                   const struct event *event, struct action *action)
{
    const struct reply *reply = event->reply;
    if (reply->outcome == STORE_OK) {
        lock->phase = IDLE;
        /* After an unanswered try, "not yours" may well be our own deletion. */
        return reply->value.integer == 1 || lock->doubtful ? LOCK_FREE : LOCK_LOST;
    }
    if (reply->outcome == STORE_UNKNOWN) {
        lock->doubtful = 1;
    }
    if (lock_usable(lock, event->now_ns)) {
        return lock_rest(settings, lock, action, RELEASE_RESTING,
                         "has no word that the lock is released: waits to ask again");
    }
    lock->phase = IDLE; /* it has expired by itself */
    return LOCK_LOST;
}

static enum lock_progress step(const struct settings *settings, struct lock *lock,
                               const struct event *event, struct action *action)
{
    bool reply = event->kind == EVENT_REPLY;
    switch ((enum phase)lock->phase) {
    case ASKING:
        assert(reply);
        return asked(settings, lock, event, action);
    case RESTING:
        assert(!reply);
        return set(settings, lock, event, action);
    case DOUBTING:
        assert(reply);
        return looked(settings, lock, event, action);
    case RELEASING:
        assert(reply);
        return released(settings, lock, event, action);
    case RELEASE_RESTING:
        assert(!reply);
        return give_back(lock, action);
    case CLEARING:
        assert(reply);
        return cleared(settings, lock, event, action);
    case ABANDONING:
        assert(reply);
        lock->phase = IDLE;
        return LOCK_GIVEN_UP;
    case IDLE:
    case HELD:
        break;
    }
    assert(false && "the lock was not pending");
    return LOCK_LOST;
}

const struct lock_row lock_token = {
    .name = "token",
    .summary = "SET NX PX with a random token, released by compare-and-delete (redis-py's Lock)",
    .asks = 1u << STORE_PUT_IF_ABSENT | 1u << STORE_GET_TOKEN | 1u << STORE_DELETE_IF_EQUAL,
    .params = lock_params,
    .moments = LOCK_MOMENTS,
    .acquire = acquire,
    .release = release,
    .step = step,
};
