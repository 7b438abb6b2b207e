/* The history of a trial: everything that happened, in order. The hub of the harness: hosts write
 * it, checks and results read it, and nobody downstream knows which host made it.
 *
 * An event is a fixed record of 64 bytes, so that children can write it into shared memory and the
 * model into an array. Times are nanoseconds of one clock (CLOCK_MONOTONIC, or the model's virtual
 * clock) relative to t0, the moment when every process is up and connected; what happened while
 * connecting is negative.
 *
 *   kind              process   payload   meaning
 *   HISTORY_BORN      its own   -         the process exists (forked, connected); not started yet
 *   HISTORY_STARTED   its own   -         its step machine got EVENT_STARTED
 *   HISTORY_DIED      its own   died      gone: by a fault, or by itself (exit status, signal);
 *                                         of a program, `why` says how its log ends
 *   HISTORY_PAUSED    its own   -         it was stopped by a fault
 *   HISTORY_RESUMED   its own   -         it goes on
 *   HISTORY_REQUEST   its own   request   a request goes out
 *   HISTORY_REPLY     its own   reply     its answer was taken in
 *   HISTORY_CLAIM     its own   claim     its claim changed, or moments happened without a change
 *   HISTORY_DECIDED   its own   decided   it decided who is to lead
 *   HISTORY_FAULT     target    fault     a fault was applied to it (HARNESS: to a server or key)
 *   HISTORY_HEALED    target    fault     and undone, at its own end
 *   HISTORY_SKIPPED   target    fault     it was due, but nothing was done: `why` says the reason.
 *                                         HARNESS: to a server or key, or there was no target
 *   HISTORY_OUTSIDE   whose     -         it was stopped, killed or resumed, not by the scenario:
 *                                         `why` says what. HARNESS: the server, or a relay
 *   HISTORY_UNDECIDED HARNESS   -         the harness could not do what the scenario orders: the
 *                                         trial cannot be judged, and `why` is the reason
 *   HISTORY_OBSCURE   its own   -         from now on nobody can tell by its traffic what it
 *                                         believes, or does to the lock: `why` is the reason
 *   HISTORY_COMMAND   its own   command   a program sends a command that is no request for the
 *                                         lock, or was answered; or, with the text of the fault as
 *                                         `why`, a command of anybody's met a fault that awaited it
 *   HISTORY_EXPIRED   HARNESS   key       a key in the store ran out, or was lost: `why` says how;
 *                                         at that time, whenever the store or the harness noticed
 *   HISTORY_PHASE     HARNESS   phase     the run enters this phase
 *   HISTORY_MORE      as before more      more runs of the ballot of the HISTORY_REPLY just before
 *
 * A ballot is recorded as runs of consecutive ids of equal status: `runs` says how many in all; the
 * first HISTORY_REPLY_RUNS are in the reply, the rest in HISTORY_MORE records that follow it at
 * once.
 */
#ifndef HUSTINGS_HISTORY_HISTORY_H
#define HUSTINGS_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/ops/op.h"
#include "src/process.h"

/* Why HISTORY_OBSCURE, where the scenario can settle it; what it does to the lock can be told. */
#define OBSCURE_OUTLIVED                                                                           \
    "it acted on a lock as its own whose connection it had closed; lock_outlives: true in the "    \
    "scenario settles that"

enum history_kind {
    HISTORY_BORN,
    HISTORY_STARTED,
    HISTORY_DIED,
    HISTORY_PAUSED,
    HISTORY_RESUMED,
    HISTORY_REQUEST,
    HISTORY_REPLY,
    HISTORY_CLAIM,
    HISTORY_DECIDED,
    HISTORY_FAULT,
    HISTORY_HEALED,
    HISTORY_SKIPPED,
    HISTORY_OUTSIDE,
    HISTORY_UNDECIDED,
    HISTORY_OBSCURE,
    HISTORY_COMMAND,
    HISTORY_EXPIRED,
    HISTORY_PHASE,
    HISTORY_MORE,
    HISTORY_KINDS
};

