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
 *     HELD ──▶ EXTENDING (compare and PEXPIRE) ──1──▶ HELD, counted from this request
 *                   ├──failed──▶ HELD as long as before
 *                   └────0──▶ lost
 *
 * What is at the key and cannot be read as a token is somebody's lock, and not ours.
 *
 * An unanswered SET may be applied late by a stalled server, so once one went unanswered, a later
 * "busy" is looked into too: it may be our own ghost that keeps us out. For the same reason a
 * waiter that gives up in doubt deletes what may be its own (ABANDONING). An unanswered deletion
 * may come late as well: after one, the token is not used again.
 *
 * With fencing, what takes the lock also counts it, and its answer tells the number: the epoch. The
 * token alone would not tell a doubtful one which number it was given, so that one does not look,
 * but asks once more: the answer is the number of the lock that is its own now, whether it had been
 * set before or is so only now; while it is there, nobody else's can have been counted. Which of
 * both it was it need not know, since its time counts from before it could have been set: from the
 * first unanswered request, or a later one whose answer was that the lock is not its own. One who
 * is to extend a lock whose number it does not know (of its former life) asks for that first
 * (ADOPTING), by what takes nothing: a lock that has run out meanwhile is lost, since another may
 * have held it in between.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "src/lock/lock.h"

enum phase {
    IDLE,
    ASKING,
    RESTING,
    DOUBTING,
    CLEARING,
    HELD,
    EXTENDING,
    RELEASING,
    RELEASE_RESTING,
    ABANDONING,
    ADOPTING
};

enum text { LOOKS = LOCK_TEXTS, TAKES_BACK, TOO_LATE, ASKS_AGAIN, ADOPTS };

struct own {
    int64_t sent_ns;  /* when the last SET or deletion of what is too late was sent */
    int64_t doubt_ns; /* doubtful: when the first unanswered SET was sent; an answer by which the
                       * lock is surely not its own puts it off */
    uint8_t doubtful; /* 1: a request that may have been applied went unanswered */
    uint8_t zero[7];
};
_Static_assert(sizeof(struct own) == 24 && sizeof(struct own) <= sizeof(((struct lock *)0)->own),
               "a lock's own state has no padding, and fits");

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

static void set_doubtful(struct lock *lock, bool doubtful)
{
    struct own own = own_of(lock);
    own.doubtful = doubtful;
    keep(lock, own);
}

static enum lock_progress ask(struct lock *lock, struct action *action, uint8_t phase, uint8_t op,
                              uint8_t moment, unsigned text)
{
    lock_ask(lock, action, phase, op, moment, text)->value.token = lock->token;
    return LOCK_PENDING;
}

static void note_sending(struct lock *lock, const struct event *event)
{
    struct own own = own_of(lock);
    own.sent_ns = event->now_ns;
    keep(lock, own);
}

/* By the answer to what was sent last the lock is not its own: if it ever becomes so unheard, then
 * later than that. */
static void put_doubt_off(struct lock *lock)
{
    struct own own = own_of(lock);
    own.doubt_ns = own.sent_ns;
    keep(lock, own);
}

static enum lock_progress set(const struct settings *settings, struct lock *lock,
                              const struct event *event, struct action *action, uint8_t phase,
                              unsigned text)
{
    uint8_t op = settings->fencing ? STORE_PUT_FENCED : STORE_PUT_IF_ABSENT;
    note_sending(lock, event);
    struct request *request = lock_ask(lock, action, phase, op, MOMENT_ASKS_LOCK, text);
    request->ttl_ms = lock_ttl_ms(settings);
    request->value.token = lock->token;
    return LOCK_PENDING;
}

/* Another token, about which nothing is in doubt. */
static void renew(struct lock *lock, const struct event *event, struct action *action)
{
    lock->token = event->fresh;
    set_doubtful(lock, false);
    action->took_token = true;
}

static enum lock_progress acquire(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    *lock = (struct lock){.asked_ns = event->now_ns};
    renew(lock, event, action);
    return set(settings, lock, event, action, ASKING, LOCK_ASKS);
}

