/* What the state of a model consists of: members, servers, and what is between them. What is done
 * with these, the headers of the same names say.
 *
 *     member ── channel ──▶ connection ──▶ exchange ▶ exchange ▶ …    in the order of sending
 *       │                   (earlier connections, which nobody reads)
 *       └── own list: exchange ▶ exchange ▶ …    not sent yet, in vain (no answer will be read), or
 *                                                  answered on a connection that is closed
 */
#ifndef HUSTINGS_MODEL_PARTS_H
#define HUSTINGS_MODEL_PARTS_H

#include "sim/host/link_faults.h"
#include "sim/host/skew.h"
#include "sim/model/ballots.h"
#include "sim/ops/store.h"
#include "src/process.h"

/* --- exchanges: a request and its answer ------------------------------------------------------ */

#define NO_EXCHANGE UINT32_MAX
#define NO_CONNECTION UINT32_MAX

enum exchange_state {
    EXCHANGE_FREE,
    EXCHANGE_UNSENT,   /* in its owner's list: the channel connects */
    EXCHANGE_ASKED,    /* the request is on its way or waits at the server */
    EXCHANGE_SERVED,   /* the answer is on its way */
    EXCHANGE_ANSWERED, /* the answer is there, but was not yet taken in */
    EXCHANGE_VAIN      /* in its owner's list: ends with reply.outcome at `until_ns` */
};

/* What lies with an exchange and does not go on; see links.h. */
enum held {
    HELD_NOT,
    HELD_REQUEST, /* before it goes out */
    HELD_ANSWER,  /* before it reaches the process */
    HELD_FOR_EVER /* it is lost, the request or its answer */
};

struct exchange {
    struct request request;
    struct reply reply;
    struct hold hold;    /* HELD_REQUEST, HELD_ANSWER */
    int64_t until_ns;    /* its timeout ends */
    int64_t way_ns;      /* how long the request is under way; only with faults on links */
    int64_t next_ns;     /* when the message reaches the next place on its way, as far as known */
    uint32_t number;     /* of the request in the history */
    uint32_t ballot;     /* of the reply, see ballots.h; or NO_BALLOT */
    uint32_t connection; /* or NO_CONNECTION: it is in its owner's list */
    uint32_t next;       /* in the list that it is in */
    uint32_t next_held;  /* of those that wait for the end of a server's stall */
    uint16_t owner;      /* the member that asked */
    uint8_t state;       /* enum exchange_state */
    uint8_t held;        /* enum held */
    uint8_t mark; /* what happens to the answer: LINK_LOSE_REPLY, LINK_RESET; LINK_HEAL: nothing */
    bool dropped; /* its owner's machine wants no reply */
    bool abandoned; /* nobody reads what comes */
};

struct exchange_list {
    uint32_t first, last; /* NO_EXCHANGE: it is empty */
};

struct connection {
    struct exchange_list list;
    uint32_t next;  /* of the channel's earlier ones, or of the free ones */
    uint32_t stale; /* bits 1u << enum store_op: scripts that its process believes the server has */
    int64_t there_ns, back_ns; /* the last request arrives, and the last answer; order is kept */
    uint16_t owner;
    uint8_t server;
    uint8_t silent; /* bits of ways: a message was lost, and with it all behind it */
    bool in_use;
    bool earlier; /* nobody reads it any more */
    bool lost;    /* its server has died: what was not served never will be */
};

enum channel_state {
    CHANNEL_CLOSED,
    CHANNEL_CONNECTS, /* until `until_ns`; INT64_MAX: nobody knows */
    CHANNEL_OPEN,
    CHANNEL_BROKEN /* its member notices that when it sends, not before `until_ns` */
};

struct channel {
    int64_t until_ns;
    uint32_t connection; /* or NO_CONNECTION */
    uint32_t earlier;    /* the first of its connections that nobody reads, the latest first */
    uint8_t state;       /* enum channel_state */
    uint8_t failure;     /* CONNECTS: enum store_outcome that this comes to, or STORE_OK */
};

/* All exchanges and connections of a model. */
struct exchanges {
    struct exchange *list;
    struct connection *connections;
    uint32_t count, connection_count;
    size_t capacity, connection_capacity;
    uint32_t spare, spare_connection; /* the first free one */
};

/* --- servers and links ------------------------------------------------------------------------ */

