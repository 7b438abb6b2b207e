/* The lock that is observed: a record without a time to live, compared and set whole
 * (src/record.h), as Kubernetes' client-go has it. A waiter times since when it last saw the record
 * change, by its own clock, and takes over when that is as long ago as the record itself says. So
 * no jump of the server's clock can take the lock from its holder.
 *
 *     TAKING ──ok──▶ HELD ──▶ RELEASING (holder empty) ──1──▶ free
 *      ▲  │ nil, unknown        ▲  └─0─▶ RELEASE_LOOKING ──not its own──▶ lost, or free
 *      │  ▼                     └────────── its own ┘
 *     LOOKING ──another's, and not for too long──▶ RESTING ──▶ LOOKING
 *
 *     HELD ──▶ RENEWING ──1──▶ HELD, counted from this request
 *                ▲  └──0──▶ lost; in doubt: CHECKING (whose is it?) ──not its own──▶ lost
 *                └── its own ───────────────┘
 *
 * The first try of each acquire() is for no record; each other looks, and takes where it can.
 *
 * An unanswered write may be applied late, but only until another is: it compares. Who has written
 * with success is in no doubt any more; until then, who renews looks first. What it finds to be its
 * own counts from the first unanswered request, or from a later look by which it was not; if it is
 * too old to go by, it is renewed first. Who gives up waiting in doubt takes nothing back: what may
 * be its own is anybody's when it has not changed for its time.
 *
 * A record that cannot be read is somebody's, and is waited for. It does not say for how long, so
 * it is never taken over. Each grant has the next number, transitions: the epoch.
 */
#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "src/lock/lock.h"
#include "src/units.h"

enum phase {
    IDLE,
    TAKING,
    LOOKING,
    RESTING,
    HELD,
    RENEWING,
    CHECKING,
    RELEASING,
    RELEASE_LOOKING,
    RELEASE_RESTING
};

enum text { LOOKS = LOCK_TEXTS, TAKES_OVER, CONFIRMS, UNREADABLE, CHECKS };

struct own {
    struct lease_record
        seen;           /* what it saw last, or wrote; lease_ms 0: that there is none, or nothing */
    uint64_t wrote_ms;  /* what its last request writes as renew_ms */
    int64_t changed_ns; /* when it saw that the record had changed */
    int64_t sent_ns;    /* when the last request was sent */
    int64_t doubt_ns;   /* doubtful: it has not been the holder unheard before that */
    uint8_t doubtful;   /* 1: a request that may have been applied went unanswered */
    uint8_t sight;      /* enum lock_sight: what the last look told */
    uint8_t zero[6];
};
_Static_assert(sizeof(struct own) == 80 && sizeof(struct own) <= sizeof(((struct lock *)0)->own),
               "a lock's own state has no padding, and fits");

/* The lock while it takes a step. */
struct turn {
    const struct settings *settings;
    struct lock *lock;
    const struct event *event;
    struct action *action;
    struct own own;
};

static struct turn begin(const struct settings *settings, struct lock *lock,
                         const struct event *event, struct action *action)
{
    struct turn turn = {settings, lock, event, action, {.sent_ns = 0}};
    memcpy(&turn.own, lock->own, sizeof turn.own);
    return turn;
}

static enum lock_progress end(struct turn *turn, enum lock_progress progress)
{
    memcpy(turn->lock->own, &turn->own, sizeof turn->own);
    return progress;
}

static bool is_its_own(const struct turn *turn)
{
    return token_equal(turn->own.seen.holder, turn->lock->token);
}

