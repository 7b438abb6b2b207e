/* Faults: what can be made to go wrong, on whom, and when.
 *
 * A fault in a scenario is a *spec*: trigger, target, kind, parameters. What a kind does is one
 * file here and one row in the table; it works through a `struct host_ops`, the verbs that a host
 * offers. So one file serves the processes and the model alike, and a verb that a host lacks makes
 * it refuse the scenario before it starts.
 *
 * How to add a fault: one file in sim/faults/ that opens with what it injects and what it never
 * injects and defines a `const struct fault_row`, declared at the end of this header; one row in
 * table.c; the verb it needs in struct host_ops, if there is none yet, in enum host_verb and in
 * each host that can do it. What is done to a link or a server is an order, which the row has
 * (`link`, `order`): done.c gives it. Several of them may be in force on one place at once, each to
 * its own end: it adds up (`add`), or it is there as long as one of them is (`heal`, `undo`).
 * Then `tests/scenarios/manual --write` makes the schema and the manual's tables anew; and a test
 * on real processes is its witness, named in tests/faults/test_truth.py.
 * The loader, `hustings list faults`, the history, the schema and the manual read the table.
 */
#ifndef HUSTINGS_FAULTS_FAULT_H
#define HUSTINGS_FAULTS_FAULT_H

#include "sim/faults/trigger.h"
#include "src/param.h"
#include "src/process.h"
#include "src/units.h"

/* --- specs --- */

#define FAULT_PARAMS_MAX 4

struct fault_spec {
    uint16_t kind; /* a row of fault_rows */
    struct target target;
    struct trigger trigger;
    int64_t params[FAULT_PARAMS_MAX]; /* by the row's params; durations in ns, statuses as enum */
    struct command_pattern of;        /* which commands it is about; all are, unless it says so */
    uint32_t nth;                     /* of these, from which on; 0: it does not say */
    bool drawn;    /* its "for" is drawn from the scenario's table of stalls, each time anew; the
                 * longest of these stands in its place */
    int line;      /* in the scenario file */
    char text[96]; /* "crash leader", "flip 4 to submit": for people */
};

/* --- what a host offers --- */

/* Where a fault is done: to a process, to a server or a key on it, or to the link between them. */
struct fault_place {
    uint16_t id;       /* of the process; HISTORY_HARNESS (history.h): of none */
    uint8_t server;    /* from 0; 0 where it is done to a process alone */
    uint16_t fault;    /* which it is, among those of the scenario, and … */
    uint32_t instance; /* … the so manieth that was due: for faults that await commands */
};

/* What can be done to a link. Directions are bits: requests (process to Redis), replies.
 *
 * Orders to cut, to delay and to slow down say what is in force from now on, whatever was before;
 * what was held back by more than that goes on its way. */
enum link_fault {
    LINK_HEAL,  /* what lies in wait, or has made a message late, is called off */
    LINK_CUT,   /* a black hole in these directions: nothing passes, nothing is closed; what is sent
                 * waits for its end, or is lost (`drops`) */
    LINK_DELAY, /* everything is late by by_ns, plus uniformly up to jitter_ns; order is kept */
    LINK_LATE,  /* the next request alone is held back for by_ns; then it is delivered, even
                      * if its sender has long given up or died */
    LINK_LOSE_REPLY, /* the next `count` requests are applied, their answers are dropped; or a
                      * share of them from now on (`lasts`) */
    LINK_RESET,      /* the connection breaks at the next request: before it reached the server, or
                      * after it was applied (`applied`) */
    LINK_SLOW,       /* bytes_per_s; 0: as fast as ever */
    LINK_LOSE,       /* as LINK_LOSE_REPLY, but it is the requests that are lost */
    LINK_REFUSE      /* by command alone: it is answered with an error, and not applied */
};
#define LINK_REQUESTS 1u
#define LINK_REPLIES 2u

struct link_order {
    uint8_t fault;      /* enum link_fault */
    uint8_t directions; /* LINK_CUT: those that are cut. LINK_DELAY, LINK_SLOW: those it is about */
    uint8_t drops;      /* LINK_CUT: those of them in which what is sent is lost */
    bool applied;       /* LINK_RESET */
    uint8_t undo;       /* LINK_HEAL: LINK_LATE, LINK_LOSE, LINK_LOSE_REPLY or LINK_RESET */
    uint32_t count;     /* LINK_LOSE, LINK_LOSE_REPLY: lies in wait for so many; 0: for one */
    bool lasts;         /* these two lie not in wait, but a share is lost from now on: */
    int64_t lost_ppm;   /* so many of a million; 0: none any more */
    int64_t by_ns, jitter_ns;
    int64_t bytes_per_s;
    /* LINK_LATE, LOSE, LOSE_REPLY, RESET and REFUSE, and LINK_HEAL of these: it awaits certain
     * commands, others may await others. */
    bool by_command;
    struct command_pattern of;
    uint32_t nth;      /* the so manieth of them, from 1 */
    uint8_t error;     /* LINK_REFUSE: of command_errors */
    uint16_t index;    /* the fault's, among those of the scenario */
    uint32_t instance; /* by which LINK_HEAL knows it */
};

