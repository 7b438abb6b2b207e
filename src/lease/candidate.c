/* A candidate of the lease, and the master: asks for the lock, looks whose it is, and goes by that.
 * See lease.h. */
#include "src/lease/lease.h"
#include "src/lock/lock.h"

/* The member that holds a lock of this value; NOBODY: it is a stranger's. */
static int32_t holder_of(const struct lease *self, struct token token)
{
    uint64_t id = token.high >> 32;
    return id > MASTER_ID && id <= self->settings->nodes ? (int32_t)id : NOBODY;
}

/* --- looking whose the lock is ---------------------------------------------------------------- */

void lease_look(struct lease *self)
{
    if (!self->own.looking) {
        self->own.looking = 1;
        struct request *request = action_send(self->action, STORE_GET_TOKEN, KEY_LOCK, MOMENT_NONE);
        request->tag = TAG_LOOK;
        request->server = self->own.looks_at;
        self->own.looks_at = (uint8_t)((self->own.looks_at + 1) % self->settings->servers);
    }
    lease_say(self, LEASE_LOOKS);
}

/* Whether a lock of this value is its own: of a former life, from before it stepped down, or by a
 * request that went unanswered. Not one that it has given back: that may still be under way. */
static bool is_its_own(const struct lease *self, struct token token)
{
    bool same_life = token.low == self->own.nonce || token.low == self->process->lock.token.low;
    bool stable = lease_param(self, LEASE_HOLDER_ID) == HOLDER_STABLE;
    return holder_of(self, token) == self->process->id && (same_life || stable) &&
           token.low != self->own.released;
}

static void heard_holder(struct lease *self, struct token token)
{
    int32_t holder = holder_of(self, token);
    uint64_t term = lease_term(token);
    if (holder != NOBODY && term > self->own.term) {
        self->own.term = term;
    }
    if (self->own.phase == PHASE_COMPETING && self->own.lock_rests && is_its_own(self, token)) {
        self->own.lock_rests = 0;
        self->action->timer = TIMER_CANCEL;
        self->process->lock.token = token;
        lease_renew(self);
        return;
    }
    /* One with its own number is its former life, and leads nobody any more. */
    bool former = holder == self->process->id;
    lease_follow(self, former ? NOBODY : holder, term);
    lease_say(self, former ? LEASE_FORMER : holder == NOBODY ? LEASE_STRANGER : LEASE_FOLLOWS);
}

void lease_heard(struct lease *self)
{
    const struct reply *reply = self->event->reply;
    self->own.looking = 0;
    if (self->process->claim.leads) {
        lease_say(self, LEASE_LEADS); /* the answer is older than that */
    } else if (reply->outcome == STORE_OK) {
        heard_holder(self, reply->value.token);
    } else if (reply->outcome == STORE_NIL) {
        lease_follow(self, NOBODY, 0);
        lease_say(self, LEASE_IS_FREE);
    } else {
        lease_say(self, LEASE_CANNOT_TELL);
    }
}

/* --- competing -------------------------------------------------------------------------------- */

static bool was_answered(const struct event *event)
{
    return event->kind == EVENT_REPLY && event->reply->outcome != STORE_REFUSED &&
           event->reply->outcome != STORE_UNKNOWN;
}

static void competed(struct lease *self, enum lock_progress progress)
{
    struct action *action = self->action;
    self->own.phase = PHASE_COMPETING;
    self->own.lock_rests = 0;
    if (progress == LOCK_HELD) {
        lease_won(self);
    } else if (progress != LOCK_PENDING) {
        lease_rest(self, LEASE_RESTS);
    } else if (action->timer == TIMER_SET && action->sends == 0) {
        self->own.lock_rests = 1;
        lease_wait(self);
        if (was_answered(self->event)) {
            lease_look(self);
        }
    }
}

void lease_compete(struct lease *self)
{
    self->process->lock.token = self->event->fresh; /* a lock that asks nothing keeps it */
    competed(self, lock_acquire(self->settings, &self->process->lock, self->event, self->action));
}

/* The next try for the lock, in a term beyond what it has seen since the last one. */
void lease_compete_on(struct lease *self)
{
    struct lock *lock = &self->process->lock;
    if (self->own.lock_rests && self->event->kind == EVENT_WOKE) {
        lock->token = lease_value(self->process->id, self->own.term + 1, lock->token.low);
    }
    competed(self, lock_step(self->settings, lock, self->event, self->action));
}
