/* One trial on real processes, as a state machine that the driver's loop turns.
 *
 *     BOOTING ──server answers──▶ CONNECTING ──all ready: t0──▶ SAFETY ──duration──▶ LIVENESS ──▶
 * OVER └──────────── anything of the world fails ─────────────────────────────────────────────▶
 * OVER
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
#include "src/units.h"

/* How long a server may take to answer, and the members to connect. */
#define BOOT_TIMEOUT_NS (10 * NS_PER_S)
#define CONNECT_TIMEOUT_NS (60 * NS_PER_S)

/* A member exits with this when it could not connect; its slot says why. */
#define MEMBER_NOT_CONNECTED 3

enum run_state { RUN_BOOTING, RUN_CONNECTING, RUN_SAFETY, RUN_LIVENESS, RUN_OVER };

/* What the trials of a run have in common. */
struct run_common {
    const struct scenario *scenario;
    struct guardian *guardian;
    const struct server_program *program; /* NULL: a Redis of the user's, at `address` */
    struct address address;
    char prefix
        [LEFTOVERS_RUN_MAX]; /* of every key, with the user's Redis; a trial adds its number */
};

/* The process between some members and the Redis; none unless the scenario has faults on links. */
struct run_relay {
    pid_t pid;                         /* 0: none */
    int control;                       /* the driver's end of its socket pair */
    bool stopped;                      /* by somebody else: it takes no orders */
    char folder[GUARDIAN_FOLDER + 24]; /* its listeners */
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
    bool reported;   /* every node's first report was acknowledged */
    bool keeps_list; /* a list is kept at the lock's key */

    struct server server;
    struct server_times times; /* of the private server */
    struct run_relay relay;
    struct link control; /* the driver's own connection */
    /* a private server's expiry events; not open with a user's Redis */
    struct link subscription;
    int64_t keys_due_ns; /* when our keys in a user's Redis want looking after; 0: there are none */
    char redis_id[48];   /* of the user's Redis, which is another after a restart */
    uint32_t subscriptions; /* how often: a restarted private server has new ones */
    uint32_t pending;       /* bits 1u << enum server_fault: to recover it from once it answers */
    int64_t boot_until_ns;  /* a restarted server has to answer by then, CLOCK_MONOTONIC */
    /* Requests sent before these (CLOCK_MONOTONIC) may be refused with OOM and LOADING by our own
     * doing; INT64_MAX: that goes on, 0: it has not been done. */
    int64_t oom_until_ns, loading_until_ns;
    int64_t refuses_until_ns[REFUSALS]; /* likewise, with the words of enum refusal */
    uint8_t refusals;                   /* bits 1u << enum refusal: what it is to refuse with */
    char prefix[PREFIX_MAX];

