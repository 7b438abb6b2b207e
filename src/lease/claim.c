/* What a process of the lease says of itself, how long it waits, and the lock's value. See
 * lease.h. */
#include "src/lease/lease.h"

#include <assert.h>

/* --- what it says of itself ------------------------------------------------------------------- */

void lease_follow(struct lease *self, int32_t leader, uint64_t term)
{
    struct claim *claim = &self->process->claim;
    if (claim->follows != leader) {
        lease_happened(self, MOMENT_FOLLOWS);
    }
    claim->follows = leader;
    claim->term = leader == NOBODY ? 0 : term;
}

/* Whether it has had no renewal for too long. */
bool lease_is_overdue(const struct lease *self)
{
    return lease_param(self, LEASE_ON_RENEW_FAILURE) == RENEW_STOP &&
           self->event->now_ns >= self->own.renewed_ns + lease_param(self, LEASE_RENEW_DEADLINE);
}

void lease_resign(struct lease *self)
{
    struct claim *claim = &self->process->claim;
    if (!claim->leads) {
        return;
    }
    assert(claim->in_section && claim->follows == self->process->id);
    claim->leads = 0;
    claim->in_section = 0;
    claim->until_ns = INT64_MAX;
    lease_happened(self, MOMENT_RESIGNS);
    lease_follow(self, NOBODY, 0);
}

/* The lock is its own by the last answer: until when it leads, and that it does. */
void lease_claims(struct lease *self)
{
    struct claim *claim = &self->process->claim;
    uint64_t term = lease_term(self->process->lock.token);
    bool stops = lease_param(self, LEASE_ON_RENEW_FAILURE) == RENEW_STOP;
    assert(!lease_is_overdue(self));
    claim->until_ns =
        stops ? self->own.renewed_ns + lease_param(self, LEASE_RENEW_DEADLINE) : INT64_MAX;
    if (claim->leads) {
        return;
    }
    self->own.nonce = self->process->lock.token.low;
    self->own.term = term > self->own.term ? term : self->own.term;
    self->own.gave_up = 0;
    assert(!claim->in_section);
    claim->leads = 1;
    claim->in_section = 1;
    lease_happened(self, MOMENT_ACQUIRES_LOCK);
    lease_happened(self, MOMENT_DECIDES);
    lease_happened(self, MOMENT_LEADS);
    self->action->decided = (struct decision){.term = term,
                                              .leader = self->process->id,
                                              .reason = LEASE_BY_LOCK,
                                              .basis = self->event->tag};
    lease_follow(self, self->process->id, term);
}

/* --- waits ------------------------------------------------------------------------------------ */

void lease_wait(struct lease *self)
{
    int64_t retry = lease_param(self, LEASE_RETRY);
    action_wait(self->action, retry, retry + retry / 1000 * lease_param(self, LEASE_JITTER));
}

void lease_rest(struct lease *self, enum lease_text text)
{
    assert(!self->process->claim.leads);
    self->own.phase = PHASE_RESTING;
    lease_wait(self);
    lease_say(self, text);
}

/* --- the lock's value ------------------------------------------------------------------------- */

struct token lease_value(uint16_t holder, uint64_t term, uint64_t nonce)
{
    assert(holder > 0);
    return (struct token){.high = (uint64_t)holder << 32 | (uint32_t)term, .low = nonce};
}

uint64_t lease_term(struct token token)
{
    return token.high & UINT32_MAX;
}