/* `process` of events that belong to no process: the harness itself. */
#define HISTORY_HARNESS UINT16_MAX

/* `index` of a fault that is not of the scenario: somebody did it by hand while the trial ran. */
#define HISTORY_HAND (UINT16_MAX - 1)

/* No event is farther from t0 than this, 31 years in ns, and no duration of the facts is longer: so
 * times can be subtracted, and a duration added. */
#define HISTORY_TIME_MAX INT64_C(1000000000000000000)

/* `server` of an event that is about none, among those that may be about one: REQUEST, REPLY,
 * EXPIRED, FAULT, HEALED, SKIPPED and OUTSIDE. Where there is only one server it is always 0. */
#define NO_SERVER UINT8_MAX

enum history_phase { PHASE_SAFETY, PHASE_LIVENESS, PHASE_END };

struct ballot_run {
    uint16_t from; /* first id */
    uint16_t to;   /* last id, inclusive */
    uint16_t status;
    uint16_t zero;
};

#define HISTORY_REPLY_RUNS 3
#define HISTORY_MORE_RUNS 5

struct history_request {
    uint32_t number; /* counts a process's requests from 1; the reply bears the same */
    uint8_t moment;  /* enum moment, or MOMENT_NONE */
    uint8_t op, key, status;
    uint16_t id;
    uint16_t zero;
    uint32_t ttl_ms;
    union {
        struct token token;
        struct result result;
        uint64_t number;
    } value;
};

struct history_reply {
    uint32_t number;
    uint8_t op;
    uint8_t outcome; /* enum store_outcome */
    uint16_t runs;   /* of a ballot: runs in all */
    uint8_t moment;  /* of its request; files do not write it down */
    uint8_t zero[7];
    union {
        int64_t integer;
        struct token token;
        struct result result;
        struct {
            struct token token; /* as above: its holder */
            uint32_t lease_ms;
            uint32_t transitions;
        } record;
        struct ballot_run runs[HISTORY_REPLY_RUNS];
    } value;
};

/* A process says by its own clock until when it leads. Recorded is the time of the history at which
 * that clock will show it, as it runs at the moment; if the clock is shifted afterwards, the next
 * step records the claim anew. */
struct history_claim {
    struct claim claim;
    uint32_t happened; /* bits 1u << enum moment */
    uint8_t inferred;  /* 1: it did not say so; that is what it must believe by its traffic */
    uint8_t zero[3];
};

struct history_decided {
    struct decision decision; /* its basis is a tag of its time, … */
    uint32_t number;          /* … and this is the number of that request; 0: there was none */
    uint32_t zero;
};

struct history_fault {
    uint16_t index;    /* of the scenario's faults, as listed in the file; HISTORY_HAND: it was done
                        * by hand; HISTORY_HARNESS: the healing */
    uint16_t kind;     /* a row of sim/faults/fault.h's table */
    uint32_t instance; /* counts the faults that were due, from 0: one entry may fire many times */
    int64_t param;     /* the fault's main parameter: a status, or a duration in ns; 0: none */
};

/* A command of a program's, by name: its answer bears the same number. */
#define HISTORY_NAME 16
#define HISTORY_KEY 16
struct history_command {
    uint32_t number; /* counts its commands from 1, as they are heard */
    uint32_t bytes;  /* of the command */
    uint8_t answered;
    uint8_t outcome;             /* enum store_outcome, if it is answered */
    char name[HISTORY_NAME - 2]; /* in capitals, cut */
    char key[HISTORY_KEY];       /* the first that it names, without the trial's prefix; cut */
};

struct history_died {
    uint8_t by_fault; /* 1: a fault killed it */
    uint8_t zero[3];
    int32_t exit_status; /* or -1 */
    int32_t signal;      /* or 0 */
};

