/* A member: one process of the cluster at work. It runs a step machine against a real Redis, keeps
 * its slot up to date, and does what the driver rings for: start, flip, stand at a breakpoint,
 * stall.
 *
 * The same loop serves the forked members of a trial and `hustings node` by hand, which has a slot
 * of its own that nobody rings, and prints its events instead of recording them.
 */
#ifndef HUSTINGS_PROCESSES_MEMBER_H
#define HUSTINGS_PROCESSES_MEMBER_H

#include "sim/processes/link.h"
#include "sim/processes/shared.h"

/* Random tokens are drawn by the dozen: one at a time, the call into the kernel would delay each
 * request that takes one. */
#define MEMBER_TOKENS 12

struct member {
    const struct settings *settings;
    struct link link;
    struct member_slot *slot;
    struct breakpoints *breakpoints; /* NULL: none */
    int notify_fd;                   /* an eventfd of the driver's, or -1 */
    _Atomic uint32_t *notified; /* set while the eventfd is written and unread; with notify_fd */
    void (*record)(void *self, struct history_event *event); /* event.at_ns is set */
    void *record_self;
    uint64_t rng; /* picks within the waits */

    /* its own */
    struct process process;
    struct token fresh;                /* for the next event */
    struct token spare[MEMBER_TOKENS]; /* and for later ones */
    uint32_t spares;
    int64_t now_ns;         /* CLOCK_MONOTONIC; the machine gets its own clock, see own_now() */
    struct claim shown;     /* the last claim recorded; its until_ns is in true time */
    uint32_t numbers[TAGS]; /* of the last request that bore each tag */
};

/* Connects, and is answered, trying again for as long as `timeout_ns`; not so long when it is the
 * server that refuses. False with a line in member->link.error. */
bool member_connect(struct member *member, int64_t timeout_ns);

/* Runs until the machine stops. `id` is its own. Waits first until the slot says that it starts. */
void member_run(struct member *member, uint16_t id);

#endif