static enum lock_progress look(const struct settings *settings, struct lock *lock,
                               const struct event *event, struct action *action)
{
    if (settings->fencing) {
        return set(settings, lock, event, action, DOUBTING, ASKS_AGAIN);
    }
    return ask(lock, action, DOUBTING, STORE_GET_TOKEN, MOMENT_NONE, LOOKS);
}

static enum lock_progress give_back(struct lock *lock, struct action *action)
{
    return ask(lock, action, RELEASING, STORE_DELETE_IF_EQUAL, MOMENT_RELEASES_LOCK, LOCK_RELEASES);
}

static enum lock_progress release(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    (void)settings;
    (void)event;
    set_doubtful(lock, false);
    return give_back(lock, action);
}

static enum lock_progress extend(const struct settings *settings, struct lock *lock,
                                 const struct event *event, struct action *action)
{
    if (settings->fencing && lock->epoch == 0) {
        return ask(lock, action, ADOPTING, STORE_GET_EPOCH, MOMENT_NONE, ADOPTS);
    }
    if (lock_param(settings, LOCK_TTL) == 0) {
        return LOCK_HELD;
    }
    note_sending(lock, event);
    struct request *request =
        lock_ask(lock, action, EXTENDING, STORE_EXTEND_IF_EQUAL, MOMENT_EXTENDS_LOCK, LOCK_EXTENDS);
    request->ttl_ms = lock_ttl_ms(settings);
    request->value.token = lock->token;
    return LOCK_PENDING;
}

/* No lock from this reply: rest and try again, unless the time to wait is up. */
static enum lock_progress busy(const struct settings *settings, struct lock *lock,
                               const struct event *event, struct action *action)
{
    if (lock_patient(settings, lock, event->now_ns)) {
        uint8_t outcome = event->reply->outcome;
        bool answered = outcome != STORE_REFUSED && outcome != STORE_UNKNOWN;
        return lock_rest(settings, lock, action, RESTING,
                         answered ? LOCK_IS_BUSY : LOCK_STORE_FAILED);
    }
    if (own_of(lock).doubtful) {
        return ask(lock, action, ABANDONING, STORE_DELETE_IF_EQUAL, MOMENT_NONE, TAKES_BACK);
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
        note_sending(lock, event);
        return ask(lock, action, CLEARING, STORE_DELETE_IF_EQUAL, MOMENT_NONE, TOO_LATE);
    }
    lock->epoch = settings->fencing ? (uint64_t)event->reply->value.integer : 0;
    lock->phase = HELD;
    return LOCK_HELD;
}

