/* A candidate of the lease: asks for the lock, looks whose it is, and goes by that. See lease.h. */
#include "src/lease/lease.h"

#include <assert.h>
#include <string.h>

#include "src/lock/lock.h"
#include "src/units.h"

/* The member that holds a lock of this value; NOBODY: it is a stranger's. */
static int32_t holder_of(const struct lease *self, struct token token)
{
    uint64_t id = token.high >> 32;
    return id > 0 && id <= self->settings->nodes ? (int32_t)id : NOBODY;
}

/* --- looking whose the lock is ---------------------------------------------------------------- */

/* On all servers at once. Several have less time: one that is down must not hide the others. */
void lease_look(struct lease *self)
{
    uint8_t servers = self->settings->servers;
    assert(servers > 0 && servers <= SERVERS_MAX);
    lease_say(self, LEASE_LOOKS);
    if (self->own.looking) {
        return;
    }
    self->own.failed = 0;
    memset(self->own.sees, 0, sizeof self->own.sees);
    self->own.looking = (uint8_t)((1u << servers) - 1);
    for (uint8_t server = 0; server < servers; server++) {
        struct request *request = action_send(self->action, STORE_GET_TOKEN, KEY_LOCK, MOMENT_NONE);
        request->tag = (uint8_t)(TAG_LOOK + server);
        request->server = server;
        request->timeout_ms =
            servers > 1 ? (uint32_t)(lease_param(self, LEASE_RETRY) / NS_PER_MS) : 0;
    }
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

/* The member that holds the lock on a majority of the servers; NOBODY: none does. */
static int32_t majority_holder(const struct lease *self)
{
    assert(self->settings->servers > 0 && self->settings->servers <= SERVERS_MAX);
    for (unsigned one = 0; one < self->settings->servers; one++) {
        unsigned same = 0;
        for (unsigned other = 0; other < self->settings->servers; other++) {
            same += self->own.sees[other] == self->own.sees[one];
        }
        if (2 * same > self->settings->servers && self->own.sees[one] != 0) {
            return self->own.sees[one];
        }
    }
    return NOBODY;
}

/* All have answered, or cannot; `heard` and its term are of the last answer. */
static void has_looked(struct lease *self, int32_t heard, uint64_t term, bool is_a_strangers)
{
    int32_t holder = majority_holder(self);
    assert(!self->own.looking && !self->process->claim.leads);
    bool former = holder == self->process->id;
    if (holder == NOBODY && self->own.failed) {
        lease_say(self, LEASE_CANNOT_TELL);
        return;
    }
    /* One with its own number is its former life, and leads nobody any more. */
    uint64_t known = holder == self->process->claim.follows ? self->process->claim.term : 0;
    uint64_t newest = known ? known : self->own.term;
    lease_follow(self, former ? NOBODY : holder, holder == heard ? term : newest);
    lease_say(self, former             ? LEASE_FORMER
                    : holder != NOBODY ? LEASE_FOLLOWS
                    : is_a_strangers   ? LEASE_STRANGER
                                       : LEASE_IS_FREE);
}

/* True: the lock is its own, and it takes it up. */
static bool takes_up(struct lease *self, struct token token)
{
    if (self->own.phase != PHASE_COMPETING || !self->own.lock_rests || !is_its_own(self, token) ||
        majority_holder(self) != self->process->id) {
        return false; /* what stands on a few servers only must not be kept alive */
    }
    self->own.lock_rests = 0;
    self->action->wake[TIMER_PROTOCOL].order = TIMER_CANCEL;
    self->process->lock.token = token;
    lease_renew(self);
    return true;
}

/* The lock is held on a server, with this value, or is not there. */
static void hear(struct lease *self, unsigned server, bool is_there, struct token token)
{
    int32_t holder = is_there ? holder_of(self, token) : NOBODY;
    uint64_t term = holder == NOBODY ? 0 : lease_term(token);
    self->own.sees[server] = (uint16_t)(holder == NOBODY ? 0 : holder);
    self->own.term = term > self->own.term ? term : self->own.term;
    if (self->process->claim.leads) {
        lease_say(self, LEASE_LEADS); /* the answer is older than that */
    } else if (is_there && takes_up(self, token)) {
        return;
    } else if (self->own.looking) {
        lease_say(self, LEASE_LOOKS);
    } else {
        has_looked(self, holder, term, is_there && holder == NOBODY);
    }
}

void lease_heard(struct lease *self)
{
    const struct reply *reply = self->event->reply;
    unsigned server = self->event->tag - TAG_LOOK;
    bool is_there = reply->outcome == STORE_OK;
    assert(server < self->settings->servers && self->own.looking & 1u << server);
    self->own.looking &= (uint8_t) ~(1u << server);
    self->own.failed |= (uint8_t)(is_there || reply->outcome == STORE_NIL ? 0 : 1u << server);
    hear(self, server, is_there, reply->value.token);
}

/* A lock that looks itself has told whose it is, or says why it cannot. */
static void see(struct lease *self, enum lock_sight sight, struct token holder)
{
    assert(self->settings->servers == 1 && !self->own.looking);
    self->own.failed = 0;
    if (sight != LOCK_SEES_NOTHING) {
        hear(self, 0, sight == LOCK_SEES_HOLDER, holder);
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
    assert(!self->process->claim.leads);
    self->own.phase = PHASE_COMPETING;
    self->own.lock_rests = 0;
    if (progress == LOCK_HELD) {
        lease_won(self);
    } else if (progress != LOCK_PENDING) {
        lease_rest(self, LEASE_RESTS);
    } else if (action->wake[TIMER_PROTOCOL].order == TIMER_SET && action->sends == 0) {
        self->own.lock_rests = 1;
        lease_wait(self);
        struct token holder;
        enum lock_sight sight;
        if (lock_sees(self->settings, &self->process->lock, &sight, &holder)) {
            see(self, sight, holder);
        } else if (was_answered(self->event)) {
            lease_look(self);
        }
    }
}

void lease_compete(struct lease *self)
{
    assert(!token_equal(self->event->fresh, (struct token){0, 0}));
    self->process->lock.token = self->event->fresh; /* a lock that asks nothing keeps it */
    competed(self, lock_acquire(self->settings, &self->process->lock, self->event, self->action));
}

/* The next try for the lock, in a term beyond what it has seen since the last one. */
void lease_compete_on(struct lease *self)
{
    struct lock *lock = &self->process->lock;
    assert(self->own.phase == PHASE_COMPETING);
    if (self->own.lock_rests && self->event->kind == EVENT_WOKE) {
        lock->token = lease_value(self->process->id, self->own.term + 1, lock->token.low);
    }
    competed(self, lock_step(self->settings, lock, self->event, self->action));
}
