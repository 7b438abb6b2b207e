/* What the rooms of the model share: the state of a trial, and who does what to it.
 *
 *     trial.c    the loop and the phases (as run.c of the processes host)
 *     member.c   a process: what it does, and when (as member.c there)
 *     step.c     a process's steps, and what is seen of them
 *     wire.c     connections and the server: requests on their way, answers on theirs
 *     server.c   the server's faults: stalls, crashes, what of it survives them
 *     links.c    the links' faults: messages that are held up, lost, or cut off
 *     verbs.c    what faults are made of
 *     model.c    memory, and the calls of model.h
 */
#ifndef HUSTINGS_MODEL_STATE_H
#define HUSTINGS_MODEL_STATE_H

#include "sim/host/link_faults.h"
#include "sim/host/nemesis.h"
#include "sim/host/skew.h"
#include "sim/model/ballots.h"
#include "sim/model/model.h"
#include "sim/model/queue.h"
#include "sim/ops/op.h"
#include "sim/ops/store.h"
#include "src/protocol.h"

/* What can be due: `what` of an entry of the queue, and what its `whom` is. */
enum due_kind {
    DUE_START,   /* a process: it is to start */
    DUE_LOOK,    /* a process: there may be something for it to do; if not, nothing happens */
    DUE_ARRIVAL, /* a connection: its request reaches the server */
    DUE_SERVICE, /* a connection: the server comes to its request */
    DUE_ANSWER,  /* a connection: the answer reaches the process */
    DUE_BOOT,    /* a life of the server: it is up */
    DUE_RELEASE, /* a connection: what is held up on it may go on, perhaps */
    DUE_RING     /* a process: whoever starts them has come to it */
};

/* Where a process is. */
enum member_state {
    MEMBER_DEAD,
    MEMBER_CONNECTS,       /* for the first time, until `until_ns` */
    MEMBER_RECONNECTS,     /* to send its request, until `until_ns` */
    MEMBER_AWAITS,         /* connected; waits to be started */
    MEMBER_WAITS,          /* as its action says, until `until_ns` */
    MEMBER_ASKS,           /* for an answer, no longer than `until_ns` */
    MEMBER_STOPPED_AFTER,  /* paused at a breakpoint, after a step */
    MEMBER_STOPPED_BEFORE, /* paused at a breakpoint, before its request goes out */
    MEMBER_STOPPED_ASKING, /* paused at a breakpoint, before it takes in the answer that is there */
    MEMBER_STALLS          /* in its critical section, until `until_ns` */
};

#define NO_CONNECTION UINT32_MAX

struct member {
    struct process process;
    struct action action; /* what its last step wants */
    struct request asked; /* the request under way, or just answered */
    struct token fresh;
    uint64_t rng; /* picks within the waits; begins anew with every life */
    int64_t until_ns;
    int64_t stall_ns;    /* > 0: stay in the critical section this long, once */
    int64_t wake_ns;     /* MEMBER_WAITS: its own clock will show this when the wait is over */
    struct skew clock;   /* of its own clock from the trial's */
    uint32_t connection; /* or NO_CONNECTION */
    uint32_t request_number;
    uint32_t numbers[TAGS]; /* of the last request of this life that bore each tag */
    uint32_t reports;       /* how many of its reports were acknowledged */
    uint32_t life;          /* grows with every death */
    uint8_t state;          /* enum member_state */
    uint8_t flip;           /* 1 + enum status that it is to be flipped to, or 0 */
    uint8_t failure;        /* enum store_outcome of a request without a connection */
    bool has_answer;        /* that was recorded; its step follows */
    bool broken;            /* its connection is, which it notices when it sends its next request */
};

enum connection_state {
    CONNECTION_FREE,
    CONNECTION_IDLE,
    CONNECTION_ASKED,   /* the request is on its way or waits at the server */
    CONNECTION_SERVED,  /* the answer is on its way */
    CONNECTION_ANSWERED /* the answer is there, but was not yet taken in */
};

