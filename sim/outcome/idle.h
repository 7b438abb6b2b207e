/* Idle leaders: who acted as leader while it could not do anything, for how long at a stretch.
 * Where nobody leads by a lease (checks/idle_leader.c) no check watches this; the end of a run says
 * so.
 *
 * A leader is idle while it acts as leader (cluster.h), without an end of its time, and is paused,
 * or cut off from the Redis, or while the Redis itself is down or stalled, by a fault; of several
 * servers: while it reaches no majority of them. */
#ifndef HUSTINGS_OUTCOME_IDLE_H
#define HUSTINGS_OUTCOME_IDLE_H

#include "sim/history/reach.h"
#include "sim/outcome/outcome.h"

struct idle_one {
    int64_t since_ns; /* INT64_MAX: it is not idle */
};

struct idle {
    const struct view *view;
    struct idle_one *list; /* [0 … nodes], the caller's */
    struct reach reach;
    bool ever; /* something was ever in force that can make a leader idle */
    struct idle_leader longest;
};

/* Both lists are [0 … nodes], the caller's. */
void idle_begin(struct idle *idle, const struct view *view, struct idle_one *list,
                struct reach_one *reaches);

/* Takes in an event; the view is as it is just after it. */
void idle_event(struct idle *idle, const struct history_event *event);

/* The trial is over: what goes on ends now. */
void idle_end(struct idle *idle);

#endif
