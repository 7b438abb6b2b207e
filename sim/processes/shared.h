/* The memory that a trial's driver shares with the processes it forks.
 *
 *     driver                      ┌ slot 0: master ┐         child      (empty if there is none)
 *     commands, stalls ──────────▶│ slot 1: node 1 │◀─────── its claim, "I stand at a breakpoint"
 *     reads the history after ◀───│ …              │◀─────── its history: appends, never waits
 *                                 ├ breakpoints    ┤
 *                                 └ chunks of 63 events, handed out one by one ┘
 *
 * Every slot has one writer of history, its child; the last one's is the relay. Events go into
 * chunks of one page from a pool that is as large as the address space allows and costs memory only
 * where it is used. What a child
 * has written is there even if it is killed in the next instruction.
 */
#ifndef HUSTINGS_PROCESSES_SHARED_H
#define HUSTINGS_PROCESSES_SHARED_H

#include <poll.h>

#include "sim/host/breakpoint.h"
#include "sim/host/host.h"
#include "sim/host/skew.h"
#include "sim/processes/refusal.h"
#include "sim/text/clock.h"

#define CHUNK_EVENTS 63

struct chunk {
    _Atomic uint32_t count; /* of whole events */
    _Atomic uint32_t next;  /* index of the slot's next chunk; 0: none yet. Chunk 0 is never used */
    uint8_t zero[56];
    struct history_event events[CHUNK_EVENTS];
};
_Static_assert(sizeof(struct chunk) == 4096, "a chunk is a page");

enum slot_command { LANE_NONE, LANE_START, LANE_GO };

struct member_slot {
    int wake_fd; /* an eventfd, which a child inherits by this number; -1: none */

    /* driver → child; `wake_fd` is written (slot_wake) after any of these was set */
    _Atomic uint32_t started; /* 1: give the machine EVENT_STARTED */
    _Atomic uint32_t command; /* that waits for it (host/command.h), or 0 */
    _Atomic uint32_t go;      /* set to `stopped` by the driver: leave the breakpoint */
    _Atomic int64_t stall_ns; /* > 0: stay in the critical section this long, once */
    _Atomic uint32_t unstall; /* counts up: end a stall now */
    _Atomic uint32_t paused;  /* 1: it is stopped by a fault */
    _Atomic uint32_t resumed; /* counts up: it was stopped, and goes on now */
    _Atomic uint32_t held;   /* of a program (program.h) alone: 1: it is paused, it may not begin */
    _Atomic uint32_t felled; /* likewise: 1: a fault kills it */
    _Atomic uint32_t drain;  /* likewise, counts up: all that it has written is to be read, */
    _Atomic uint32_t drained; /* … which is done when its keeper sets this to the same */
    _Atomic uint32_t claims;  /* likewise, keeper → relay: 1: it has made a claim of its own */
    int program_status;       /* likewise, child → driver: how it ended, a wait status */
    struct shared_skew skew;  /* of its own clock from CLOCK_MONOTONIC */

    /* child → driver; the driver's eventfd is written after any of these was set */
    _Atomic uint32_t ready;       /* 1: connected */
    _Atomic uint32_t stopped;     /* > 0: stands at a breakpoint, a number that grows with each */
    struct breakpoint_hits hits;  /* the breakpoints it has hit; set before `stopped`, as */
    struct breakpoint_hits later; /* those of a program's that were hit while it stood already; */
    bool has_later;               /* its relay's alone */
    _Atomic int64_t stopped_ns;   /* since when, CLOCK_MONOTONIC */
    /* Likewise of a program's keeper, which stands apart from the relay that reads its traffic. */
    _Atomic uint32_t begun;                 /* 1: that it begins is in the history */
    _Atomic uint32_t kept_stopped, kept_go; /* alike: it does not stand */
    struct breakpoint_hits kept_hits;
    _Atomic int64_t kept_since_ns;
    _Atomic uint32_t reports;      /* how many of its reports were acknowledged */
    _Atomic uint32_t refusals;     /* how many requests the server answered with an error, since the
                                    * driver last looked and set it to 0 */
    char refusal[REFUSAL_WORDS];   /* the server's words, the first time; set before `refusals` */
    char refused[REFUSAL_COMMAND]; /* likewise: the command */
    int64_t refused_ns;            /* likewise: when that request was sent, CLOCK_MONOTONIC */
    uint8_t refusing;              /* likewise: the server */
    _Atomic uint32_t claim_turn;   /* odd while `claim` is being written */
    struct claim claim;

