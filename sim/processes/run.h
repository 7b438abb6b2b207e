/* One trial on real processes, as a state machine that the driver's loop turns.
 *
 *     BOOTING ──servers answer──▶ CONNECTING ──all ready: t0──▶ SAFETY ──duration──▶ LIVENESS
 *        │                            │                          │                    │
 *        └── the world fails ─────────┴────────────▶ OVER ◀── LEAVING ◀── settled, or too late
 *
 * A trial leaves a Redis of the user's: its keys are removed there. Private servers just go.
 *
 * Nothing in here waits for longer than a few milliseconds, so that one loop can turn several
 * trials.
 */
#ifndef HUSTINGS_PROCESSES_RUN_H
#define HUSTINGS_PROCESSES_RUN_H

#include "sim/history/texts.h"
#include "sim/host/nemesis.h"
#include "sim/processes/expiry.h"
#include "sim/processes/guardian.h"
#include "sim/processes/leftovers.h"
#include "sim/processes/link_commands.h"
#include "sim/processes/server.h"
#include "sim/processes/shared.h"
#include "src/protocol.h"
#include "src/units.h"

/* How long a server may take to answer, and the members to connect. */
#define BOOT_TIMEOUT_NS (10 * NS_PER_S)
#define CONNECT_TIMEOUT_NS (60 * NS_PER_S)

/* A member exits with this when it could not connect; its slot says why. */
#define MEMBER_NOT_CONNECTED 3

/* Room for the id of a Redis. */
#define REDIS_ID 48

enum run_state { RUN_BOOTING, RUN_CONNECTING, RUN_SAFETY, RUN_LIVENESS, RUN_LEAVING, RUN_OVER };

/* What is under way with a Redis of the user's, see run_keys.c. */
enum keys_work {
    KEYS_REST,
    KEYS_ASKS_ID,
    KEYS_BEGINS, /* to renew its sign of life and the TTLs of its keys */
    KEYS_HEARS,
    KEYS_CHECKS, /* whether it is still there */
    KEYS_CHECKS_LAST,
    KEYS_LEAVES, /* removes its keys */
    KEYS_HEARS_LAST,
    KEYS_OVER
};

/* What the trials of a run have in common. */
struct run_common {
    const struct host_row *host; /* whose verbs the faults are made of */
    const struct scenario *scenario;
    struct guardian *guardian;
    const char *logs; /* of programs, see host_options; NULL: nobody wants them */
    bool by_hand;     /* somebody may cut any link */
    const struct server_program *program;  /* NULL: a Redis of the user's, at `address` */
    const struct server_program *resource; /* of the protected resource */
    struct address address;
    char prefix
        [LEFTOVERS_RUN_MAX]; /* of every key, with the user's Redis; a trial adds its number */
};

/* The process between some members and the servers; none unless the scenario has faults on links,
 * or they may be cut by hand. */
struct run_relay {
    pid_t pid;                         /* 0: none */
    int control;                       /* the driver's end of its socket pair */
    bool stopped;                      /* by somebody else: it takes no orders */
    char folder[GUARDIAN_FOLDER + 24]; /* its listeners … */
    uint32_t listeners;                /* … so many of them, for each who goes through it */
    uint16_t *ports;                   /* … and server; a program's is at this port; others: 0 */
    int *reserved;                     /* descriptors that keep these ports for it */
};

/* The protected resource: a private server, also where the Redis is the user's. No fault is aimed
 * at it. */
struct run_resource {
    struct server process; /* pid 0: there is none */
    struct link control;   /* the driver's own connection, until it is up */
};

/* One of the trial's servers. */
struct trial_server {
    struct run *run;
    uint8_t index;             /* from 0 */
    struct server process;     /* a private one */
    struct server_times times; /* of a private one */
    struct link control;       /* the driver's own connection */
    /* a private server tells here which keys expire; a user's Redis is looked after on it */
    struct link subscription;
    uint32_t subscriptions;  /* how often it was opened */
    bool spoils_save;        /* it is being prepared to refuse with MISCONF (server_refusal.c), */
    int64_t spoilt_until_ns; /* which may last until then */
    uint32_t pending;        /* bits 1u << enum server_fault: to recover it from once it answers */
    int64_t boot_until_ns;   /* a restarted server has to answer by then, CLOCK_MONOTONIC */
    /* Requests sent before these (CLOCK_MONOTONIC) may be refused with OOM and LOADING by our own
     * doing; INT64_MAX: that goes on, 0: it has not been done. */
    int64_t oom_until_ns, loading_until_ns;
    int64_t refuses_until_ns[REFUSALS]; /* likewise, with the words of enum refusal */
    uint8_t refusals;                   /* bits 1u << enum refusal: what it is to refuse with */
    bool keeps_list;                    /* a list is kept at the lock's key */
    char redis_id[REDIS_ID];            /* of the user's Redis, which is another after a restart */
};

