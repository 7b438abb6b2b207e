/* What the driver shows while trials run, and what it is ordered by hand: of the first of them.
 */
#ifndef HUSTINGS_PROCESSES_WATCH_H
#define HUSTINGS_PROCESSES_WATCH_H

#include "sim/processes/feed.h"

/* Start with zeros, but for the first three. */
struct watch {
    const struct host_events *events;
    const struct host_hand *hand; /* NULL: nobody does anything by hand */
    uint32_t trials;
    bool left;        /* nothing is shown any more */
    int64_t shown_ns; /* CLOCK_MONOTONIC */
    struct feed feed;
};

/* When something is to be shown next, CLOCK_MONOTONIC; INT64_MAX: nothing ever. */
int64_t watch_due(const struct watch *watch);

/* Shows the trial, if it is time: its events so far to whoever has the hand on it, or else its
 * progress. It may wait for ever, for the terminal. False: memory is out. */
bool watch_show(struct watch *watch, const struct run *run);

/* The run is broken off: nothing is shown from now on to whoever has the hand on it. */
void watch_leave(struct watch *watch);

/* Carries out what was ordered by hand; with NULL there is no trial to do it to, and that is said.
 */
void watch_orders(const struct watch *watch, struct run *run);

#endif