static enum lock_progress ask(struct turn *turn, enum phase phase, enum store_op op, unsigned text)
{
    static const uint8_t moments[STORE_OPS] = {
        [STORE_GET_RECORD] = MOMENT_NONE,
        [STORE_TAKE_RECORD] = MOMENT_ASKS_LOCK,
        [STORE_RENEW_RECORD] = MOMENT_EXTENDS_LOCK,
        [STORE_FREE_RECORD] = MOMENT_RELEASES_LOCK,
    };
    int64_t now_ns = turn->event->now_ns;
    assert(op == STORE_GET_RECORD || op == STORE_TAKE_RECORD || is_its_own(turn));
    struct request *request =
        lock_ask(turn->lock, turn->action, (uint8_t)phase, (uint8_t)op, moments[op], text);
    turn->own.sent_ns = now_ns;
    turn->own.wrote_ms = (uint64_t)(now_ns > 0 ? now_ns / NS_PER_MS : 0);
    request->value.from.token = turn->lock->token;
    if (op != STORE_GET_RECORD) {
        request->ttl_ms = op == STORE_FREE_RECORD ? 0 : lock_ttl_ms(turn->settings);
        request->value.from.now_ms = turn->own.wrote_ms;
        request->value.from.record = turn->own.seen;
    }
    return LOCK_PENDING;
}

/* The last write was applied: what is there now. What went unanswered before compares with what is
 * not there any more. */
static void note_written(struct turn *turn)
{
    uint32_t lease_ms = lock_ttl_ms(turn->settings);
    turn->own.seen =
        is_its_own(turn)
            ? record_renewed(&turn->own.seen, lease_ms, turn->own.wrote_ms)
            : record_taken(&turn->own.seen, turn->lock->token, lease_ms, turn->own.wrote_ms);
    turn->own.doubtful = 0;
}

/* The last write went unanswered, and may have been applied or come to be. */
static void note_doubt(struct turn *turn)
{
    turn->own.doubt_ns = turn->own.doubtful ? turn->own.doubt_ns : turn->own.sent_ns;
    turn->own.doubtful = 1;
}

/* Takes in what a look told. False: nothing; the record may be as it was, and then it has been so
 * all the time. */
static bool note_look(struct turn *turn)
{
    const struct reply *reply = turn->event->reply;
    struct lease_record there = {.lease_ms = 0};
    turn->own.sight = LOCK_SEES_NOTHING;
    if (reply->outcome == STORE_REFUSED || reply->outcome == STORE_UNKNOWN) {
        return false;
    }
    if (reply->outcome == STORE_OK) {
        there = reply->value.record;
        turn->own.sight = record_is_free(&there) ? LOCK_SEES_NOBODY : LOCK_SEES_HOLDER;
    } else if (reply->outcome == STORE_NIL) {
        turn->own.sight = LOCK_SEES_NOBODY;
    }
    if (!record_equal(&there, &turn->own.seen)) {
        turn->own.seen = there;
        turn->own.changed_ns = turn->event->now_ns;
    }
    if (!is_its_own(turn)) {
        turn->own.doubt_ns = turn->own.sent_ns;
    }
    return true;
}

/* --- acquiring -------------------------------------------------------------------------------- */

static enum lock_progress acquire(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    *lock = (struct lock){.asked_ns = event->now_ns, .token = event->fresh};
    action->took_token = true;
    struct turn turn = begin(settings, lock, event, action);
    return end(&turn, ask(&turn, TAKING, STORE_TAKE_RECORD, LOCK_ASKS));
}

/* No lock from this reply: rest and try again, unless the time to wait is up. */
static enum lock_progress busy(struct turn *turn, unsigned text)
{
    if (lock_patient(turn->settings, turn->lock, turn->event->now_ns)) {
        return lock_rest(turn->settings, turn->lock, turn->action, RESTING, text);
    }
    turn->lock->phase = IDLE;
    return LOCK_GIVEN_UP;
}

/* The record is its own since `since_ns` at the latest. */
static enum lock_progress held(struct turn *turn, int64_t since_ns)
{
    assert(is_its_own(turn) && since_ns <= turn->event->now_ns);
    turn->lock->valid_until_ns = since_ns + lock_param(turn->settings, LOCK_TTL);
    turn->lock->epoch = turn->settings->fencing ? turn->own.seen.transitions : 0;
    turn->lock->phase = HELD;
    return LOCK_HELD;
}

/* Likewise; if it heard of that too late to go by it, it renews first. */
static enum lock_progress held_or_confirms(struct turn *turn, int64_t since_ns)
{
    held(turn, since_ns);
    return lock_usable(turn->lock, turn->event->now_ns)
               ? LOCK_HELD
               : ask(turn, TAKING, STORE_RENEW_RECORD, CONFIRMS);
}