static enum lock_progress asked(const struct settings *settings, struct lock *lock,
                                const struct event *event, struct action *action)
{
    struct own own = own_of(lock);
    switch ((enum store_outcome)event->reply->outcome) {
    case STORE_OK:
        return held(settings, lock, settings->fencing && own.doubtful ? own.doubt_ns : own.sent_ns,
                    event, action);
    case STORE_UNKNOWN:
        if (!own.doubtful) {
            own.doubtful = 1;
            own.doubt_ns = own.sent_ns;
            keep(lock, own);
        }
        return look(settings, lock, event, action);
    case STORE_NIL:
        if (own.doubtful && !settings->fencing) {
            return look(settings, lock, event, action);
        }
        put_doubt_off(lock);
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
    if (reply->outcome == STORE_OK &&
        (settings->fencing || token_equal(reply->value.token, lock->token))) {
        return held(settings, lock, own_of(lock).doubt_ns, event, action);
    }
    if (settings->fencing && reply->outcome == STORE_NIL) {
        put_doubt_off(lock);
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
    } else if (event->reply->outcome == STORE_OK) {
        put_doubt_off(lock);
    }
    return busy(settings, lock, event, action);
}

/* The number of the lock that it is to extend. */
static enum lock_progress adopted(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    const struct reply *reply = event->reply;
    assert(settings->fencing && lock->epoch == 0);
    if (reply->outcome == STORE_OK) {
        lock->epoch = (uint64_t)reply->value.integer;
        return extend(settings, lock, event, action);
    }
    lock->phase = reply->outcome == STORE_NIL ? IDLE : HELD;
    return reply->outcome == STORE_NIL ? LOCK_LOST : LOCK_UNCHANGED;
}

static enum lock_progress released(const struct settings *settings, struct lock *lock,
                                   const struct event *event, struct action *action)
{
    const struct reply *reply = event->reply;
    if (reply->outcome == STORE_OK) {
        lock->phase = IDLE;
        /* After an unanswered try, "not yours" may well be our own deletion. */
        return reply->value.integer == 1 || own_of(lock).doubtful ? LOCK_FREE : LOCK_LOST;
    }
    if (reply->outcome == STORE_UNKNOWN) {
        set_doubtful(lock, true);
    }
    if (lock_usable(lock, event->now_ns)) {
        return lock_rest(settings, lock, action, RELEASE_RESTING, LOCK_NO_WORD_OF_RELEASE);
    }
    lock->phase = IDLE; /* it has expired by itself */
    return LOCK_LOST;
}

/* An unanswered extension may be applied late, and then only lengthens what is still ours: no harm
 * can come of it, and nothing is counted on it. */
static enum lock_progress extended(const struct settings *settings, struct lock *lock,
                                   const struct reply *reply)
{
    lock->phase = HELD;
    if (reply->outcome != STORE_OK) {
        return LOCK_UNCHANGED;
    }
    if (reply->value.integer == 0) {
        lock->phase = IDLE;
        return LOCK_LOST;
    }
    lock->valid_until_ns = own_of(lock).sent_ns + lock_param(settings, LOCK_TTL);
    return LOCK_HELD;
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
        return set(settings, lock, event, action, ASKING, LOCK_ASKS);
    case DOUBTING:
        assert(reply);
        return looked(settings, lock, event, action);
    case EXTENDING:
        assert(reply);
        return extended(settings, lock, event->reply);
    case RELEASING:
        assert(reply);
        return released(settings, lock, event, action);
    case RELEASE_RESTING:
        assert(!reply);
        return give_back(lock, action);
    case CLEARING:
        assert(reply);
        return cleared(settings, lock, event, action);
    case ADOPTING:
        assert(reply);
        return adopted(settings, lock, event, action);
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

static const char *const texts[] = {
    [LOOKS - LOCK_TEXTS] = "cannot know whether the lock is its own: looks",
    [TAKES_BACK - LOCK_TEXTS] = "gives up waiting, and takes back what may still be its own",
    [TOO_LATE - LOCK_TEXTS] = "the lock came too late to be of use: gives it back",
    [ASKS_AGAIN - LOCK_TEXTS] = "cannot know whether the lock is its own: asks again",
    [ADOPTS - LOCK_TEXTS] = "asks which number its own lock has",
    NULL,
};

static const uint16_t times[] = {offsetof(struct own, sent_ns), offsetof(struct own, doubt_ns),
                                 NO_MORE_TIMES};

const struct lock_row lock_token = {
    .name = "token",
    .summary = "SET NX PX with a random token, released by compare-and-delete (redis-py's Lock)",
    .topologies = 1u << TOPOLOGY_SINGLE,
    .asks = 1u << STORE_PUT_IF_ABSENT | 1u << STORE_GET_TOKEN | 1u << STORE_DELETE_IF_EQUAL,
    .extends_by = 1u << STORE_EXTEND_IF_EQUAL,
    .fences_by = 1u << STORE_PUT_FENCED | 1u << STORE_GET_EPOCH,
    .counter = "the counter is a key of its own, and is lost with the data of the Redis",
    .params = lock_params,
    .moments = LOCK_MOMENTS,
    .texts = texts,
    .times = times,
    .acquire = acquire,
    .release = release,
    .extend = extend,
    .step = step,
};
