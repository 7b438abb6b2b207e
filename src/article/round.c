/* What the article's node and master do under one hold of the lock. See article.h. */
#include <assert.h>

#include "src/article/article.h"
#include "src/lock/lock.h"

static bool locks(const struct article *self)
{
    return self->process->id != MASTER_ID || article_param(self->settings, ARTICLE_MASTER_LOCKS) ||
           self->state.must_report;
}

/* Sends a request; returns it, to be completed with what else it says. */
static struct request *send(struct article *self, uint8_t phase, uint8_t moment, uint8_t op,
                            enum article_text text)
{
    self->state.phase = phase;
    self->action->why = why_of(OWNER_PROTOCOL, text);
    uint8_t key = op == STORE_SET_STATUS || op == STORE_READ_BALLOT ? KEY_NODES : KEY_RESULT;
    return action_send(self->action, op, key, moment);
}

/* Releases the lock; true if there was nothing to wait for. */
static bool leave(struct article *self)
{
    if (!self->process->claim.in_section) {
        return true; /* the master as published: it never took the lock */
    }
    assert(self->state.phase >= ARTICLE_REPORTING && self->state.phase <= ARTICLE_PUBLISHING);
    self->process->claim.in_section = 0;
    self->state.phase = ARTICLE_UNLOCKING;
    return lock_release(self->settings, &self->process->lock, self->event, self->action) !=
           LOCK_PENDING;
}

/* The round cannot go on: the store failed, or the lock has run out on our own clock. */
static bool give_up(struct article *self, enum article_text why)
{
    self->state.round_failed = 1;
    bool over = leave(self);
    self->action->why = why_of(OWNER_PROTOCOL, why);
    return over;
}

/* Whether the lock still covers another request. */
static bool lapsed(const struct article *self)
{
    return self->process->claim.in_section &&
           !lock_usable(&self->process->lock, self->event->now_ns);
}

/* Step 1: "submit own number and status to Redis". */
static void report(struct article *self)
{
    assert(self->process->claim.in_section);
    self->state.reported_ns = self->event->now_ns;
    self->state.sent_status = self->process->claim.status;
    struct request *request =
        send(self, ARTICLE_REPORTING, MOMENT_REPORTS, STORE_SET_STATUS, ARTICLE_REPORTS);
    request->id = self->process->id;
    request->status = self->process->claim.status;
}

static void recall(struct article *self)
{
    assert(article_decides(self->settings, self->process->id));
    send(self, ARTICLE_RECALLING, MOMENT_NONE, STORE_GET_RESULT, ARTICLE_LOOKS_UP);
}

/* Step 2: "get the status of all nodes". */
static void read_ballot(struct article *self)
{
    assert(self->state.phase == ARTICLE_RECALLING);
    send(self, ARTICLE_READING, MOMENT_READS, STORE_READ_BALLOT, ARTICLE_READS);
}

struct choice article_elect(const struct settings *settings, struct ballot ballot,
                            int32_t incumbent)
{
    return rules_elect(ballot, article_param(settings, ARTICLE_STICKY) ? incumbent : NOBODY);
}

/* The term in which `id` leads: another leader than the last one begins the next. */
static uint64_t term_of(const struct article *self, int32_t id)
{
    uint64_t last = self->state.known.term;
    if (id == NOBODY) {
        return 0;
    }
    return id == self->state.known.id ? last : last < TERM_MAX ? last + 1 : 1;
}

/* Step 3: "decide the result from the status of all nodes". */
static void decide(struct article *self, struct ballot ballot)
{
    assert(self->event->reply->outcome == STORE_OK);
    const struct choice choice = article_elect(self->settings, ballot, self->state.known.id);
    self->state.decided = choice;
    self->action->decided = (struct decision){.term = term_of(self, choice.id),
                                              .leader = choice.id,
                                              .reason = (uint16_t)choice.rule,
                                              .basis = self->event->tag};
    self->action->happened |= 1u << MOMENT_DECIDES;
}

/* Step 4: "submit the result to Redis". */
static void publish(struct article *self)
{
    assert(self->state.decided.id != NOBODY && self->state.decided.id != self->state.known.id);
    self->state.known = (struct result){.id = self->state.decided.id,
                                        .rule = self->state.decided.rule,
                                        .term = term_of(self, self->state.decided.id)};
    struct request *request =
        send(self, ARTICLE_PUBLISHING, MOMENT_PUBLISHES, STORE_SET_RESULT, ARTICLE_PUBLISHES);
    request->value.result = self->state.known;
}