/* With what a command is refused, by the words of refuse_command's `error`. */
#define COMMAND_ERRORS 8
extern const char *const command_errors[COMMAND_ERRORS];

/* The whole, of which a share is lost. */
#define LOST_WHOLE 1000000

/* What can be done to a server. */
enum server_fault {
    SERVER_NOTHING,
    SERVER_STALL,          /* stops answering; connections stay (SIGSTOP) */
    SERVER_GO_ON,          /* ends a stall */
    SERVER_CRASH,          /* SIGKILL: what persistence kept survives a restart */
    SERVER_RESTART,        /* after a crash or a loss of power */
    SERVER_POWER_LOSS,     /* a crash, and what was not fsynced is gone */
    SERVER_EVICT_LOCK,     /* the lock is pushed out under maxmemory */
    SERVER_FORGET_SCRIPTS, /* SCRIPT FLUSH */
    SERVER_WRONG_TYPE,     /* the lock's key becomes a list: WRONGTYPE */
    SERVER_OOM,            /* writes are refused: OOM */
    SERVER_RECOVER,        /* ends WRONG_TYPE or OOM */
    SERVER_REFUSE          /* refuses writes from now on with these errors (`refusals`) */
};

/* Errors with which a server refuses every write; of several, it says the first. */
enum refusal { REFUSAL_MISCONF, REFUSAL_NOREPLICAS, REFUSALS };

struct server_order {
    uint8_t fault;    /* enum server_fault */
    uint8_t from;     /* SERVER_RECOVER: SERVER_WRONG_TYPE or SERVER_OOM, whichever is to end */
    uint8_t refusals; /* SERVER_REFUSE: bits 1u << enum refusal; 0: none any more */
};

/* How a clock is from now on, whatever it was before. Wall and monotonic clocks apart: a wall clock
 * has a right time, a monotonic clock has but a right rate, at which it goes on from where it
 * stands. */
struct clock_order {
    /* A server's wall clock (its TTLs). False: a process's own monotonic one; or, of a program, its
     * wall clock, which is set as if it were that. */
    bool wall;
    int64_t shift_ns; /* wall: it is ahead of the right time by so much. Own: it jumps by so much */
    int64_t drift_ppm; /* from now on it runs faster (slower) by so many millionths */
};

/* The bounds of a clock: it runs at most at twice the right rate and at least at a tenth of it, and
 * shows a time that is a day off at most; and that of a delay. */
#define DRIFT_PPM_MAX 1000000
#define DRIFT_PPM_MIN (-900000)
#define SHIFT_NS_MAX (24 * NS_PER_H)
#define DELAY_NS_MAX SHIFT_NS_MAX

/* What several faults that are in force on one place at once come to. Zeroed: nothing. */
struct in_force {
    uint8_t directions; /* of a cut */
    uint8_t drops;      /* of these, where what is sent is lost */
    uint8_t refusals;   /* of a server: bits 1u << enum refusal */
    int64_t lost_ppm;   /* of requests, or of answers */
    int64_t by_ns, jitter_ns;
    int64_t bytes_per_s; /* 0: as fast as ever */
    int64_t shift_ns, drift_ppm;
    /* Of these, what is forward and faster alone, and backward and slower: so much it may come to
     * when some of the faults are over. */
    int64_t ahead_ns, behind_ns, faster_ppm, slower_ppm;
};

/* The verbs that faults are made of. A NULL verb: this host cannot. Each returns true if it was
 * applied, false if it made no sense now (crashing the dead) and nothing was done. The host writes
 * BORN, DIED, PAUSED, RESUMED; FAULT, SKIPPED and HEALED are written by the nemesis. `self` is the
 * host's. */