struct run {
    const struct run_common *common;
    const struct scenario *scenario; /* = common->scenario */
    uint32_t number;
    uint64_t seed;
    /* run_child_changed(): only files above those who may see a change first know what it means. */
    bool (*child_changed)(struct run *run, pid_t pid, int status);
    enum run_state state;
    int64_t state_until_ns; /* CLOCK_MONOTONIC: when the state has lasted too long, or ends */
    char error[HOST_ERROR]; /* the world failed: one line */
    bool failed, interrupted;
    bool settled;
    bool reported; /* every node's first report was acknowledged */

    struct trial_server servers[SERVERS_MAX]; /* settings.servers of them */
    struct run_resource resource;
    struct run_relay relay;
    int64_t keys_due_ns; /* when our keys in a user's Redis want looking after; 0: there are none */
    uint8_t keys_work;   /* enum keys_work */
    int keys_awaited;    /* so many answers */
    bool keys_begun, keys_refused;
    char prefix[PREFIX_MAX];

    struct shared *shared;
    int notify_fd;
    pid_t *pids;                    /* [0 … nodes]; 0: not running */
    struct cluster_member *members; /* [0 … nodes] */
    int64_t *starts_ns;             /* when each starts, after t0; INT64_MAX: started, or awaited */
    struct preloading *clocks;      /* [0 … nodes]: of programs whose wall clock may be shifted */
    uint32_t *handled;              /* the last turn at a breakpoint that was dealt with */
    struct host_ops ops;
    struct nemesis nemesis;
    int64_t t0_ns;
    int64_t end_ns;     /* CLOCK_MONOTONIC of PHASE_END */
    struct history own; /* the driver's events; times are CLOCK_MONOTONIC */
    struct texts texts; /* of its texts */
};

/* Begins a trial: starts the server. False: it failed already (run->error); end it all the same. */
bool run_begin(struct run *run, const struct run_common *common, uint32_t number, uint64_t seed);

/* Goes on as far as it can now. Call after run_due(), after the eventfd became readable, and after
 * any child ended. `late_ns`: so much too late the driver was woken for that. If it is very much,
 * the machine stood still, or the driver did, and the trial cannot be judged. */
void run_turn(struct run *run, int64_t late_ns);

/* When to turn at the latest, CLOCK_MONOTONIC. */
int64_t run_due(const struct run *run);

/* A child has ended, stopped or gone on (wait status). False: it was not one of this trial's. */
bool run_child_changed(struct run *run, pid_t pid, int status);

/* The descriptor of the connection on which a server speaks unasked: a private one of keys that
 * expire, any other only by its end. -1: none yet. It is another whenever the server's
 * `subscriptions` is. Call run_listen() when it became readable. */
int run_heard_fd(const struct run *run, uint8_t server);
void run_listen(struct run *run, uint8_t server);

/* Ends it, whatever state it is in: kills what runs, collects the history into `trial`, frees all.
 */
void run_end(struct run *run, struct trial *trial);

/* For the picture. */
struct progress run_progress(const struct run *run, uint32_t trials);

/* --- what all files of a trial need, run_base.c ----------------------------------------------- */

/* The members are [first_of … slots_of): the nodes, and before them the master if there is one. If
 * not, nobody is ever in slot 0. */
static inline uint32_t first_of(const struct run *run)
{
    return protocol_first_id(&run->scenario->settings);
}

static inline uint32_t slots_of(const struct run *run)
{
    return run->scenario->settings.nodes + 1u;
}

/* Whether the driver may ask a server something: it is not stalled, dead or starting. */
static inline bool run_server_ready(const struct trial_server *server)
{
    return !server->run->common->program || server->process.state == SERVER_UP;
}

/* Notes that the world failed; the first reason is kept. */
void run_fail(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Likewise, because of the driver's last command to a server; `what` comes first. */
void run_fail_link(struct trial_server *server, const char *what);

/* Writes one of the driver's own events, stamped with now. */
void run_record(void *self, struct history_event *event);

/* Turns one of them, by its `seq`, into one of another kind. */
void run_amend(void *self, uint32_t seq, uint8_t kind, const char *why);

/* Writes one that has a text of its own, of which a copy is kept. It is about a process; or, with
 * HISTORY_HARNESS, about a server. */
void run_tell(struct run *run, uint8_t kind, struct fault_place at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What a private server is called: its program, and its number if there are several. */
struct server_text {
    char text[80];
};
struct server_text server_name(const struct trial_server *server);

/* Brings run->members up to date from the slots. */
void run_look(struct run *run);

/* --- children.c --- */

/* Sends a child of ours, which is called `name`, SIGSTOP or SIGKILL, and waits, no longer than two
 * seconds, until it has stopped or ended. False: it has not, and the world failed. */
bool run_strike(struct run *run, const char *name, pid_t pid, int number, int *status);

/* Sends SIGCONT to one that was stopped. False: the world failed. */
bool run_wake(struct run *run, const char *name, pid_t pid);

/* Whether this child was stopped or killed from outside just now, which is told then: to be asked
 * when it does not answer. */
bool run_was_touched(struct run *run, pid_t pid);

/* What is done to a child or a key shows within this time; and a short rest while one waits. */
#define NOTICE_TIMEOUT_NS (2 * NS_PER_S)
void run_nap(void);

#endif
