/* The model's machine: the cores on which processes and server run, and what it costs to run there.
 *
 * Without a machine, time passes in the model on the network alone: whoever is needed is at work at
 * once. That is a cluster of many computers. On one real computer most of the time goes elsewhere:
 * a timer rings late, a sleeper takes a while to wake up and is slow at first, and when more want
 * to run than there are cores, they wait for each other:
 *
 *     asleep ──timer, message──▶ woken ──a core, and time to wake──▶ at work ──▶ asleep
 *                                  └─ no core is free: waits, first come, first served,
 *                                     or pushes in, and shares a core
 *
 * At work are the members, the server, and the driver, who starts members one after the other. A
 * member at work takes a step, sends a request if the step wants one, and goes to sleep. The server
 * takes in all requests that are there, and answers them all when it has done them all, as Redis
 * does.
 *
 * `hustings calibrate` measures what a machine is like. A request of a process that is alone on it
 * takes exactly as long as measured: `round`, and after a sleep a part of `cold` more. How long it
 * takes when others want to run, too, follows from the costs, which are times on a core.
 *
 * This file has what the model's other rooms call; latency_file.h reads a machine from a file. */
#ifndef HUSTINGS_MODEL_MACHINE_H
#define HUSTINGS_MODEL_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/model/latency.h"
#include "src/store.h"

struct machine {
    uint32_t cores;
    struct latency_table timer; /* how late a timer's process goes on, all having slept for long */
    int64_t warm_percent;       /* so much of it if somebody is at work, or just was */
    struct latency_table
        round;                 /* a round trip of the quickest kind, all having just been at work */
    struct latency_table cold; /* so much longer after a long sleep */
    int64_t step_ns;           /* a member: from going on until its request is at the server */
    int64_t step_percent; /* so much of `cold` is the member's step; the rest is the server's */
    int64_t rest_ns; /* from then, or from going on, until it sleeps, if it had slept for long */
    int64_t push_percent;     /* of those woken by a timer or a request: they wait for no core */
    int64_t request_ns;       /* the server: a request */
    int64_t vote_ns;          /* so much longer for every id of a ballot */
    int64_t answer_ns;        /* sending an answer */
    int64_t settle_ns;        /* from the last answer until it sleeps */
    int64_t spread_percent;   /* the 99th percentile of trials' costs, in percent of those above */
    int64_t op_ns[STORE_OPS]; /* so much longer the server takes for a request of this kind */
    int64_t
        first_ns[STORE_OPS]; /* so much longer a member's step with its first one of this kind */
    int64_t script_ns;       /* so much longer until a script is at a server that hears it first */
    struct latency_table start; /* from one start to the next, when the driver starts several */
    int64_t start_wait_ns;      /* so much of `start` is waiting for a core */
    struct latency_table birth; /* from a process's birth until it is connected */

    /* made of the above by machine_prepare() */
    struct latency_table luck; /* a trial's costs, in 1024ths of those above */
    int64_t work_ns;           /* what a hot round trip costs on cores */
    int64_t cold_most_ns;      /* the 90th percentile of `cold` */
};

/* To be called when all that is given has been set. */
void machine_prepare(struct machine *machine);

/* How cold a sleeper is, in fifths: what it needs goes out of the caches, and its core into deeper
 * and deeper sleep, about in proportion to the logarithm of the time. Up to half a millisecond: not
 * at all; 8 ms: quite. */
#define COLDEST 5
int64_t machine_coldness(int64_t slept_ns);

/* Who is at work, sleeps or waits. Owned by the model: cores_free(). Start with a zeroed one. */
struct task {
    int64_t slept_ns;    /* since when */
    uint32_t next_ready; /* in the queue for cores */
    uint32_t used;       /* kinds of requests that it has sent in this life: bits */
    uint8_t state;
    bool again; /* there is more to do when it has done what it does */
};
struct cores {
    struct task *tasks;               /* members, then the server, then the driver */
    uint32_t idle;                    /* cores */
    uint32_t extra;                   /* tasks at work beyond the number of cores */
    uint32_t ready_first, ready_last; /* tasks; NO_TASK: none */
    uint32_t asked_first, asked_last; /* connections whose request is at the server */
    uint32_t *to_start;               /* members for the driver, a ring of `count` places */
    uint32_t start_first, start_count;
    int64_t luck;      /* of this trial: all costs, in 1024ths */
    int64_t busy_ns;   /* of the task at work: until it sleeps */
    uint32_t scripts;  /* that the server knows: bits, by kind of request */
    int64_t active_ns; /* when somebody was at work */
    uint64_t dice;
};

struct model;

/* Memory for `count` members. False: memory is out. */
bool cores_allocate(struct cores *cores, uint32_t count);
void cores_free(struct cores *cores);

/* A trial begins: all sleep. */
void machine_reset(struct model *model, uint64_t dice);

/* Something has become due for a member (DUE_LOOK); the driver is to start it (DUE_START), has
 * done so (DUE_RING); its answer is there. */
void machine_looks(struct model *model, uint16_t id);
void machine_starts(struct model *model, uint16_t id);
void machine_rings(struct model *model, uint16_t id);
void machine_answered(struct model *model, uint16_t id);

/* A member is born: whatever it does, it does for the first time. */
void machine_bears(struct model *model, uint16_t id);

/* A member at work sends: when its request is at the server. */
int64_t machine_sends(struct model *model, uint16_t id);

/* A request is at the server (DUE_ARRIVAL). */
void machine_arrives(struct model *model, uint32_t connection);

/* A task has its core and is awake (DUE_RUN); it has done what there was to do (DUE_REST). */
void machine_runs(struct model *model, uint32_t task);
void machine_rests(struct model *model, uint32_t task);

#endif
