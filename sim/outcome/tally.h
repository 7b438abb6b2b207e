/* A running tally of a cluster: how many follow whom, who leads, who is inside the critical
 * section, and for how long. Costs O(1) an event, whatever the number of nodes. */
#ifndef HUSTINGS_OUTCOME_TALLY_H
#define HUSTINGS_OUTCOME_TALLY_H

#include "sim/checks/check.h"

/* Processes that claim something, in no order. */
struct claimers {
    uint16_t *ids; /* owned */
    uint32_t count;
};

struct tally {
    struct claimers leaders; /* the live processes that claim to lead */
    struct claimers holders; /* those that claim to be inside the critical section */
    uint32_t live_nodes;     /* without the master */
    int64_t now_ns;          /* all times are counted up to here */
    int64_t two_leaders_ns, two_lock_holders_ns;
    uint64_t entries;  /* into the critical section */
    uint32_t entered;  /* so many members entered it at least once */
    bool *has_entered; /* owned; of each */
};

/* An empty cluster. False when memory is out. Ends with tally_free() in any case. */
bool tally_begin(struct tally *tally, uint16_t nodes);
void tally_free(struct tally *tally);

/* Counts the times up to `now_ns`, as the cluster stood so far. Time before t0 does not count. */
void tally_pass(struct tally *tally, const struct view *view, int64_t now_ns);

/* Counts the event's process anew: the view as it is just after the event, with the process as it
 * was before. Call tally_pass() before the view takes the event in. A message (view_is_message)
 * need not be counted. */
void tally_event(struct tally *tally, const struct view *view, const struct history_event *event);

/* Whom everybody who is up follows (the master too), and who acts as leader if it is alive. Unlike
 * view_settled_on(), this knows the dead or paused leader whom all go on following. NOBODY: there
 * is none. */
int32_t followed_by_all(const struct view *view);

/* Whether an id is a live process, paused or not. An id that takes no part is not ours to bury: it
 * counts as alive. */
bool is_alive(const struct view *view, int32_t id);

#endif