/* What lies with a connection and does not go on; see links.c. */
enum held {
    HELD_NOT,
    HELD_REQUEST, /* before it goes out */
    HELD_ANSWER,  /* before it reaches the process */
    HELD_FOR_EVER /* it is lost, the request or its answer */
};

struct connection {
    struct request request; /* on its way; not that of an answer which nothing came before */
    struct reply reply;
    int64_t way_ns;     /* how long the request is under way; only with faults on links */
    int64_t next_ns;    /* when the message reaches the next place on its way, as far as known */
    uint32_t ballot;    /* of the reply, see ballots.h; or NO_BALLOT */
    uint32_t next_free; /* of a free connection */
    uint16_t owner;
    uint8_t state;  /* enum connection_state */
    bool abandoned; /* nobody reads what comes */
    bool lost;      /* its server has died: what was not served never will be */
    uint32_t stale; /* bits 1u << enum store_op: scripts that its process believes the server has */
    uint8_t held;   /* enum held */
    uint8_t mark; /* what happens to the answer: LINK_LOSE_REPLY, LINK_RESET; LINK_HEAL: nothing */
    struct hold hold;
};

/* The server's faults, see server.c. */
enum server_state { SERVER_IS_UP, SERVER_IS_STALLED, SERVER_IS_DOWN, SERVER_IS_BOOTING };

struct modelled_server {
    uint8_t state;        /* enum server_state */
    bool oom;             /* refuses what would need memory */
    uint8_t refusals;     /* bits 1u << enum refusal: refuses whatever writes */
    bool foreign;         /* a list is kept at the lock's key */
    bool forgetful;       /* has forgotten scripts, and not been told all of them again */
    bool keeps_image;     /* what survives is not simply everything or nothing */
    uint32_t scripts;     /* forgetful: bits 1u << enum store_op of the scripts that it has */
    uint32_t pending;     /* bits 1u << enum server_fault: to recover from once it is up */
    uint32_t life;        /* grows with every start */
    uint32_t first, last; /* connections whose requests wait for the end of a stall; a list */
    int64_t right_ns;     /* the skew of the server's clock when it is right */
    int64_t phase_ns;     /* the image is renewed when the trial's time plus this is a multiple */
    int64_t period_ns;    /* of this */
    int64_t window;       /* the image is that of the beginning of this period */
    struct store image;   /* what the disk has */
    uint8_t *image_statuses; /* the image's, for a large cluster */
};

struct model {
    const struct scenario *scenario;
    const struct network *network;
    uint32_t count; /* of members: nodes + 1 */
    struct member *members;
    struct cluster_member *progress; /* [0 … nodes]: what nemesis and picture see */
    int64_t *starts_ns;

    /* of the trial that runs */
    int64_t now_ns;
    int64_t alarm_ns; /* look for what is due but not in the queue, at this time at the latest */
    int64_t quiet_ns; /* nothing is due before then but what the process at work causes itself */
    struct queue queue;
    struct history *history;
    struct history_event *place,
        *places_end; /* in the history: of the next event; after the last */
    uint32_t event_count;
    struct check_run *checks; /* NULL: not run */
    uint64_t link_rng, token_rng, machine_rng;
    int64_t starts_free_ns; /* whoever starts processes is busy until then */
    enum history_phase phase;
    int64_t phase_until_ns;
    bool stop, failed, interrupted; /* the trial is to end; why, unless because it is over */
    bool changed;                   /* somebody's claim or life, since it was last looked at */
    bool cares;                     /* somebody waits for the cluster to settle */
    bool settled;                   /* it was, when last looked at */
    uint32_t unheard;               /* nodes whose first report was not yet acknowledged */

