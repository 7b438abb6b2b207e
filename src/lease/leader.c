/* The leader of the lease: renews, and steps down. See lease.h. */
#include "src/lease/lease.h"

#include <assert.h>

#include "src/lock/lock.h"

/* Until the next renewal, or the end of what it may believe. */
static void lead_on(struct lease *self, enum lease_text text)
{
    int64_t next_ns = self->own.tried_ns + lease_param(self, LEASE_RETRY);
    int64_t until_ns = self->process->claim.until_ns;
    assert(self->process->claim.leads);
    int64_t wait_ns = (next_ns < until_ns ? next_ns : until_ns) - self->event->now_ns;
    if (self->own.gave_up) {
        wait_ns = lease_param(self, LEASE_DURATION); /* nothing is left to do */
    }
    self->own.phase = PHASE_LEADING;
    wait_ns = wait_ns > 0 ? wait_ns : 0;
    action_wait(self->action, wait_ns, wait_ns);
    lease_say(self, text);
}

void lease_stepped_down(struct lease *self, enum lock_progress progress)
{
    assert(!self->process->claim.leads);
    self->own.phase = PHASE_RELEASING;
    if (progress != LOCK_PENDING) {
        lease_rest(self, LEASE_RESTS);
    }
}

/* What is still under way no longer matters, unless it has just been answered. `text` says why, if
 * the lock is not given back. */
static void step_down(struct lease *self, enum lease_text text)
{
    if (self->own.phase == PHASE_RENEWING && self->event->kind != EVENT_REPLY) {
        lock_drop(self->settings, &self->process->lock, self->action);
    }
    lease_resign(self);
    self->action->wake[TIMER_PROTOCOL].order = TIMER_CANCEL;
    if (lease_param(self, LEASE_RELEASE_ON_STOP)) {
        self->own.released = self->own.nonce;
        lease_stepped_down(
            self, lock_release(self->settings, &self->process->lock, self->event, self->action));
    } else {
        lease_rest(self, text);
    }
}

/* Without a renewal until the deadline. */
void lease_step_down(struct lease *self)
{
    step_down(self, LEASE_DEADLINE);
}

void lease_told(struct lease *self)
{
    assert(self->event->kind == EVENT_COMMAND);
    if (self->event->command != COMMAND_RESIGN || !self->process->claim.leads) {
        lease_say(self, LEASE_TOLD_IN_VAIN);
        return;
    }
    assert(self->own.phase == PHASE_LEADING || self->own.phase == PHASE_RENEWING);
    self->own.released = self->own.nonce;
    step_down(self, LEASE_TOLD);
}

/* The lock is held, by a request of which it says when its time began. */
static void note_renewal(struct lease *self, int64_t sent_ns)
{
    int64_t until_ns = self->process->lock.valid_until_ns;
    self->own.renewed_ns =
        until_ns == INT64_MAX ? sent_ns : until_ns - lease_param(self, LEASE_DURATION);
}

static void not_renewed(struct lease *self)
{
    if (!self->process->claim.leads) {
        lease_rest(self, LEASE_RESTS); /* it would have led by this one */
    } else if (lease_param(self, LEASE_ON_RENEW_FAILURE) == RENEW_GO_ON) {
        self->own.gave_up = 1;
        lead_on(self, LEASE_RENEWS_NO_MORE);
    } else if (lease_is_overdue(self)) {
        lease_step_down(self);
    } else {
        lead_on(self, LEASE_NOT_RENEWED);
    }
}

void lease_renewed(struct lease *self, enum lock_progress progress)
{
    assert(self->own.phase == PHASE_RENEWING);
    if (progress == LOCK_PENDING) {
        return;
    }
    if (progress == LOCK_HELD) {
        note_renewal(self, self->own.tried_ns);
    }
    if (progress == LOCK_LOST && lease_param(self, LEASE_ON_RENEW_FAILURE) == RENEW_STOP) {
        lease_resign(self);
        self->own.phase = PHASE_RESTING;
        action_wait(self->action, 0, 0); /* competes at once, and looks whose it is */
        lease_say(self, LEASE_LOST);
    } else if (progress != LOCK_HELD || lease_is_overdue(self)) {
        not_renewed(self);
    } else {
        enum lease_text text = self->process->claim.leads ? LEASE_RENEWS_AGAIN : LEASE_LEADS;
        lease_claims(self);
        lead_on(self, text);
    }
}

void lease_renew(struct lease *self)
{
    int64_t left_ns = self->process->claim.until_ns - self->event->now_ns;
    self->own.phase = PHASE_RENEWING;
    self->own.tried_ns = self->event->now_ns;
    if (self->process->claim.leads && self->process->claim.until_ns != INT64_MAX) {
        action_wait(self->action, left_ns, left_ns);
    }
    lease_renewed(self,
                  lock_extend(self->settings, &self->process->lock, self->event, self->action));
}

void lease_woke(struct lease *self)
{
    assert(self->own.phase == PHASE_LEADING && self->process->claim.leads);
    if (lease_is_overdue(self)) {
        lease_step_down(self);
    } else if (self->own.gave_up) {
        lead_on(self, LEASE_RENEWS_NO_MORE);
    } else {
        lease_renew(self);
    }
}

void lease_won(struct lease *self)
{
    assert(self->own.phase == PHASE_COMPETING && !self->process->claim.leads);
    self->own.tried_ns = self->event->now_ns;
    note_renewal(self, self->event->now_ns);
    if (lease_is_overdue(self)) {
        lease_renew(self); /* the answer took too long to lead by it */
        return;
    }
    lease_claims(self);
    lead_on(self, LEASE_LEADS);
}