    struct shared *shared;
    int notify_fd;
    pid_t *pids;                    /* [0 … nodes]; 0: not running */
    struct cluster_member *members; /* [0 … nodes] */
    int64_t *starts_ns;             /* when each starts, after t0; INT64_MAX: started, or awaited */
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
 * any child ended. */
void run_turn(struct run *run);

/* When to turn at the latest, CLOCK_MONOTONIC. */
int64_t run_due(const struct run *run);

/* A child has ended, stopped or gone on (wait status). False: it was not one of this trial's. */
bool run_child_changed(struct run *run, pid_t pid, int status);

/* The descriptor of the connection on which the Redis speaks unasked: a private one of keys that
 * expire, any other only by its end. -1: none yet. Call run_listen() when it became readable;
 * false: the connection is another now. */
int run_subscription_fd(const struct run *run);
bool run_listen(struct run *run);

/* Ends it, whatever state it is in: kills what runs, collects the history into `trial`, frees all.
 */
void run_end(struct run *run, struct trial *trial);

/* For the picture. */
struct progress run_progress(const struct run *run, uint32_t trials);

/* --- what all files of a trial need, run_base.c ----------------------------------------------- */

/* The master and the nodes. */
static inline uint32_t slots_of(const struct run *run)
{
    return run->scenario->settings.nodes + 1u;
}

/* Notes that the world failed; the first reason is kept. */
void run_fail(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Likewise, because of the driver's last command; `what` comes first. */
void run_fail_link(struct run *run, const char *what);

/* Writes one of the driver's own events, stamped with now. */
void run_record(void *self, struct history_event *event);

/* Turns one of them, by its `seq`, into one of another kind. */
void run_amend(void *self, uint32_t seq, uint8_t kind, const char *why);

/* Writes one that has a text of its own, of which a copy is kept. */
void run_tell(struct run *run, uint8_t kind, uint16_t process, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Brings run->members up to date from the slots. */
void run_look(struct run *run);

/* Whether the driver may ask the server something: it is not stalled, dead or starting. */
bool run_server_ready(const struct run *run);

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

/* --- expiry_subscription.c --- */

/* Whether the Redis answers the driver; if not, run->control.error says why. */
bool run_redis_answers(struct run *run);

/* Has a private server tell which keys expire, on a connection of its own. */
bool run_subscribe(struct run *run);

/* Notes how the private server's time runs from now on: after every change of its clock, and when
 * it begins or ceases to run. */
void run_note_time(struct run *run);

/* Hears at once of all locks of a private server that have run out by now. */
void run_hear_expired(struct run *run);

/* Notes which server it is, once; and sees whether a Redis that is not ours is still there and the
 * same: nobody tells us when it goes, or is started anew without its keys. If not, the world
 * failed.
 */
void run_remember_redis(struct run *run);
void run_still_there(struct run *run);

/* Whether a member was refused for a reason that breaks the trial: then the world failed. */
void run_hear_refusals(struct run *run);

/* --- run_keys.c --- */

/* In a user's Redis: gives a sign that the trial lives, and the keys a TTL that outlives it. Call
 * before the members are forked, and then in every turn; it does something every few seconds. */
void run_keep_keys(struct run *run);

/* Removes the trial's keys from a user's Redis. Its members are dead. If that fails, the world
 * failed: something of ours is left there. */
void run_remove_keys(struct run *run);

/* --- lifecycle.c, outside.c, probe.c, host_ops.c --- */

/* Forks member `id`. `at_once`: it is started as soon as it is connected (a restart). */
bool run_fork_member(struct run *run, uint16_t id, bool at_once);

/* Starts the relay if the scenario needs one; the driver is connected. False: the world failed. */
bool run_start_relay(struct run *run);

/* Ends it, if there is one, and removes its files. */
void run_stop_relay(struct run *run);

/* It has ended by itself, and the world failed; or it is gone all the same. */
void run_relay_ended(struct run *run, int status);
void run_relay_is_gone(struct run *run);

/* The Redis has just been killed: has the relay, if there is one, close its listeners. */
void run_tell_relay_of_death(struct run *run);

/* Whether process `id` goes through a relay in trials of this scenario. */
bool run_relays(const struct scenario *scenario, uint16_t id);

/* Where member `id` finds the Redis: at the relay's listener, or directly. */
void run_route(const struct run *run, uint16_t id, struct address *address);

/* The verb `link` of the processes host. */
bool run_link_verb(void *self, uint16_t id, uint8_t server, const struct link_order *order);

/* Whether the Redis is there, and which; probe.c. As host_row.probe. */
bool processes_probe(const struct scenario *scenario, const struct host_options *options,
                     struct host_facts *facts, char *error, size_t error_size);

/* Whether a fault of the scenario works through the library of preload.h; probe.c. */
bool run_needs_preload(const struct scenario *scenario);

/* How this trial's private server is run. */
struct server_options run_server_options(const struct run *run);

/* Whether the server answers and the subscription are open, which makes it UP; server_life.c. */
bool run_server_came_up(struct run *run);

/* Looks after a server that was restarted. */
void run_mind_server(struct run *run);

/* The verbs of the processes host, host_ops.c. */
extern const struct host_ops processes_verbs;

#endif