/* The lock is held (or not needed): the first step of the round. */
static void enter(struct article *self)
{
    if (self->process->id != MASTER_ID || self->state.must_report) {
        report(self);
        return;
    }
    assert(article_decides(self->settings, self->process->id));
    recall(self);
}

static bool locked(struct article *self, enum lock_progress progress)
{
    assert(self->state.phase == ARTICLE_LOCKING && !self->process->claim.in_section);
    switch (progress) {
    case LOCK_PENDING:
        return false;
    case LOCK_HELD:
        self->process->claim.in_section = 1;
        self->action->happened |= 1u << MOMENT_ACQUIRES_LOCK;
        enter(self);
        return false;
    case LOCK_GIVEN_UP:
    case LOCK_FREE:
    case LOCK_UNCHANGED:
    case LOCK_LOST:
        break;
    }
    self->state.round_failed = 1;
    return true;
}

void article_round_begin(struct article *self)
{
    assert(!self->process->claim.in_section);
    self->state.round_failed = 0;
    if (!locks(self)) {
        enter(self);
        return;
    }
    self->state.phase = ARTICLE_LOCKING;
    bool over =
        locked(self, lock_acquire(self->settings, &self->process->lock, self->event, self->action));
    assert(!over);
}

/* Step 1 went through; a node whose status was flipped meanwhile still owes the newer one. */
static bool reported(struct article *self)
{
    assert(self->process->claim.in_section);
    if (self->process->claim.status == self->state.sent_status) {
        self->state.must_report = 0;
    }
    if (!article_decides(self->settings, self->process->id)) {
        return leave(self);
    }
    if (lapsed(self)) {
        return give_up(self, ARTICLE_LOCK_RAN_OUT);
    }
    recall(self);
    return false;
}

/* What cannot be read is as good as no result and will be overwritten, but the terms go on from the
 * last one that was read. */
static void take_note(struct article *self)
{
    const struct reply *reply = self->event->reply;
    if (reply->outcome == STORE_OK) {
        self->state.known = reply->value.result;
    } else {
        uint64_t term = reply->outcome == STORE_UNREADABLE ? self->state.known.term : 0;
        self->state.known = (struct result){.id = NOBODY, .term = term};
    }
}

static bool recalled(struct article *self)
{
    take_note(self);
    if (lapsed(self)) {
        return give_up(self, ARTICLE_LOCK_RAN_OUT);
    }
    read_ballot(self);
    return false;
}

static bool was_read(struct article *self)
{
    decide(self, self->event->reply->value.ballot);
    if (self->state.decided.id == NOBODY) {
        return leave(self);
    }
    if (self->state.decided.id == self->state.known.id) {
        article_obey(self, self->state.known);
        return leave(self);
    }
    if (lapsed(self)) {
        return give_up(self, ARTICLE_LOCK_RAN_OUT);
    }
    publish(self);
    return false;
}

static bool published(struct article *self)
{
    assert(self->state.known.id == self->state.decided.id);
    article_obey(self, self->state.known);
    return leave(self);
}

bool article_round_step(struct article *self)
{
    if (self->state.phase == ARTICLE_LOCKING) {
        return locked(self,
                      lock_step(self->settings, &self->process->lock, self->event, self->action));
    }
    if (self->state.phase == ARTICLE_UNLOCKING) {
        return lock_step(self->settings, &self->process->lock, self->event, self->action) !=
               LOCK_PENDING;
    }

    assert(self->event->kind == EVENT_REPLY);
    uint8_t outcome = self->event->reply->outcome;
    if (outcome == STORE_REFUSED || outcome == STORE_UNKNOWN) {
        return give_up(self, ARTICLE_STORE_FAILED);
    }
    if (outcome == STORE_UNREADABLE && self->state.phase != ARTICLE_RECALLING) {
        return give_up(self, ARTICLE_UNREADABLE_STATUSES);
    }
    switch ((enum article_phase)self->state.phase) {
    case ARTICLE_REPORTING:
        return reported(self);
    case ARTICLE_READING:
        return was_read(self);
    case ARTICLE_RECALLING:
        return recalled(self);
    case ARTICLE_PUBLISHING:
        return published(self);
    case ARTICLE_IDLE:
    case ARTICLE_ASKING:
    case ARTICLE_LOCKING:
    case ARTICLE_UNLOCKING:
        break;
    }
    assert(false && "not in a round");
    return true;
}
