/* Whether a stranger believes that it has the lock, as far as its traffic shows.
 *
 *     from    the OK of a request that takes the lock has been passed on to it
 *     until   it sends a release, or deletes the lock, whoever has it; what it gave back so before
 *             the OK came, it never believed to have
 *             an answer that has been passed on to it says that it has the lock no more: it could
 *             not be prolonged, or GET told of another token or of none
 *             it closes the connection on which it took the lock
 *             it has lost that connection, and asks for the lock anew: what it could not give back
 *             it has forgotten
 *             it dies
 *
 * That is inferred: a program may know better (by its own clock, a lock that it took has run out),
 * or worse. Who takes a lock on one connection and closes it at once, as a shell script does with
 * redis-cli, keeps it: tell so by `outlives`. Where nobody told, and the member later releases or
 * prolongs on another connection what it took on the one that it closed, it had believed on, and
 * for how long nobody knows: that is told as `outlived`.
 *
 * One member may hold several, by several of its threads: it believes as long as one of them does.
 *
 * Pure: no clock, no socket, no heap; times are its caller's. */
#ifndef HUSTINGS_WILD_BELIEF_H
#define HUSTINGS_WILD_BELIEF_H

#include "sim/wild/lock_traffic.h"

#define BELIEF_HOLDS 16

enum belief_end {
    BELIEF_LASTS,
    BELIEF_RELEASED, /* it sent a release */
    BELIEF_LOST,     /* it was told that it has it no more */
    BELIEF_CLOSED,
    BELIEF_DIED,
    BELIEF_ENDS
};

struct belief_hold {
    struct token token;
    uint64_t connection; /* on which it was taken */
    uint64_t order;      /* of the request that took it, see below */
    uint32_t number;     /* its caller's, of the request that took it */
    bool cut;            /* it has lost that connection, not closed it */
};

/* What ended because its connection was closed. */
struct belief_left {
    struct token token;
    bool older; /* it has taken the lock again since */
};

/* A release that was sent: it gives back what was asked for before it. */
struct belief_release {
    struct token token;
    uint64_t order;
};

/* Of one member, for one lock. Begin with a zeroed one. */
struct belief {
    bool outlives;       /* closing a connection ends nothing */
    uint64_t sent;       /* requests so far, which belief_sent() counts: their order */
    uint64_t all_before; /* the last delete of whatever was there */
    uint32_t releases;   /* so far; the last ones are kept, in a ring */
    struct belief_release released[BELIEF_HOLDS];
    uint32_t count; /* of `holds`: it believes if there is one */
    struct belief_hold holds[BELIEF_HOLDS];
    uint32_t left_count;
    struct belief_left left[BELIEF_HOLDS];
};

/* What a step changed. */
struct belief_change {
    bool begins;             /* it believes, and did not before … */
    bool ends;               /* … or the other way round */
    bool outlived;           /* what was ended by a closed connection had not ended */
    uint8_t why;             /* of what ended: enum belief_end */
    struct belief_hold hold; /* which was taken, or which ended last */
};

static inline bool belief_holds(const struct belief *belief)
{
    return belief->count > 0;
}

/* It has sent a request, which is given its order. */
struct belief_change belief_sent(struct belief *belief, struct wild_request *request);

/* The answer to its request has been passed on to it. */
struct belief_change belief_told(struct belief *belief, const struct wild_request *request,
                                 const struct wild_reply *reply, uint64_t connection,
                                 uint32_t number);

/* Why nobody can tell, after this answer, whether it believes; NULL: one can. Ask before
 * belief_told(). SET with XX and a token of which it did not have the lock: it may have taken the
 * lock over so, or given it back by writing another value. */
const char *belief_doubts(const struct belief *belief, const struct wild_request *request,
                          const struct wild_reply *reply);

/* A connection of its was lost: the server has closed it. It believes on. */
void belief_cut(struct belief *belief, uint64_t connection);

/* It has closed a connection; or it is dead, and its children. */
struct belief_change belief_closed(struct belief *belief, uint64_t connection);
struct belief_change belief_died(struct belief *belief);

/* In words, as the reason of a claim. */
const char *belief_end_words(uint8_t why);

#endif