    /* the server */
    struct store store;
    uint8_t *statuses;        /* the store's, for a large cluster; else NULL */
    struct skew server_clock; /* of its clock from the trial's */
    int64_t server_free_ns;   /* it is busy until then; INT64_MAX: it is not up */
    struct modelled_server modelled_server;
    int64_t lock_expires_ns; /* the lock's TTL ends; INT64_MAX: it has none */
    struct ballots ballots;
    struct connection *connections;
    uint32_t connection_count;
    size_t connection_capacity;
    uint32_t free_connection; /* first of a list, or NO_CONNECTION */
    struct route *links;      /* [0 … nodes]; NULL: the scenario has no faults on links */

    struct history own; /* when nobody wants the events but the checks */
    struct check_run *check_run;
    struct breakpoints breakpoints;
    struct nemesis nemesis;
    struct model_counts counts;
    struct process newborn;     /* as a process begins, but for its id */
    struct history_facts facts; /* of every trial, but for its number and seed */
    bool detours;               /* quiet_ns is never used */
    bool (*look)(void *self);
    void *look_self;
    char error[160];
};

/* The world failed: the first reason is kept, and the trial ends. */
void model_fail(struct model *model, const char *what);

/* --- what is due ------------------------------------------------------------------------------ */

/* Puts something into the queue. */
static inline void model_put(struct model *model, int64_t at_ns, enum due_kind what, uint32_t whom)
{
    queue_put(&model->queue, at_ns, (uint8_t)what, whom);
    if (at_ns < model->quiet_ns) {
        model->quiet_ns = at_ns;
    }
}

/* Lets the alarm ring at this time, if it would not before. */
static inline void model_set_alarm(struct model *model, int64_t at_ns)
{
    if (at_ns < model->alarm_ns) {
        model->alarm_ns = at_ns;
        model->quiet_ns = at_ns < model->quiet_ns ? at_ns : model->quiet_ns;
    }
}

/* Somebody's claim or life is another: perhaps the moment must be looked at before it passes. */
static inline void model_changed(struct model *model)
{
    model->changed = true;
    if (model->cares) {
        model->quiet_ns = INT64_MIN;
    }
}

/* --- events ----------------------------------------------------------------------------------- */

/* More room for events. */
struct history_event *model_more_room(struct model *model);

/* The place of the next event. It is part of the history once model_recorded() is called. */
static inline struct history_event *model_event(struct model *model)
{
    return model->place < model->places_end ? model->place : model_more_room(model);
}

static inline void model_recorded(struct model *model, struct history_event *event,
                                  uint16_t process)
{
    event->at_ns = model->now_ns;
    event->process = process;
    event->seq = model->event_count++;
    model->place++;
}

/* Brings the history's count up to date, for those who read it. */
void model_sync(struct model *model);

/* An event without payload. */
void model_record(struct model *model, enum history_kind kind, uint16_t process);

/* Adds a copy, stamped; for those who have an event ready. `self` is the model. */
void model_record_event(void *self, struct history_event *event);

/* The time of the history. `self` is the model. */
int64_t model_now(void *self);

/* Turns the event of this `seq` into one of another kind. `self` is the model. */
void model_amend_event(void *self, uint32_t seq, uint8_t kind, const char *why);

/* --- members ---------------------------------------------------------------------------------- */

/* A new life: born now, connected at `until_ns`. */
void member_bear(struct model *model, uint16_t id, bool started, int64_t until_ns);

/* The end of a life. */
void member_die(struct model *model, uint16_t id, const struct history_died *how);

/* Whatever there is for it to do now. */
void member_look(struct model *model, uint16_t id);

/* The answer to its request is there. */
void member_answered(struct model *model, uint16_t id);

/* A node's first report was acknowledged: if it was the last one missing, those who await everybody
 * start. In trial.c. */
void trial_reported(struct model *model);

/* The nemesis has set timers: the alarm is set by the first. In trial.c. */
void trial_mind_nemesis(struct model *model);

/* --- connections and the server --------------------------------------------------------------- */

/* A new connection for the member, with nothing on it. False: memory is out. */
bool wire_connect(struct model *model, uint16_t id);

