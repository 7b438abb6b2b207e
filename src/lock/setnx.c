/* The lock that everybody writes first: SETNX, then EXPIRE, then DEL. It is flawed, and is here to
 * show how.
 *
 *     ASKING ──ok──▶ DATING (EXPIRE) ──whatever──▶ HELD ──▶ RELEASING ──1──▶ free
 *      ▲  │                                                  ▲  │  └────0──▶ lost
 *     RESTING ◀──nil, failed                                 └──┘ failed: asks again
 *
 *     HELD ──▶ EXTENDING (EXPIRE) ──1, failed──▶ held
 *                   └────0──▶ lost
 *
 * Four flaws. Who dies between SETNX and EXPIRE has locked everybody out for ever. DEL asks not
 * whose the lock is: who outstays the TTL removes that of the next one, and so does who repeats a
 * DEL that went unanswered. EXPIRE asks it neither: it extends the lock of the next one. And nobody
 * looks at a clock: a holder believes that it holds the lock until it gives it back, and one whose
 * SETNX went unanswered waits for itself.
 *
 * EXPIRE counts in whole seconds: a TTL is rounded up to them.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "src/lock/lock.h"
#include "src/units.h"

enum phase { IDLE, ASKING, RESTING, DATING, HELD, EXTENDING, RELEASING, RELEASE_RESTING };

enum text { DATES = LOCK_TEXTS };

struct own {
    int64_t released_ns; /* when it began to give the lock back */
};

static enum lock_progress set(struct lock *lock, struct action *action)
{
    struct request *request =
        lock_ask(lock, action, ASKING, STORE_PUT_IF_ABSENT, MOMENT_ASKS_LOCK, LOCK_ASKS);
    request->value.token = lock->token; /* any value would do: nobody reads it */
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
    assert(lock->phase == ASKING);
    lock_ask(lock, action, DATING, STORE_EXPIRE, MOMENT_NONE, DATES)->ttl_ms =
        lock_ttl_ms(settings);
    return LOCK_PENDING;
}

static enum lock_progress asked(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action)
{
    uint8_t outcome = event->reply->outcome;
    assert(lock->phase == ASKING && outcome <= STORE_UNREADABLE);
    if (outcome == STORE_OK) {
        return lock_param(settings, LOCK_TTL) > 0 ? date(settings, lock, action) : held(lock);
    }
    if (lock_patient(settings, lock, event->now_ns)) {
        return lock_rest(settings, lock, action, RESTING,
                         outcome == STORE_NIL ? LOCK_IS_BUSY : LOCK_STORE_FAILED);
    }
    lock->phase = IDLE;
    return LOCK_GIVEN_UP;
}

static enum lock_progress give_back(struct lock *lock, struct action *action)
{
    lock_ask(lock, action, RELEASING, STORE_DELETE, MOMENT_RELEASES_LOCK, LOCK_RELEASES);
    return LOCK_PENDING;
}

static enum lock_progress release(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    (void)settings;
    struct own own = {.released_ns = event->now_ns};
    memcpy(lock->own, &own, sizeof own);
    return give_back(lock, action);
}

static enum lock_progress extend(const struct settings *settings, struct lock *lock,
                                 const struct event *event, struct action *action)
{
    (void)event;
    if (lock_param(settings, LOCK_TTL) == 0) {
        return held(lock);
    }
    lock_ask(lock, action, EXTENDING, STORE_EXPIRE, MOMENT_EXTENDS_LOCK, LOCK_EXTENDS)->ttl_ms =
        lock_ttl_ms(settings);
    return LOCK_PENDING;
}

static enum lock_progress extended(struct lock *lock, const struct reply *reply)
{
    assert(lock->phase == EXTENDING);
    if (reply->outcome == STORE_OK && reply->value.integer == 0) {
        lock->phase = IDLE; /* nobody has it */
        return LOCK_LOST;
    }
    lock->phase = HELD;
    return reply->outcome == STORE_OK ? LOCK_HELD : LOCK_UNCHANGED;
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
    struct own own;
    memcpy(&own, lock->own, sizeof own);
    int64_t ttl_ns = lock_ttl_ms(settings) * NS_PER_MS;
    assert(ttl_ns >= 0);
    if (ttl_ns == 0 || event->now_ns < own.released_ns + ttl_ns) {
        return lock_rest(settings, lock, action, RELEASE_RESTING, LOCK_NO_WORD_OF_RELEASE);
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
    case EXTENDING:
        assert(reply);
        return extended(lock, event->reply);
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

static const char *const texts[] = {
    [DATES - LOCK_TEXTS] = "gives the lock a time to live",
    NULL,
};

static const uint16_t times[] = {offsetof(struct own, released_ns), NO_MORE_TIMES};

const struct lock_row lock_setnx = {
    .name = "setnx",
    .summary = "SETNX, EXPIRE, DEL: the flawed classic; the TTL is in whole seconds",
    .ttl_unit_ms = 1000,
    .topologies = 1u << TOPOLOGY_SINGLE,
    .asks = 1u << STORE_PUT_IF_ABSENT | 1u << STORE_EXPIRE | 1u << STORE_DELETE,
    .extends_by = 1u << STORE_EXPIRE,
    .params = lock_params,
    .moments = LOCK_MOMENTS,
    .texts = texts,
    .times = times,
    .acquire = acquire,
    .release = release,
    .extend = extend,
    .step = step,
};