static enum lock_progress took(struct turn *turn)
{
    const struct reply *reply = turn->event->reply;
    if (reply->outcome == STORE_OK && reply->value.integer > 0) {
        note_written(turn);
        return held_or_confirms(turn, turn->own.sent_ns);
    }
    if (reply->outcome == STORE_REFUSED) {
        return busy(turn, LOCK_STORE_FAILED);
    }
    if (reply->outcome == STORE_UNKNOWN) {
        note_doubt(turn);
    }
    return ask(turn, LOOKING, STORE_GET_RECORD, LOOKS);
}

static enum lock_progress looked(struct turn *turn)
{
    if (!note_look(turn)) {
        return busy(turn, LOCK_STORE_FAILED);
    }
    if (turn->own.sight == LOCK_SEES_NOTHING) {
        return busy(turn, UNREADABLE);
    }
    if (turn->own.sight == LOCK_SEES_NOBODY) {
        return ask(turn, TAKING, STORE_TAKE_RECORD, LOCK_ASKS);
    }
    if (is_its_own(turn)) {
        return held_or_confirms(turn, turn->own.doubt_ns);
    }
    int64_t lasts_ns = turn->own.seen.lease_ms * NS_PER_MS;
    return turn->event->now_ns < turn->own.changed_ns + lasts_ns
               ? busy(turn, LOCK_IS_BUSY)
               : ask(turn, TAKING, STORE_TAKE_RECORD, TAKES_OVER);
}

static enum lock_sight sees(const struct lock *lock, struct token *holder)
{
    struct own own;
    memcpy(&own, lock->own, sizeof own);
    *holder = own.seen.holder;
    return (enum lock_sight)own.sight;
}

static enum lock_progress extend(const struct settings *settings, struct lock *lock,
                                 const struct event *event, struct action *action)
{
    struct turn turn = begin(settings, lock, event, action);
    bool knows = is_its_own(&turn) && !turn.own.doubtful;
    return end(&turn, knows ? ask(&turn, RENEWING, STORE_RENEW_RECORD, LOCK_EXTENDS)
                            : ask(&turn, CHECKING, STORE_GET_RECORD, CHECKS));
}

static enum lock_progress over(struct turn *turn, enum lock_progress progress)
{
    turn->lock->phase = progress == LOCK_UNCHANGED ? HELD : IDLE;
    return progress;
}

static enum lock_progress renewed(struct turn *turn)
{
    const struct reply *reply = turn->event->reply;
    if (reply->outcome == STORE_OK && reply->value.integer == 1) {
        note_written(turn);
        return held(turn, turn->own.sent_ns);
    }
    if (reply->outcome == STORE_OK) {
        return turn->own.doubtful ? ask(turn, CHECKING, STORE_GET_RECORD, CHECKS)
                                  : over(turn, LOCK_LOST);
    }
    if (reply->outcome == STORE_UNKNOWN) {
        note_doubt(turn);
    }
    return over(turn, LOCK_UNCHANGED);
}

static enum lock_progress checked(struct turn *turn)
{
    if (!note_look(turn)) {
        return over(turn, LOCK_UNCHANGED);
    }
    return is_its_own(turn) ? ask(turn, RENEWING, STORE_RENEW_RECORD, LOCK_EXTENDS)
                            : over(turn, LOCK_LOST);
}

/* --- releasing -------------------------------------------------------------------------------- */

static enum lock_progress release(const struct settings *settings, struct lock *lock,
                                  const struct event *event, struct action *action)
{
    struct turn turn = begin(settings, lock, event, action);
    turn.own.doubtful = 0;
    return end(&turn, is_its_own(&turn) ? ask(&turn, RELEASING, STORE_FREE_RECORD, LOCK_RELEASES)
                                        : ask(&turn, RELEASE_LOOKING, STORE_GET_RECORD, CHECKS));
}