struct host_ops {
    void *self;
    /* Tells a process something. COMMAND_RESIGN makes no sense to one that does not lead. */
    bool (*command)(void *self, uint16_t id, enum command command, int32_t value);
    bool (*crash)(void *self, uint16_t id);
    bool (*restart)(void *self, uint16_t id);
    bool (*pause)(void *self, uint16_t id);
    bool (*resume)(void *self, uint16_t id);
    /* The next time (or now) that `id` is in the critical section, it stays there this long. 0 ends
     * such a stay, or calls it off. Of several that wait, the longest counts. */
    bool (*stall)(void *self, uint16_t id, int64_t for_ns);
    /* The lock's TTL on this server runs out now, whoever holds it. Servers count from 0. */
    bool (*expire_lock)(void *self, uint8_t server);
    /* Does this to the link between `id` and a server. */
    bool (*link)(void *self, uint16_t id, uint8_t server, const struct link_order *order);
    /* Does this to a server that hustings started. */
    bool (*server)(void *self, uint8_t server, const struct server_order *order);
    /* Sets a clock: of process `at.id`, or with HISTORY_HARNESS of `at.server`. */
    bool (*clock)(void *self, struct fault_place at, const struct clock_order *order);
};

/* They, as bits. */
enum host_verb {
    VERB_COMMAND = 1u << 0,
    VERB_CRASH = 1u << 1,
    VERB_RESTART = 1u << 2,
    VERB_PAUSE = 1u << 3,
    VERB_RESUME = 1u << 4,
    VERB_STALL = 1u << 5,
    VERB_EXPIRE_LOCK = 1u << 6,
    VERB_LINK = 1u << 7,
    VERB_SERVER = 1u << 8,
    VERB_CLOCK = 1u << 9
};

/* --- the table --- */

/* What a fault on the Redis or on a key does to a lock that somebody has. A row that does not say
 * so may do anything. */
enum lock_effect {
    LOCK_MAY_CHANGE, /* it may be gone, or that of somebody from before may be back */
    LOCK_SPARED,     /* nothing */
    LOCK_GOES,       /* it is gone */
    LOCK_TTL_SHIFTS /* it is there, but nobody knows until when, as long as the fault is in force */
};

/* In which states a process or a server may be, as bits. */
enum target_state { STATE_UP = 1, STATE_DEAD = 2, STATE_STOPPED = 4, STATE_ANY = 7 };

struct fault_row {
    const char *name; /* its key in YAML, whose value is the target */
    const char *summary;
    const char *details; /* what the manual says of it behind the summary, in sentences; or NULL */
    /* For stories, after "node 3", "the Redis" or "the lock": what befalls it, and what its end
     * does (NULL: there is none to tell). `@` stands for the server. */
    const char *told, *over;
    const char *example; /* one line of YAML flow: "{at: 2s, crash: 3, for: 1s}" */
    uint32_t targets;    /* bits 1u << enum target_kind */
    struct param_row params[FAULT_PARAMS_MAX]; /* ends with PARAM_NONE */
    bool harms_server; /* refused on a Redis that we did not start; TARGET_REDIS always is */
    bool later; /* its "for" begins when its target gets there: it is healed at the end only */
    bool awaits_holder;   /* on TARGET_LOCK: waits until somebody holds the lock */
    bool takes_down;      /* whom it hits is dead, stands still or is cut off until it is healed */
    uint8_t lock_effect;  /* enum lock_effect: what foreign_release has to know */
    uint8_t needs;        /* bits of target_state in which it makes sense; 0: UP or STOPPED */
    uint8_t becomes;      /* the state that it brings its target into; 0: leaves it */
    uint32_t moments;     /* bits: somebody must have one of these, or it can do nothing; 0: any */
    bool through_preload; /* on TARGET_REDIS the processes host does it by a library that it has to
                           * start the server with */
    uint16_t verbs;       /* bits of enum host_verb that it takes, besides link and server */
    /* What it does to a link; LINK_HEAL: nothing. It adds up (`add`), or lies in wait for the next
     * request: then `wait_for` completes the order. One that has both adds up if it lasts. */
    uint8_t link; /* enum link_fault */
    void (*wait_for)(const struct fault_spec *spec, struct link_order *order);
    /* Whether it is about more than the next request, though it does not add up: then it awaits
     * commands, as those with `of` do. NULL: it never is. */
    bool (*several)(const struct fault_spec *spec);
    /* What it does to a server or to the lock there, and what undoes that; or SERVER_NOTHING. */
    struct server_order order, undo;
    /* Does it to a process, or has it another verb; and undoes it. Undone is what has a param "for"
     * after that time, and at the end of the safety phase everything that is still broken; of
     * several such faults on one place, at the end of the last. False: nothing was left to undo.
     * NULL: nothing to undo, or it cannot be: then `remains` says what is left. */
    bool (*apply)(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec);
    bool (*heal)(struct host_ops *ops, struct fault_place at, const struct fault_spec *spec);
    /* For what adds up: adds the fault's own, so many times (at least once), to what is in force on
     * its place by others. False: together they would leave the bounds; what `sum` is then, is
     * open. The link, the server or the clock is told the sum. */
    bool (*add)(const struct fault_spec *spec, int64_t times, struct in_force *sum);
    /* Which of its parameters do not go together, and how to fix it; NULL: they do, always. False:
     * they do. */
    bool (*clash)(const struct fault_spec *spec, const char **what, const char **hint);
    const char *remains; /* what no healing brings back: "the status that it had"; NULL: nothing,
                          * or it undoes something itself (restart) */
};

