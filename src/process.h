/* Everything that takes part in an election has one shape: a pure step machine.
 *
 *                      event                     action
 *        host  ─────────────────▶  step()  ─────────────────▶  host
 *              started               │                requests to servers, each with a tag
 *              an answer came        ▼                the timers: kept, set or cancelled
 *              woke up            process             tags whose answers no longer matter
 *              a command        (plain bytes)         stop
 *
 * A machine has no clock, random numbers, heap or socket. Each event brings the process's own
 * monotonic time and a fresh random token. Several requests may be outstanding, to several servers;
 * those to one server arrive there in the order in which they were sent. There are two timers,
 * the protocol's and the one of its work. After every step there is something to come: an answer, a
 * timer, or the end. A host may copy, compare and hash a `struct process`: it holds no pointers and
 * no hidden padding; and process_shift() moves one to another time.
 *
 * What a process says of itself is its *claim*; checks judge claims against each other. What just
 * happened in a step is a set of *moments*; hosts aim faults by them. Protocol code does no
 * logging: `why` names the text of a step.
 */
#ifndef HUSTINGS_PROCESS_H
#define HUSTINGS_PROCESS_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "src/moment.h"
#include "src/settings.h"
#include "src/store.h"

enum event_kind {
    EVENT_STARTED,
    EVENT_REPLY,  /* to the request of `tag` */
    EVENT_WOKE,   /* the timer `timer` ran out; it is cancelled now */
    EVENT_COMMAND /* from outside */
};

/* Whose timer it is. Of two that ring at once, the one that stands first here comes first. */
enum timer_of { TIMER_PROTOCOL, TIMER_WORK, TIMERS };

/* What a process may be told from outside. */
enum command {
    COMMAND_FLIP,   /* its status is to be `value`, an enum status */
    COMMAND_RESIGN, /* it is to lead no longer, and to leave all in good order */
    COMMANDS
};

struct event {
    enum event_kind kind;
    enum command command;      /* EVENT_COMMAND */
    int32_t value;             /* EVENT_COMMAND */
    uint8_t tag;               /* EVENT_REPLY */
    uint8_t timer;             /* EVENT_WOKE: enum timer_of */
    int64_t now_ns;            /* the process's own monotonic clock */
    struct token fresh;        /* random bits, never given before unless they were not taken */
    const struct reply *reply; /* EVENT_REPLY */
};

/* What a process decided: who is to lead, in which term, and why. */
struct decision {
    uint64_t term;   /* 0: terms are not counted, or nobody is to lead */
    int32_t leader;  /* NOBODY: there is none to be had */
    uint16_t reason; /* of the protocol's list, see protocol_reason(); 0: none */
    uint16_t basis;  /* the tag of the answer that it rests on */
};

/* The most requests of one step, and one more than the highest tag. */
#define SENDS_MAX 9
#define TAGS 32

enum timer_order { TIMER_KEEP, TIMER_SET, TIMER_CANCEL };

struct wake {
    int64_t min_ns; /* TIMER_SET: relative to event.now_ns; the host picks within */
    int64_t max_ns;
    uint64_t order; /* enum timer_order */
};

struct action {
    uint8_t sends;           /* requests that go out now, in this order */
    bool stop;               /* the process has finished */
    bool took_token;         /* event.fresh was used: the host must draw another */
    uint16_t why;            /* the text of this step, see why_of(); 0: none */
    uint32_t drop;           /* bits 1u << tag: outstanding requests whose answers no longer matter;
                             * no EVENT_REPLY comes for them, and the tags are free again: for a
                             * request of this very action, too */
    uint32_t happened;       /* bits 1u << enum moment of what this step did */
    struct decision decided; /* with MOMENT_DECIDES */
    struct wake wake[TIMERS];
    struct request send[SENDS_MAX]; /* those behind the last one that goes out are not zeroed */
};

/* What a process says of itself now. */
struct claim {
    int32_t follows;    /* the leader it goes by; NOBODY: none yet */
    uint8_t status;     /* enum status */
    uint8_t leads;      /* 1: it acts as leader */
    uint8_t in_section; /* 1: inside the critical section: holds the lock, to its knowledge */
    uint8_t zero;       /* always 0 */
    uint64_t term;      /* of the result it goes by; 0: none */
    int64_t until_ns;   /* it leads, and is inside, until then by its own clock; INT64_MAX: no
                         * end */
};

/* Words for what a row of a table remembers beside what all have in common: a struct of its own,
 * copied in and out by memcpy, with its size asserted. */
#define LOCK_WORDS 10
#define PROCESS_WORDS 8

/* Ends a list of offsets of times. */
#define NO_MORE_TIMES 0xffff

/* The state of a lock's machine, see lock.h. */
struct lock {
    struct token token;
    int64_t asked_ns;       /* when this acquire() began */
    int64_t valid_until_ns; /* held: stop using it then; INT64_MAX: no end */
    uint64_t epoch; /* with fencing: the number of the grant that it holds, or held last: the
                             * later grant has the higher one; 0: none yet */
    int64_t own[LOCK_WORDS];
    uint8_t phase;
    uint8_t zero[7];
};

/* By which claim a member works. */
enum works { WORKS_NOT, WORKS_AS_LEADER, WORKS_AS_HOLDER };

/* The state of its work, see work.h. */
struct work {
    int64_t sent_ns;     /* when the last write was sent */
    uint64_t grant;      /* the leader's term, or what tells this hold of the lock from others */
    uint8_t works;       /* enum works */
    uint8_t outstanding; /* 1: a write is under way */
    uint8_t begins;      /* 1: it is the first of this grant, the barrier */
    uint8_t zero[5];     /* always 0 */
};

struct process {
    struct claim claim;
    struct lock lock;
    struct work work;
    int64_t own[PROCESS_WORDS]; /* the protocol's */
    uint16_t id;
    uint8_t zero[6]; /* always 0 */
};

/* 'No hidden padding' is a promise that hosts rely on when they hash and compare states. */
static_assert(sizeof(struct claim) == 24, "struct claim has grown padding");
static_assert(sizeof(struct lock) == 128, "struct lock has grown padding");
static_assert(sizeof(struct work) == 24, "struct work has grown padding");
static_assert(sizeof(struct process) == 248, "struct process has grown padding");

/* --- for who writes a machine --- */

/* The value of action.why for a text of the protocol's or the lock's list. */
static inline uint16_t why_of(enum owner owner, unsigned text)
{
    return (uint16_t)((unsigned)owner << 8 | (text + 1));
}

/* Adds a request for the first server, with tag 0; it is returned to be completed. */
static inline struct request *action_send(struct action *action, uint8_t op, uint8_t key,
                                          uint8_t moment)
{
    assert(action->sends < SENDS_MAX);
    struct request *request = &action->send[action->sends++];
    memset(request, 0, sizeof *request);
    request->op = op;
    request->key = key;
    request->moment = moment;
    return request;
}

/* Sets a timer; the protocol's. */
static inline void action_wake(struct action *action, enum timer_of timer, int64_t min_ns,
                               int64_t max_ns)
{
    assert(0 <= min_ns && min_ns <= max_ns);
    struct wake *wake = &action->wake[timer];
    wake->min_ns = min_ns;
    wake->max_ns = max_ns;
    wake->order = TIMER_SET;
}

static inline void action_wait(struct action *action, int64_t min_ns, int64_t max_ns)
{
    action_wake(action, TIMER_PROTOCOL, min_ns, max_ns);
}

#endif
