/* A member's state and its steps: what it shows to the driver and to the history with each, and
 * where it stands for a fault. The loop around them is member.h. */
#ifndef HUSTINGS_PROCESSES_MEMBER_STEP_H
#define HUSTINGS_PROCESSES_MEMBER_STEP_H

#include "sim/processes/link_commands.h"
#include "sim/processes/shared.h"

/* Random tokens are drawn by the dozen: one at a time, the call into the kernel would delay each
 * request that takes one. */
#define MEMBER_TOKENS 12

struct member {
    const struct settings *settings;
    struct link links[ALL_SERVERS_MAX]; /* one a server: [0 … settings_all_servers()) */
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
    int64_t now_ns;           /* CLOCK_MONOTONIC; the machine gets its own clock, see own_now() */
    int64_t timer_ns[TIMERS]; /* its own clock's; INT64_MAX: not set */
    bool looked;              /* nothing has come since a timer was found to ring */
    bool over;                /* the machine has stopped */
    uint32_t waited_for;      /* bits 1u << tag: outstanding, and not dropped */
    uint32_t numbers[TAGS];   /* of the last request with this tag */
    uint32_t resumed;         /* as last seen in the slot */
    struct claim shown;       /* the last claim recorded; its until_ns is in true time */
};

/* Tells the driver that there is something to be seen in the slot. */
void member_notify(const struct member *member);

/* Writes an event at member->now_ns. */
void member_record(struct member *member, struct history_event *event);

/* Its own clock, by which it takes its steps and waits: a fault may have shifted it. History is
 * written in true time. */
int64_t member_own_now(const struct member *member);

/* Draws the random bits of the next event. */
void member_draw_token(struct member *member);

/* Gives the machine an event at member->now_ns; `answered` is the request that it answers, or NULL.
 * The process may stand at a breakpoint, or stay in the critical section, before this returns. */
void member_take_step(struct member *member, struct event *event, const struct request *answered,
                      struct action *action);

/* Shows a request that is about to go out; and one whose answer is there, before anybody has taken
 * that in, if it says that the request was applied. */
void member_show_before(struct member *member, const struct request *request);
void member_show_applied(struct member *member, const struct link_answer *answer);

#endif