/* Ends with NULL. */
extern const struct fault_row *const fault_rows[];

/* The row's index by its name, or -1. */
int fault_find(const char *name);

/* Whether it takes the parameter "for": it lasts. */
bool fault_takes_for(const struct fault_row *row);

/* The parameter "for", or 0: lasts until the end, or is over at once. */
int64_t fault_lasts_ns(const struct fault_spec *spec);

/* Sets it; the fault takes it (fault_takes_for). */
void fault_last(struct fault_spec *spec, int64_t lasts_ns);

/* The states in which its target must be for this fault to make sense, as bits. */
uint8_t fault_needs(const struct fault_row *row);

/* Whether a host has the verbs that it takes. */
bool fault_possible(const struct fault_row *row, const struct host_ops *ops);

/* Does it at one place, if it does not add up; undoes it. False: it made no sense now, nothing was
 * left to undo. */
bool fault_apply(const struct fault_row *row, struct host_ops *ops, struct fault_place at,
                 const struct fault_spec *spec);
bool fault_heal(const struct fault_row *row, struct host_ops *ops, struct fault_place at,
                const struct fault_spec *spec);

/* Whether there is something to undo. */
bool fault_heals(const struct fault_row *row);

/* Has a link or a server be as all faults of this kind together say; not of a clock. */
bool fault_set(const struct fault_row *row, struct host_ops *ops, struct fault_place at,
               const struct in_force *sum);

/* Whether it shifts a clock. Jumps and drifts of one clock add up to one. */
bool fault_is_on_clocks(const struct fault_row *row);

/* Whether it adds up with others of its kind (`add`). One that can lie in wait as well does so
 * unless it lasts. */
bool fault_adds_up(const struct fault_spec *spec);

/* Whether it awaits certain commands: beside others of its kind, each to its own end. */
bool fault_is_by_command(const struct fault_spec *spec);

/* Whether it is over as soon as it was done: there is nothing to take back. */
bool fault_is_over_at_once(const struct fault_spec *spec);

/* Whether it is done to links. */
bool fault_is_on_links(const struct fault_row *row);

/* Whether it is done to servers, to a key on them or to links to them; else to processes alone. */
bool fault_has_servers(const struct fault_spec *spec);

/* Whether it would do harm to a Redis, or to all who use it: not for one that we did not start. */
bool fault_harms_server(const struct fault_spec *spec);

/* Names of targets that are words ("leader", …), by enum target_kind; TARGET_IDS has none: NULL. */
extern const char *const target_names[TARGET_KINDS];

/* Those of several servers ("minority", …), by enum target_servers; the others have none (NULL). */
extern const char *const target_servers_names[SERVERS_KINDS];

/* Names and one-line summaries of triggers, by enum trigger_kind. */
struct trigger_row {
    const char *name;
    const char *summary;
    const char *example;
};
extern const struct trigger_row trigger_rows[TRIGGER_KINDS];

extern const struct fault_row fault_flip;
extern const struct fault_row fault_resign;
extern const struct fault_row fault_crash;
extern const struct fault_row fault_restart;
extern const struct fault_row fault_pause;
extern const struct fault_row fault_resume;
extern const struct fault_row fault_expire_lock;
extern const struct fault_row fault_hold_lock;
extern const struct fault_row fault_stall;
extern const struct fault_row fault_power_loss;
extern const struct fault_row fault_evict;
extern const struct fault_row fault_forget_scripts;
extern const struct fault_row fault_wrong_type;
extern const struct fault_row fault_oom;
extern const struct fault_row fault_jump;
extern const struct fault_row fault_drift;
extern const struct fault_row fault_cut;
extern const struct fault_row fault_delay;
extern const struct fault_row fault_late;
extern const struct fault_row fault_lose_reply;
extern const struct fault_row fault_reset;
extern const struct fault_row fault_slow;
extern const struct fault_row fault_lose;
extern const struct fault_row fault_refuse;
extern const struct fault_row fault_refuse_command;

#endif