    /* the slot's history */
    _Atomic uint32_t first_chunk; /* read by others while it is written, as the chunks are */
    uint32_t last_chunk;
    uint32_t seq;
    uint32_t command_number; /* of a program: how many commands were heard; the relay's, as is … */
    bool obscure, outlived; /* … whether nobody can tell any more what it does to the lock, or only
                                not what it believes (OBSCURE_OUTLIVED), */
    uint32_t holds;         /* … on which servers it must believe to have the lock, as bits, */
    bool begins;            /* … and whether it just began to, on most of them */
    _Atomic uint32_t request_number; /* of a program two count: its keeper, and the relay */
};

struct shared {
    size_t size;                 /* of the whole mapping */
    uint32_t slot_count;         /* nodes + 1, and one for what the relay records (witness.h) */
    uint32_t chunk_limit;        /* size of the pool */
    _Atomic uint32_t next_chunk; /* the next unused one */
    _Atomic uint32_t overflow;   /* 1: the pool was used up, events were lost */
    _Atomic uint32_t notified;   /* 1: the eventfd was written and not yet read */
    _Atomic int64_t t0_ns;       /* CLOCK_MONOTONIC of the trial's zero; 0: not yet */
    struct breakpoints breakpoints;
    /* points into the mapping, which forked children have at the same place */
    struct member_slot *slots;
    struct chunk *chunks; /* likewise */
};

/* Maps the memory of a trial, and opens the wake-up of each slot: a descriptor each. NULL when the
 * kernel refuses, errno set. */
struct shared *shared_map(uint32_t slot_count);
void shared_unmap(struct shared *shared);

/* Appends an event to a slot: stamps `seq`, and `at_ns` with now unless it is set. Called by the
 * slot's one writer. */
void slot_record(struct shared *shared, struct member_slot *slot, struct history_event *event);

/* Publishes the claim of a slot; and reads it, whole. False, and nothing read: it is being written,
 * or its writer died while writing it. */
void slot_set_claim(struct member_slot *slot, const struct claim *claim);
/* Of a program, by the relay: unless it makes claims of its own, which it says (`claims`) before it
 * publishes the first. */
void slot_infer_claim(struct member_slot *slot, const struct claim *claim);
bool slot_claim(const struct member_slot *slot, struct claim *claim);

/* Opens the wake-up of a slot that stands alone. False: errno set. */
bool slot_open_wake(struct member_slot *slot);

/* Wakes a slot's child: it looks at what the driver set. */
void slot_wake(struct member_slot *slot);

/* Tells a slot's child, which is stopped, that it goes on now. */
void slot_tell_resumed(struct member_slot *slot);

/* Waits until the slot is woken, which it may have been before, or CLOCK_MONOTONIC reaches
 * `until_ns` (INT64_MAX: no bound). Who was woken looks at everything that it may be woken for. */
void slot_wait(struct member_slot *slot, int64_t until_ns);

/* The wake-up was found readable: it is not any more, until the slot is woken again. */
void slot_woken(struct member_slot *slot);

/* poll() with a time of CLOCK_MONOTONIC, to the nanosecond. */
int poll_until(struct pollfd *polled, unsigned count, int64_t until_ns);

/* What member `id` had at a server's lock key at this time, to its knowledge, claimed or inferred.
 * False: it did not believe that it held the lock. */
bool slot_lock_token(const struct shared *shared, uint16_t id, uint8_t server, int64_t at_ns,
                     struct token *token);

/* How far the events of a slot have been taken. Zeroed: there were none. */
struct shared_place {
    uint32_t chunk, count;
};

/* Appends all events of slots and the driver that have not been taken yet; `places` has one for
 * each slot. They are in order among themselves, as below, and may be earlier than others before
 * them: who was stopped while writing is late. While children write, this is safe. False when
 * memory is out. */
bool shared_take(const struct shared *shared, struct shared_place *places,
                 const struct history *extra, size_t *extra_taken, int64_t t0_ns,
                 struct history *history);

/* Moves all slots' events, and `extra` ones of the driver (ordered by time, in a slot of their
 * own), into one history, ordered by time, then slot, then seq; times relative to t0. False when
 * memory is out. */
bool shared_collect(const struct shared *shared, const struct history *extra, int64_t t0_ns,
                    struct history *history);

#endif
