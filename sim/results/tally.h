/* A running tally of a cluster: how many follow whom, who leads, who is inside the critical section,
 * and for how long. Costs O(1) an event, whatever the number of nodes. */
#ifndef HUSTINGS_RESULTS_TALLY_H
#define HUSTINGS_RESULTS_TALLY_H

#include "sim/checks/check.h"

/* What the tally has counted of one process. */
struct counted {
    bool alive;
    bool active; /* alive, started and not paused */
    bool leads;  /* alive and claims to */
    bool inside; /* alive and claims to be inside the critical section */
    int32_t follows;
};

struct tally {
    uint16_t nodes;
    struct counted *counted; /* [0 … nodes] */
    uint32_t *followers;     /* active ones that follow NOBODY, 0 … nodes, anybody else */
    uint16_t *leaders;       /* the ids of those that lead, in no order */
    uint32_t leader_count;
    uint32_t active, inside, live_nodes;
    int64_t followed_sum; /* of the ids that the active ones follow */
    int64_t now_ns;       /* all times are counted up to here */
    int64_t leaderless_ns, two_leaders_ns, two_lock_holders_ns;
};

/* An empty cluster. False when memory is out. Ends with tally_free() in any case. */
bool tally_begin(struct tally *tally, uint16_t nodes);
void tally_free(struct tally *tally);

/* Counts the times up to `now_ns`, as the cluster stood so far. Time before t0 does not count. */
void tally_pass(struct tally *tally, const struct view *view, int64_t now_ns);

/* Counts process `id` anew, as the view shows it. Call tally_pass() before. True if it changed. */
bool tally_process(struct tally *tally, const struct view *view, uint16_t id);

/* Whom the cluster has settled on: every live, started, unpaused process (the master too) follows
 * this id, and it leads if it is alive. NOBODY: not settled. */
int32_t tally_settled(const struct tally *tally);

/* Whether an id is a live process, paused or not. An id that takes no part is not ours to bury: it
 * counts as alive. */
bool tally_alive(const struct tally *tally, int32_t id);

#endif