enum server_state { SERVER_IS_UP, SERVER_IS_STALLED, SERVER_IS_DOWN, SERVER_IS_BOOTING };

struct modelled_server {
    struct store store;
    struct skew clock;       /* of its clock from the trial's */
    int64_t free_ns;         /* it is busy until then; INT64_MAX: it is not up */
    int64_t lock_expires_ns; /* the lock's TTL ends; INT64_MAX: it has none */
    uint8_t number;          /* its place in the array */
    uint8_t state;           /* enum server_state */
    bool oom;                /* refuses what would need memory */
    uint8_t refusals;        /* bits 1u << enum refusal: refuses whatever writes */
    bool foreign;            /* a list is kept at the lock's key */
    bool forgetful;          /* has forgotten scripts, and not been told all of them again */
    bool keeps_image;        /* what survives is not simply everything or nothing */
    uint32_t scripts;        /* forgetful: bits 1u << enum store_op of the scripts that it has */
    uint32_t pending;        /* bits 1u << enum server_fault: to recover from once it is up */
    uint32_t first, last;    /* exchanges whose requests wait for the end of a stall; a list */
    int64_t boots_ns;        /* SERVER_IS_BOOTING: it is up then */
    int64_t right_ns;        /* the skew of its clock when it is right */
    int64_t phase_ns;   /* the image is renewed when the trial's time plus this is a multiple */
    int64_t period_ns;  /* of this */
    int64_t window;     /* the image is that of the beginning of this period */
    struct store image; /* what the disk has */
    uint8_t *statuses;  /* the store's and */
    uint8_t *image_statuses; /* the image's, for a large cluster; else NULL */
    struct ballots ballots;
};

/* The link of a member to a server, for all its connections there. */
struct route {
    struct link_faults link_faults;
    bool knocks; /* the member tries to connect, and nothing comes of it before the cut heals */
};

/* A process's machine; as process_step(). */
typedef void model_step(const struct settings *settings, struct process *process,
                        const struct event *event, struct action *action);

/* --- members ---------------------------------------------------------------------------------- */

/* Where a process is. */
enum member_state {
    MEMBER_DEAD,
    MEMBER_CONNECTS,       /* for the first time */
    MEMBER_AWAITS,         /* connected; waits to be started */
    MEMBER_RUNS,           /* waits for answers, its timers, commands */
    MEMBER_STOPPED_AFTER,  /* paused at a breakpoint, after a step */
    MEMBER_STOPPED_BEFORE, /* paused at a breakpoint, before a request of its batch goes out */
    MEMBER_STOPPED_ASKING, /* paused at a breakpoint, before it takes in the answer that is there */
    MEMBER_STALLS          /* in its critical section, until `stalls_until_ns` */
};

struct member {
    struct process process;
    struct action action; /* what its last step wants */
    struct token fresh;
    uint64_t rng;             /* picks within the waits; begins anew with every life */
    int64_t timer_ns[TIMERS]; /* a timer runs out; INT64_MAX: it is not set */
    int64_t wake_ns[TIMERS];  /* its own clock will show this then */
    int64_t stall_ns;         /* > 0: stay in the critical section this long, once */
    int64_t stalls_until_ns;  /* MEMBER_STALLS */
    struct skew clock;        /* of its own clock from the trial's */
    struct exchange_list own; /* what is not under way, see exchange.h */
    uint32_t outstanding;     /* requests whose end is to come; */
    uint32_t dropped;         /* so many of them its machine does not wait for */
    uint32_t heard;           /* an exchange: its answer was recorded, and its step follows; or
                               * NO_EXCHANGE */
    uint32_t stands_at;       /* MEMBER_STOPPED_ASKING: the exchange */
    uint32_t request_number;
    uint32_t numbers[TAGS]; /* of the last request of this life that bore each tag */
    uint32_t reports;       /* how many of its reports were acknowledged */
    uint32_t life;          /* grows with every death */
    uint8_t state;          /* enum member_state */
    uint8_t sent;           /* so many requests of its action have gone out */
    uint16_t command;       /* that waits for it (host/command.h), or 0 */
};

/* When the next of its timers runs out; INT64_MAX: none is set. */
static inline int64_t member_wakes(const struct member *member)
{
    int64_t protocols_ns = member->timer_ns[TIMER_PROTOCOL];
    int64_t works_ns = member->timer_ns[TIMER_WORK];
    return protocols_ns < works_ns ? protocols_ns : works_ns;
}

#endif