struct history_event {
    int64_t at_ns;
    const char *why; /* a literal or interned text; may be NULL */
    uint32_t seq;    /* order within one writer; after merging, place in the history */
    uint8_t kind;
    uint8_t server; /* from 0; NO_SERVER: it is about none */
    uint16_t process;
    union {
        struct history_request request;
        struct history_reply reply;
        struct history_claim claim;
        struct history_decided decided;
        struct history_fault fault;
        struct history_died died;
        struct history_command command;
        uint8_t key;   /* HISTORY_EXPIRED */
        uint8_t phase; /* HISTORY_PHASE: enum history_phase */
        struct ballot_run more[HISTORY_MORE_RUNS];
    };
};
_Static_assert(sizeof(struct history_event) == 64, "a history event is one cache line");

/* What a reader of a history must know that is not an event: who took part under which rules, and
 * the bounds that were promised. Written as the head of the JSON-lines file. */
struct history_facts {
    char scenario[64];
    char host[16]; /* "processes" or "model" */
    uint32_t trial;
    uint64_t seed; /* of this trial */
    struct settings settings;
    int64_t settles_within_ns; /* checks no_leader and disagreement; 0: not demanded */
    int64_t lock_within_ns;    /* check starvation; 0: not demanded */
    bool heals;                /* the run has a liveness phase */
    bool programs;             /* some member is a program of the user's */
};

/* A whole trial. Events are in order of (at_ns, writer, seq); events[i].seq == i. */
struct history {
    struct history_facts facts;
    struct history_event *events; /* owned: history_free() */
    size_t count;
    size_t capacity;
    char **texts; /* interned `why` of a history read from a file; owned */
    size_t text_count;
};

/* Whether the event is about a server, in a history that has several. */
static inline bool history_names_server(const struct history_event *event)
{
    const uint32_t kinds = 1u << HISTORY_REQUEST | 1u << HISTORY_REPLY | 1u << HISTORY_EXPIRED |
                           1u << HISTORY_FAULT | 1u << HISTORY_HEALED | 1u << HISTORY_SKIPPED;
    if (event->kind == HISTORY_OUTSIDE) {
        return event->process == HISTORY_HARNESS && event->server != NO_SERVER;
    }
    return kinds & 1u << event->kind && event->server != NO_SERVER;
}

/* Whether it is a request to the protected resource, or its answer. */
static inline bool history_is_on_resource(const struct history_event *event)
{
    return event->kind == HISTORY_REQUEST ? op_has(event->request.op, OP_ON_RESOURCE)
           : event->kind == HISTORY_REPLY ? op_has(event->reply.op, OP_ON_RESOURCE)
                                          : false;
}

/* Whether the answer says that the request did what it asks for (op_applied). */
static inline bool history_applied(const struct history_reply *reply)
{
    bool number = op_rows[reply->op]->answers == VALUE_DONE;
    return op_applied(reply->op, reply->outcome, number ? reply->value.integer : 0);
}

/* No place in a history. */
#define HISTORY_NOWHERE SIZE_MAX

/* The request that the answer at `index` is to; HISTORY_NOWHERE: it is not there. Walks back over
 * what lies between. */
size_t history_asked(const struct history *history, size_t index);

/* Appends a copy; grows by doubling. False when memory is out. */
bool history_append(struct history *history, const struct history_event *event);

/* Frees the events and texts, and zeroes the struct. */
void history_free(struct history *history);

/* Turns a ballot into the reply event plus as many HISTORY_MORE events as needed, handed to `put`
 * one by one. `reply` must be filled but for the runs. */
void history_put_ballot(struct history_event *reply, struct ballot ballot,
                        void (*put)(void *writer, struct history_event *event), void *writer);

/* Reads the ballot of the HISTORY_REPLY at `index` back. Writes up to `capacity` votes and returns
 * how many the ballot has. */
size_t history_ballot(const struct history *history, size_t index, struct vote *votes,
                      size_t capacity);

#endif