/* Sends the request of the member's action, over the connection that it has, and asks from now on.
 * True: nothing else was due until the answer was there, so it is there, and that is now. */
bool wire_send(struct model *model, struct member *member);

/* The member reads no more from its connection: it is dead, or its timeout is over. */
void wire_abandon(struct model *model, struct member *member);

/* The answer was taken in: the connection is idle, or gone with its server. */
void wire_done(struct model *model, struct member *member);

/* A connection that nobody uses any more is free. */
void wire_drop(struct model *model, uint32_t connection);

/* The server has died: all connections break. */
void wire_break_all(struct model *model);

/* A message there and back, without work for the server. */
int64_t wire_round_trip(struct model *model);

/* If the message is sure to come after the member's timeout is over, it is looked for then. */
void wire_mind_timeout(struct model *model, const struct connection *connection);

/* What is due at a connection. */
void wire_arrives(struct model *model, uint32_t connection);
void wire_serves(struct model *model, uint32_t connection);
void wire_answers(struct model *model, uint32_t connection);

/* A request that was held up goes on its way; an answer that was, or was not, is taken in. */
void wire_goes_out(struct model *model, struct connection *connection);
void wire_delivers(struct model *model, uint32_t connection);

/* --- the links' faults; links.c ------------------------------------------------------------- */

/* Memory, where the scenario has faults on links. False: there is none. */
bool links_allocate(struct model *model);
size_t links_size(const struct model *model);

/* At the beginning of a trial. */
void links_reset(struct model *model, uint64_t seed);

/* Where model->links is set: the member's request goes out `at_ns`, or as soon as nothing holds it
 * up. */
void links_send(struct model *model, struct member *member, int64_t at_ns);

/* Likewise: whether the answer that has come gets through to the process now. */
bool links_let_in(struct model *model, struct connection *connection);

/* What is held up may go on by now, perhaps. */
void links_release(struct model *model, uint32_t connection);

/* Whether process `id` is not told that its connection has broken; once that heals, it is. */
bool links_hide(const struct model *model, uint16_t id);

/* Whether process `id` cannot connect because its link is cut; it is seen to when that heals. */
bool links_keep_out(struct model *model, uint16_t id);

/* The verb, as in struct host_ops. */
bool links_verb(void *self, uint16_t id, uint8_t server, const struct link_order *order);

/* The server's clock, in ms. */
int64_t server_clock_ms(const struct model *model);

/* Its keys at this moment; `votes` has room for a ballot, or is NULL if none is asked for. */
struct keyspace server_keys(struct model *model, struct vote *votes);

/* The lock has come, gone or got another TTL, or the server's clock is another: the alarm is set
 * for the lock's end. */
void server_note_expiry(struct model *model);

/* The lock is gone: says so, and sees to it. `why` completes "the lock …"; NULL: its TTL ran
 * out. */
void server_lock_gone(struct model *model, const char *why);

/* --- the server's faults; server.c ---------------------------------------------------------- */

/* At the beginning of a trial. `rng` are the trial's. */
void modelled_server_reset(struct model *model, uint64_t *rng);

/* A request has reached a server that is not up: it waits, or is lost with its connection. */
void modelled_server_hold(struct model *model, uint32_t connection);

/* Before a request is served: keeps what is on the disk. False: it is refused, which is its
 * reply. */
bool modelled_server_lets(struct model *model, const struct request *request, struct reply *reply);

/* Whether a request takes one more trip, since the server has forgotten its script. */
bool modelled_server_forgot(struct model *model, struct connection *connection,
                            const struct request *request);

/* Somebody can connect. */
bool modelled_server_listens(const struct model *model);

/* It may be up now, if this life is still its own. */
void modelled_server_booted(struct model *model, uint32_t life);

/* The verb, as in struct host_ops. */
bool modelled_server_verb(void *self, uint8_t server, const struct server_order *order);

#endif
