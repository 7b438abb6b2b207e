/* The lock that everybody writes first: SETNX, then EXPIRE, then DEL. It is flawed, and is here to
 * show how.
 *
 *     ASKING ──ok──▶ DATING (EXPIRE) ──whatever──▶ HELD ──▶ RELEASING ──1──▶ free
 *      ▲  │                                                  ▲  │  └────0──▶ lost
 *     RESTING ◀──nil, failed                                 └──┘ failed: asks again
 *
 * Three flaws. Who dies between SETNX and EXPIRE has locked everybody out for ever. DEL asks not
 * whose the lock is: who outstays the TTL removes that of the next one, and so does who repeats a
 * DEL that went unanswered. And nobody looks at a clock: a holder believes that it holds the lock
 * until it gives it back, and one whose SETNX went unanswered waits for itself.
 *
 * EXPIRE counts in whole seconds: a TTL is rounded up to them.
 */
#include <assert.h>

#include "src/lock/lock.h"

enum phase { IDLE, ASKING, RESTING, DATING, HELD, RELEASING, RELEASE_RESTING };

static enum lock_progress set(struct lock *lock, struct action *action)
{
    lock_ask(lock, action, ASKING, STORE_PUT_IF_ABSENT, MOMENT_ASKS_LOCK, "asks for the lock");
    action->request.value.token = lock->token; /* any value would do: nobody reads it */
    return LOCK_PENDING;
}

static enum lock_progress acquire(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    (void)settings;
    *lock = (struct lock){.asked_ns = event->now_ns, .token = event->fresh};
    action->took_token = true;
    return set(lock, action);
}

static enum lock_progress held(struct lock *lock)
{
    lock->phase = HELD;
    lock->valid_until_ns = INT64_MAX; /* so it believes */
    return LOCK_HELD;
}

static enum lock_progress date(const struct settings *settings, struct lock *lock,
                               struct action *action)
{
    lock_ask(lock, action, DATING, STORE_EXPIRE, MOMENT_NONE, "gives the lock a time to live");
    action->request.ttl_ms = lock_ttl_ms(settings, 1000);
    return LOCK_PENDING;
}

static enum lock_progress asked(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action)
{
    uint8_t outcome = event->reply->outcome;
    if (outcome == STORE_OK) {
        return lock_param(settings, LOCK_TTL) > 0 ? date(settings, lock, action) : held(lock);
    }
    if (lock_patient(settings, lock, event->now_ns)) {
        return lock_rest(settings, lock, action, RESTING,
                         outcome == STORE_NIL ? "the lock is busy: waits"
                                              : "the store failed: waits to ask again");
    }
    lock->phase = IDLE;
    return LOCK_GIVEN_UP;
}

static enum lock_progress give_back(struct lock *lock, struct action *action)
{
    return lock_ask(lock, action, RELEASING, STORE_DELETE, MOMENT_RELEASES_LOCK,
                    "releases the lock");
}

static enum lock_progress release(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    (void)settings;
    lock->sent_ns = event->now_ns;
    return give_back(lock, action);
}

/* Without an answer it asks again, until the lock must have run out by itself. */
static enum lock_progress released(const struct settings *settings, struct lock *lock,
                                   const struct event *event, struct action *action)
{
    const struct reply *reply = event->reply;
    if (reply->outcome == STORE_OK) {
        lock->phase = IDLE;
        return reply->value.integer == 1 ? LOCK_FREE : LOCK_LOST;
    }
    int64_t ttl_ns = lock_ttl_ms(settings, 1000) * INT64_C(1000000);
    if (ttl_ns == 0 || event->now_ns < lock->sent_ns + ttl_ns) {
        return lock_rest(settings, lock, action, RELEASE_RESTING,
                         "has no word that the lock is released: waits to ask again");
    }
    lock->phase = IDLE;
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
        return set(lock, action);
    case DATING:
        assert(reply);
        return held(lock);
    case RELEASING:
        assert(reply);
        return released(settings, lock, event, action);
    case RELEASE_RESTING:
        assert(!reply);
        return give_back(lock, action);
    case IDLE:
    case HELD:
        break;
    }
    assert(false && "the lock was not pending");
    return LOCK_LOST;
}

const struct lock_row lock_setnx = {
    .name = "setnx",
    .summary = "SETNX, EXPIRE, DEL: the flawed classic; the TTL is in whole seconds",
    .asks = 1u << STORE_PUT_IF_ABSENT | 1u << STORE_EXPIRE | 1u << STORE_DELETE,
    .params = lock_params,
    .moments = LOCK_MOMENTS,
    .acquire = acquire,
    .release = release,
    .step = step,
};