/* Without an answer it asks again, until others may take over anyhow. */
static enum lock_progress no_word(struct turn *turn)
{
    return lock_usable(turn->lock, turn->event->now_ns)
               ? lock_rest(turn->settings, turn->lock, turn->action, RELEASE_RESTING,
                           LOCK_NO_WORD_OF_RELEASE)
               : over(turn, LOCK_LOST);
}

static enum lock_progress released(struct turn *turn)
{
    const struct reply *reply = turn->event->reply;
    if (reply->outcome == STORE_OK) {
        /* If not, a renewal that nobody waits for any more may have been there before. */
        return reply->value.integer == 1 ? over(turn, LOCK_FREE)
                                         : ask(turn, RELEASE_LOOKING, STORE_GET_RECORD, CHECKS);
    }
    if (reply->outcome == STORE_UNKNOWN) {
        note_doubt(turn);
    }
    return no_word(turn);
}

static enum lock_progress release_looked(struct turn *turn)
{
    if (!note_look(turn)) {
        return no_word(turn);
    }
    return is_its_own(turn) ? ask(turn, RELEASING, STORE_FREE_RECORD, LOCK_RELEASES)
                            : over(turn, turn->own.doubtful ? LOCK_FREE : LOCK_LOST);
}

static enum lock_progress go_on(struct turn *turn)
{
    switch ((enum phase)turn->lock->phase) {
    case TAKING:
        return took(turn);
    case LOOKING:
        return looked(turn);
    case RESTING:
        return ask(turn, LOOKING, STORE_GET_RECORD, LOOKS);
    case RENEWING:
        return renewed(turn);
    case CHECKING:
        return checked(turn);
    case RELEASING:
        return released(turn);
    case RELEASE_LOOKING:
        return release_looked(turn);
    case RELEASE_RESTING:
        return ask(turn, RELEASE_LOOKING, STORE_GET_RECORD, CHECKS);
    case IDLE:
    case HELD:
        break;
    }
    assert(false && "the lock was not pending");
    return LOCK_LOST;
}

static enum lock_progress step(const struct settings *settings, struct lock *lock,
                               const struct event *event, struct action *action)
{
    struct turn turn = begin(settings, lock, event, action);
    bool rests = lock->phase == RESTING || lock->phase == RELEASE_RESTING;
    assert(rests == (event->kind != EVENT_REPLY));
    return end(&turn, go_on(&turn));
}

static const char *const texts[] = {
    [LOOKS - LOCK_TEXTS] = "looks at the record",
    [TAKES_OVER - LOCK_TEXTS] = "the record has not changed for its time: takes it over",
    [CONFIRMS - LOCK_TEXTS] = "the record is its own, but too old to go by: renews it",
    [UNREADABLE - LOCK_TEXTS] = "the record cannot be read: it is somebody's, and is waited for",
    [CHECKS - LOCK_TEXTS] = "cannot know what became of its request: looks at the record",
    NULL,
};

static const struct param_row params[] = {
    LOCK_TTL_ROW_OF("after so long without a change others may take the lock over"),
    LOCK_RETRY_ROW,
    LOCK_WAIT_ROW,
    {.type = PARAM_NONE},
};

static const uint16_t times[] = {offsetof(struct own, changed_ns), offsetof(struct own, sent_ns),
                                 offsetof(struct own, doubt_ns), NO_MORE_TIMES};

const struct lock_row lock_record = {
    .name = "record",
    .summary = "a record without a TTL, compared and set whole; waiters time its changes by their "
               "own clocks (client-go's lock)",
    .topologies = 1u << TOPOLOGY_SINGLE,
    .asks = 1u << STORE_GET_RECORD | 1u << STORE_TAKE_RECORD | 1u << STORE_RENEW_RECORD |
            1u << STORE_FREE_RECORD,
    .extends_by = 1u << STORE_RENEW_RECORD,
    .fences_by = 1u << STORE_TAKE_RECORD,
    .counter = "the counter is in the record, and is lost whenever the record is",
    .params = params,
    .moments = LOCK_MOMENTS,
    .texts = texts,
    .times = times,
    .acquire = acquire,
    .release = release,
    .extend = extend,
    .step = step,
    .sees = sees,
};
