/* A host runs a scenario's step machines in some world, applies the faults, and yields a history.
 *
 *     scenario ──▶ host_run_trial ──▶ history ──▶ checks, results
 *                     │  ▲
 *                     └──┘ progress, several times a second, for the terminal
 */
#ifndef HUSTINGS_HOST_HOST_H
#define HUSTINGS_HOST_HOST_H

#include "sim/history/cluster.h"
#include "sim/history/history.h"
#include "sim/host/spare.h"
#include "sim/scenario/scenario.h"

/* Room for one line on why the world failed, with the words of a server in it. */
#define HOST_ERROR 2048

/* How a trial ended, as far as the host can tell. */
enum trial_end {
    TRIAL_RAN,         /* to its end; the history is whole */
    TRIAL_INTERRUPTED, /* by Ctrl-C; the history is what there was */
    TRIAL_WORLD_FAILED /* no Redis, no memory, no more processes: `error` says which */
};

struct progress {
    const struct scenario *scenario;
    uint32_t trial, trials; /* this one, from 1, and how many in all */
    int64_t now_ns, end_ns; /* of the trial (now_ns < 0: not everybody is connected yet); end_ns is
                               the planned end of its safety phase */
    enum history_phase phase;
    const struct cluster_member *processes; /* [0 … nodes] */
    bool virtual_time;      /* trials pass faster than one could look: this is any moment of one */
    const char *last_fault; /* "crash leader (node 1)", or NULL */
    int64_t last_fault_ns;
};

/* Trials that were digested and not handed on yet are fewer than this. */
#define HOST_PLACES 4096

struct trial {
    uint32_t number; /* from 1 */
    uint32_t place;  /* below host_places(); of those that were digested and not handed on, no two
                        have the same: where `digest` may leave something for `trial_done` */
    uint64_t seed;
    enum trial_end end;
    struct history history; /* owned */
    char error[HOST_ERROR]; /* TRIAL_WORLD_FAILED: one line: what, and the fix */
};

/* What can be ordered by hand while a trial runs. */
enum hand {
    HAND_CRASH, /* kills a member; starts one again that is dead */
    HAND_PAUSE, /* has one stand still; has one go on that does so */
    HAND_CUT, /* cuts one off from all servers; if its links are cut, whoever did that heals them */
    HAND_FLIP,   /* turns its status */
    HAND_EXPIRE, /* lets the lock run out, or that of the next holder if nobody has it; on all
                  * servers */
    HAND_HEAL,   /* ends all faults that are in force, whoever did them */
    HANDS
};

struct hand_order {
    uint8_t what; /* enum hand */
    uint16_t id;  /* of the member, if it is about one (hand_takes_id); any number */
};

/* Whether it is about one member. */
static inline bool hand_takes_id(uint8_t what)
{
    return what < HAND_EXPIRE;
}

/* Orders by hand, while a trial runs: from whoever watches it to the trial that is shown, which is
 * the first of those that run. They are done at once, as a fault of the scenario whose moment has
 * come, and recorded likewise: with HISTORY_HAND as their index, skipped if they made no sense. A
 * host that is given this has every member go through a relay, since its links may come to be cut;
 * and the trial ends when the scenario says, whatever was ordered. */
struct host_hand {
    void *self;
    int fd; /* readable when `order` may have one; -1: none */
    /* Fills in the next order. False: there is none now; then all that `fd` had has been read. */
    bool (*order)(void *self, struct hand_order *order);
    /* What became of the order: NULL, it was done, or why it was not, a clause such as "it was
     * dead". */
    void (*told)(void *self, const struct hand_order *order, const char *why_not);
    /* The events of the trial so far, and where it is; 20 times a second while it runs. The history
     * is the same struct in all calls and grows at its end, until another trial begins (its facts
     * say which it is of). It belongs to the host, and is there until the host's run ends; but the
     * texts of its events (`why`) go with their trial: read them only within this call. An event
     * that was written late stands behind those that had been fed before it, with the time of the
     * last; that the lock ran out by itself is not told. */
    void (*feed)(void *self, const struct history *history, const struct progress *progress);
    /* The run is being broken off, by Ctrl-C or because the world failed, which may take a moment:
     * nothing is shown any more. At most once. */
    void (*leave)(void *self);
};

