/* The lease: who holds the lock is the leader, and holds it by extending it again and again. As
 * Kubernetes' client-go does it, with its parameters, over any lock of the table.
 *
 *     RESTING ─▶ COMPETING ──held──▶ LEADING ─▶ RENEWING ──held──▶ LEADING …
 *        ▲          │  ▲                            ├──not extended──▶ LEADING, tries again
 *        │     busy │  │ after a while              ├──lost──▶ COMPETING
 *        │          ▼  │                            └──deadline──▶ [RELEASING] ─┐
 *        │    looks whose it is                                                 │
 *        └──────────────────────────────────────────────────────────────────────┘
 *
 * A candidate asks for the lock every retry × (1 … 1 + jitter), and beside that looks whose it is,
 * unless the lock does so by itself: that one it follows. The leader extends the lock every retry.
 * Its time counts from the sending of the last request that was answered: from then on the lock
 * lasts `duration` in the store, and the leader believes in itself for `renew_deadline` only. So it
 * steps down before the next one can lead, if its clock does not run slower than the server's by
 * more than duration / renew_deadline.
 *
 * The lock's value tells the holder: eight hex digits of its number, eight of its term, sixteen at
 * random. What another program has put there is a stranger's, whom nobody follows.
 *
 * A restarted leader with a stable id takes its own lock up again. It must then be sure that
 * nothing of its former life is still under way: a late deletion would take the lock from it
 * unheard.
 *
 * The term is one more than the highest that the new leader has seen. One who has seen none begins
 * with 1: a term of a lease tells one reign from the next, and is no fencing token.
 */
#ifndef HUSTINGS_LEASE_LEASE_H
#define HUSTINGS_LEASE_LEASE_H

#include "src/lock/lock.h"
#include "src/process.h"

/* Its parameters, in settings.value[OWNER_PROTOCOL]. */
enum lease_param {
    LEASE_DURATION,         /* the lock's time to live */
    LEASE_RENEW_DEADLINE,   /* a leader without a renewal for so long steps down */
    LEASE_RETRY,            /* between two renewals, and between two tries for the lock */
    LEASE_JITTER,           /* thousandths of retry by which a candidate waits longer, at most */
    LEASE_ON_RENEW_FAILURE, /* enum renew_failure */
    LEASE_HOLDER_ID,        /* enum holder_id */
    LEASE_RELEASE_ON_STOP   /* 1: a leader that steps down gives the lock back */
};

/* What a leader does whose renewals fail. */
enum renew_failure {
    RENEW_STOP,          /* steps down, by the deadline at the latest */
    RENEW_GO_ON,         /* leads on, and renews no more after the first failure */
    RENEW_RETRY_FOR_EVER /* leads on, whatever it hears, and renews on */
};

/* By what a candidate that finds the lock taken knows that it is the holder itself. */
enum holder_id {
    HOLDER_FRESH, /* by the whole value, which it has set in this life */
    HOLDER_STABLE /* by its number: a restarted leader takes up the term of its former life */
};

/* The tag of the look at the lock's value on the first server, and so on; those of the lock's
 * machine are lower. */
#define TAG_LOOK LOCK_TAGS

enum lease_phase {
    PHASE_COMPETING, /* the lock's machine is at work: asks, and waits for its next try */
    PHASE_LEADING,   /* waits for the next renewal */
    PHASE_RENEWING,  /* the lock's machine extends it */
    PHASE_RELEASING, /* the lock's machine gives it back */
    PHASE_RESTING    /* waits before it competes again */
};

enum lease_text {
    LEASE_LOOKS,
    LEASE_FOLLOWS,
    LEASE_FORMER,
    LEASE_STRANGER,
    LEASE_IS_FREE,
    LEASE_CANNOT_TELL,
    LEASE_LEADS,
    LEASE_RENEWS_AGAIN,
    LEASE_NOT_RENEWED,
    LEASE_RENEWS_NO_MORE,
    LEASE_LOST,
    LEASE_DEADLINE,
    LEASE_RESTS,
    LEASE_TOLD,
    LEASE_TOLD_IN_VAIN
};

/* Why it was elected: its reasons. */
enum lease_reason { LEASE_BY_LOCK = 1 };

/* What it remembers beside its claim and its lock. */
struct lease_own {
    int64_t
        renewed_ns;    /* when the last renewal that was answered was sent, or what took the lock */
    int64_t tried_ns;  /* when the last renewal was sent */
    uint64_t nonce;    /* of the value of the lock that it held last */
    uint64_t released; /* of the one that it gave back last */
    uint64_t term;     /* the highest that it has seen */
    uint16_t sees[SERVERS_MAX]; /* by server: whose the lock is there by the last look; 0: nobody */
    uint8_t phase;              /* enum lease_phase */
    uint8_t looking;            /* servers whose look is under way, as bits */
    uint8_t lock_rests;         /* PHASE_COMPETING: the lock's machine waits for its next try */
    uint8_t gave_up;            /* RENEW_GO_ON: it renews no more */
    uint8_t failed;             /* servers whose look failed, as bits */
    uint8_t zero[3];            /* always 0 */
};
_Static_assert(sizeof(struct lease_own) == 64, "the lease's state has grown padding");
_Static_assert(sizeof(struct lease_own) <= sizeof(((struct process *)0)->own), "it fits");

/* A process while it takes a step. */
struct lease {
    const struct settings *settings;
    struct process *process;
    const struct event *event; /* its fresh token says who would hold the lock */
    struct action *action;
    struct lease_own own;
};

static inline int64_t lease_param(const struct lease *self, enum lease_param which)
{
    return self->settings->value[OWNER_PROTOCOL][which];
}

static inline void lease_say(struct lease *self, enum lease_text text)
{
    self->action->why = why_of(OWNER_PROTOCOL, text);
}

static inline void lease_happened(struct lease *self, enum moment moment)
{
    self->action->happened |= 1u << moment;
}

/* --- claim.c --- */

/* The value of a lock that `holder` takes in a term, and the term of such a value. */
struct token lease_value(uint16_t holder, uint64_t term, uint64_t nonce);
uint64_t lease_term(struct token token);

/* Whom it goes by from now on. */
void lease_follow(struct lease *self, int32_t leader, uint64_t term);

/* It leads, by a lock that it has held since own.renewed_ns at least; no longer does. */
void lease_claims(struct lease *self);
void lease_resign(struct lease *self);

/* Whether it has had no renewal for longer than one may lead. */
bool lease_is_overdue(const struct lease *self);

/* Waits for retry x (1 ... 1 + jitter); and then competes again. */
void lease_wait(struct lease *self);
void lease_rest(struct lease *self, enum lease_text text);

/* --- leader.c --- */

/* The lock is held since this step. */
void lease_won(struct lease *self);

/* The next renewal is due; extends the lock; goes on after an event of the lock's machine. */
void lease_woke(struct lease *self);
void lease_renew(struct lease *self);
void lease_renewed(struct lease *self, enum lock_progress progress);

/* Steps down for want of a renewal, and goes on while the lock is given back. */
void lease_step_down(struct lease *self);
void lease_stepped_down(struct lease *self, enum lock_progress progress);

/* A command from outside: a leader steps down at once. It does not take its lock up again, whether
 * it gives that back or not. */
void lease_told(struct lease *self);

/* --- candidate.c --- */

/* Begins to compete, and goes on after an event of the lock's machine. */
void lease_compete(struct lease *self);
void lease_compete_on(struct lease *self);

/* Looks whose the lock is, and takes the answer in. */
void lease_look(struct lease *self);
void lease_heard(struct lease *self);

#endif
