/* Everything that takes part in an election has one shape: a pure step machine.
 *
 *                      event                     action
 *        host  ─────────────────▶  step()  ─────────────────▶  host
 *              started               │                request to the store
 *              a reply arrived       ▼                wait (a range; the host picks)
 *              woke up            process             keep waiting
 *              was flipped      (plain bytes)         stop
 *
 * A machine has no clock, random numbers, heap or socket. Each event brings the process's own
 * monotonic time and a fresh random token; at most one request is outstanding. A host may copy,
 * compare and hash a `struct process`: it holds no pointers and no hidden padding.
 *
 * What a process says of itself is its *claim*; checks judge claims against each other. What just
 * happened in a step is a set of *moments*; hosts aim faults by them. Protocol code does no
 * logging: `why` is the trace text.
 */
#ifndef HUSTINGS_PROCESS_H
#define HUSTINGS_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "src/rules.h"
#include "src/settings.h"
#include "src/store.h"

enum event_kind { EVENT_STARTED, EVENT_REPLY, EVENT_WOKE, EVENT_FLIPPED };

struct event {
    enum event_kind kind;
    enum status flip_to;       /* EVENT_FLIPPED */
    int64_t now_ns;            /* the process's own monotonic clock */
    struct token fresh;        /* random bits, never given before unless they were not taken */
    const struct reply *reply; /* EVENT_REPLY: the answer to the outstanding request */
};

/* Moments: what a step did, or what its request means. A request's moment (ASKS_LOCK,
 * RELEASES_LOCK, REPORTS, READS, PUBLISHES) is the going out of that request; the others happen
 * inside the step. */
enum moment {
    MOMENT_ASKS_LOCK,
    MOMENT_ACQUIRES_LOCK,
    MOMENT_RELEASES_LOCK,
    MOMENT_REPORTS,
    MOMENT_READS,
    MOMENT_DECIDES,
    MOMENT_PUBLISHES,
    MOMENT_FOLLOWS, /* follows another leader than before */
    MOMENT_LEADS,   /* begins to act as leader, or does so in a new term */
    MOMENTS,
    MOMENT_NONE = MOMENTS
};

enum action_kind {
    ACTION_REQUEST, /* send `request`; an EVENT_REPLY will come */
    ACTION_WAIT,    /* send EVENT_WOKE after wake_min_ns … wake_max_ns, as the host picks */
    ACTION_KEEP,    /* whatever was outstanding (a request or a wait) stays so */
    ACTION_STOP     /* the process has finished */
};

struct action {
    enum action_kind kind;
    bool took_token;        /* event.fresh was used: the host must draw another */
    uint8_t request_moment; /* ACTION_REQUEST: enum moment, or MOMENT_NONE */
    uint32_t happened;      /* bits 1u << enum moment of what this step did */
    struct choice decided;  /* with MOMENT_DECIDES: whom, by which rule (NOBODY: empty ballot) */
    struct request request;
    int64_t wake_min_ns; /* ACTION_WAIT: relative to event.now_ns */
    int64_t wake_max_ns;
    const char *why; /* a string literal: the trace text of this step */
};

/* What a process says of itself now. */
struct claim {
    int32_t follows;    /* the leader it goes by; NOBODY: none yet */
    uint8_t status;     /* enum status */
    uint8_t leads;      /* 1: it acts as leader */
    uint8_t in_section; /* 1: inside the critical section: holds the lock, to its knowledge */
    uint8_t zero;       /* always 0 */
    uint64_t term;      /* of the result it goes by; 0: none */
    int64_t until_ns;   /* it leads until then by its own clock; INT64_MAX: no end */
};

/* The state of a lock's machine, see lock.h. */
struct lock {
    struct token token;
    int64_t asked_ns;       /* when this acquire() began */
    int64_t sent_ns;        /* when the last SET was sent */
    int64_t doubt_ns;       /* doubtful: when the first unanswered SET was sent */
    int64_t valid_until_ns; /* held: stop using it then */
    uint8_t phase;
    uint8_t doubtful; /* 1: a request that may have been applied went unanswered */
    uint8_t zero[6];
};

struct process {
    struct claim claim;
    struct lock lock;
    int64_t reported_ns;  /* when the last report was sent */
    uint64_t obeyed_term; /* the newest term in which it turned to submit or found itself elected */
    struct choice decided; /* the decision about to be published */
    struct result known;   /* the last result read or published; id NOBODY: none */
    uint16_t id;
    uint8_t phase;
    uint8_t must_report;  /* its status is not yet in the store */
    uint8_t sent_status;  /* what the report under way says */
    uint8_t round_failed; /* the round was given up: rest before the next */
    uint8_t looked;       /* a node has looked at the result since its last report */
    uint8_t zero;         /* always 0 */
};

/* 'No hidden padding' is a promise that hosts rely on when they hash and compare states. */
_Static_assert(sizeof(struct claim) == 24, "struct claim has grown padding");
_Static_assert(sizeof(struct lock) == 56, "struct lock has grown padding");
_Static_assert(sizeof(struct process) == 128, "struct process has grown padding");

#endif