struct host_options {
    const char *redis_url;    /* use this Redis; NULL: start a private one a trial */
    const char *redis_server; /* the private one's program; NULL: what is found on PATH */
    const char *latency;      /* the model's machine, a file of hustings calibrate; NULL: none */
    const char *logs; /* what the paths of programs' logs begin with (program/output.h); or NULL */
    uint32_t trials, jobs;
    /* The model takes processors from here while it runs, besides its `jobs`; it gives them back.
     * NULL: there are none. */
    struct spare *spare;
    uint64_t seed; /* trial 1 runs with exactly this; the others with seeds derived from it */
    const struct host_hand *hand; /* NULL: nobody does anything by hand; the model has none */
};

/* What a host calls while it runs. `self` is the caller's. */
struct host_events {
    void *self;
    /* As soon as a trial has run to its end, in whichever thread ran it: the place for work that
     * can be done side by side. Only one call at a time has this `worker`, which is below
     * host_workers(). False: memory is out. May be NULL. */
    bool (*digest)(void *self, const struct trial *trial, uint32_t worker);
    /* What `digest` left is all that is wanted: trials may be handed on without their histories,
     * so that their memory is used again at once. */
    bool digest_is_all;
    /* In order of the trials' numbers, whatever finished first. The callee may take the history (by
     * copying the struct and zeroing it); what is left is freed. False: stop the run. */
    bool (*trial_done)(void *self, struct trial *trial);
    void (*progress)(void *self, const struct progress *progress); /* may be NULL */
};

/* So many workers a run has at most. */
#define HOST_WORKERS_MAX 64
static inline uint32_t host_workers(const struct host_options *options)
{
    uint32_t spare = options->spare ? options->spare->most : 0;
    uint32_t most = options->jobs > spare ? options->jobs : spare;
    return most < HOST_WORKERS_MAX ? most : HOST_WORKERS_MAX;
}

/* So many places a run has at most: not more than it has trials. */
static inline uint32_t host_places(const struct host_options *options)
{
    return options->trials < HOST_PLACES ? options->trials : HOST_PLACES;
}

/* The store that a host will use, for run.json. */
struct host_facts {
    char redis_server
        [256]; /* the program's name, or the URL without its password; "" in the model */
    char redis_version[32]; /* "" where there is none */
};

struct host_row {
    const char *name;
    const char *summary;
    /* A trial takes next to no time, and can be had again by its seed: so there may be very many of
     * them, of which not all that was seen is worth a file. */
    bool virtual_time;
    /* Finds out, before anything runs, whether the world is there: the Redis that `options` names
     * answers and does what the scenario's processes will ask of it; and whether all parts of ours
     * are there that the scenario needs. False with one line in `error`: what is missing, and the
     * hint. */
    bool (*probe)(const struct scenario *scenario, const struct host_options *options,
                  struct host_facts *facts, char *error, size_t error_size);
    /* Runs all trials. Returns how it ended; with TRIAL_WORLD_FAILED, `error` has one line. */
    enum trial_end (*run)(const struct scenario *scenario, const struct host_options *options,
                          const struct host_events *events, char *error, size_t error_size);
    /* The verbs it has, for `hustings list faults` and for refusing scenarios up front; `self`
     * unset. */
    const struct host_ops *verbs;
};

extern const struct host_row host_processes;
extern const struct host_row host_model;

/* The seed of trial `number` (from 1) of a run with this seed. */
uint64_t trial_seed(uint64_t seed, uint32_t number);

#endif
