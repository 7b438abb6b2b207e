/* What *alive*, *up*, *acting leader* and *settled* mean: for the nemesis while a trial runs, and
 * for checks and results afterwards. Nobody has a definition of his own.
 *
 *   alive           it was born and has not died since
 *   up              alive, started, and not paused
 *   acts as leader  alive, and leads by its own claim, whose time has not run out. A paused one
 * does
 *                   so too: it does not know that it stands still
 *   is inside       the critical section: likewise
 *   settled on X    everybody who is up follows X, and X is up and acts as leader. Programs of the
 *                   user's that elect a leader need not know whom: who names nobody is not asked
 *
 * Once everything is healed, those whom a fault has killed are to come back: until they have been
 * started again, nothing is settled.
 */
#ifndef HUSTINGS_HISTORY_CLUSTER_H
#define HUSTINGS_HISTORY_CLUSTER_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "src/process.h"

/* One process, as far as it can be seen from outside. */
struct cluster_member {
    bool alive, started, paused;
    struct claim claim; /* its last */
};

static inline bool cluster_is_up(const struct cluster_member *member)
{
    return member->alive && member->started && !member->paused;
}

/* `now_ns` is of the clock that the claim's until_ns is of. */
static inline bool cluster_acts_as_leader(const struct cluster_member *member, int64_t now_ns)
{
    return member->alive && member->claim.leads && now_ns < member->claim.until_ns;
}

static inline bool cluster_is_inside(const struct cluster_member *member, int64_t now_ns)
{
    return member->alive && member->claim.in_section && now_ns < member->claim.until_ns;
}

/* How everybody stands, counted. */
struct cluster_standing {
    uint32_t up;         /* members that are up */
    uint32_t following;  /* of these, who follow somebody */
    uint32_t groups;     /* different leaders that they follow; 2 may stand for more */
    uint64_t group_sum;  /* of those leaders' ids: with one group of followers, its leader */
    uint32_t to_be_back; /* whom a fault has killed and the healing is to bring back */
    bool may_be_silent;  /* whoever follows nobody is not asked */
};

/* Counts all of them, in O(n); whoever keeps count by himself need not. A member that is to be back
 * is alive for a host from the moment on that it brings it back, so that none is left to count. */
struct cluster_standing cluster_stands(const struct cluster_member *members, uint32_t count);

/* Whom everybody who is up follows, be that one alive or not; NOBODY: they do not agree, or nobody
 * is up. `healed`: everything is, so those who are to be back must be. */
static inline int32_t cluster_agrees_on(const struct cluster_standing *standing, bool healed)
{
    assert(standing->following <= standing->up && standing->groups <= standing->following);
    bool all = standing->may_be_silent || standing->following == standing->up;
    bool agree = standing->groups == 1 && all;
    return agree && (!healed || standing->to_be_back == 0) ? (int32_t)standing->group_sum : NOBODY;
}

/* Whether it is settled on the one whom it agrees on, `leader`. */
static inline bool cluster_is_settled(const struct cluster_member *leader, int64_t now_ns)
{
    return cluster_is_up(leader) && cluster_acts_as_leader(leader, now_ns);
}

#endif
