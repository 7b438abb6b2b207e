/* On whom faults are done, and when. See fault.h. */
#ifndef HUSTINGS_FAULTS_TRIGGER_H
#define HUSTINGS_FAULTS_TRIGGER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/faults/pattern.h"

/* --- targets --- */

enum target_kind {
    TARGET_IDS,         /* the ids listed; `master` is id 0 */
    TARGET_LEADER,      /* whoever acts as leader now */
    TARGET_LOCK_HOLDER, /* whoever is in the critical section now, or the next to enter it */
    TARGET_ANY,         /* one live process (node), drawn by the seed */
    TARGET_OTHERS,      /* every live node but the trigger's process, or but the leader */
    TARGET_LOCK,        /* the lock's key */
    TARGET_REDIS,       /* servers */
    TARGET_KINDS
};

/* Sets of them: processes, and those that one names or draws by themselves. */
#define TARGETS_NAMED                                                                              \
    (1u << TARGET_IDS | 1u << TARGET_LEADER | 1u << TARGET_LOCK_HOLDER | 1u << TARGET_ANY)
#define TARGETS_PROCESSES (TARGETS_NAMED | 1u << TARGET_OTHERS)

/* Which of the servers it is about: a fault of a server, of a key there, or of the link to it. */
enum target_servers {
    SERVERS_ALL,      /* each of them: the only one, the links to all, the key on all */
    SERVERS_LISTED,   /* those of `listed` */
    SERVERS_MINORITY, /* as many as can be without a majority: 2 of 5; drawn by the seed */
    SERVERS_MAJORITY, /* as few as a majority takes: 3 of 5; likewise */
    SERVERS_KINDS
};

#define TARGET_IDS_MAX 64

struct target {
    uint8_t kind;    /* enum target_kind */
    uint8_t servers; /* enum target_servers */
    uint8_t listed;  /* SERVERS_LISTED: bits 1u << server */
    uint16_t count;
    uint16_t ids[TARGET_IDS_MAX]; /* TARGET_IDS */
};

/* --- triggers --- */

enum trigger_kind {
    TRIGGER_AT,       /* at a time after t0 */
    TRIGGER_EVERY,    /* at period, 2 × period, … before `until` */
    TRIGGER_WHEN,     /* at a moment of a process's steps, exactly */
    TRIGGER_SETTLED,  /* everyone alive follows one live leader */
    TRIGGER_RANDOMLY, /* at random times (Poisson), drawn by the seed: chaos */
    TRIGGER_KINDS
};

/* What a TRIGGER_WHEN waits for: a moment of a process's steps, a command that it sends, or the
 * answer to one. */
enum trigger_on { ON_MOMENT, ON_SENDS, ON_GETS };

struct trigger {
    uint8_t kind;   /* enum trigger_kind */
    uint8_t on;     /* TRIGGER_WHEN: enum trigger_on */
    uint8_t moment; /* ON_MOMENT: enum moment */
    bool before;    /* TRIGGER_WHEN: stop before the request goes out, not after its step.
                        * ON_SENDS without it: the command has left its sender, and goes on when the
                        * fault was applied, whatever became of its sender */
    bool applied;   /* TRIGGER_WHEN: stop when the server has applied the request and its answer
                        * is there, but before the process reads it */
    struct command_pattern command; /* ON_SENDS, ON_GETS: which */
    struct target who; /* TRIGGER_WHEN: TARGET_IDS, LEADER, LOCK_HOLDER or ANY (whoever does it) */
    uint32_t nth;      /* TRIGGER_WHEN, SETTLED: fires at the nth time, from 1, once */
    uint32_t nth_to;   /* 0; or that time is drawn, from `nth` to this one: sim/host/nth.h */
    int64_t at_ns;     /* TRIGGER_AT: when. EVERY: the period. RANDOMLY: the mean between two */
    int64_t until_ns;  /* EVERY, RANDOMLY: the end; the scenario's duration unless said */
    int64_t after_ns;  /* WHEN, SETTLED: let this pass between the moment and the fault */
    /* TRIGGER_RANDOMLY: one draw is among `one_of` specs in a row, which share the trigger; each
     * has its own weight. */
    uint16_t first, one_of; /* the first of them in the scenario's list; how many there are */
    uint32_t weight;
    uint32_t at_most_down; /* no draw takes down (fault_row.takes_down) more processes than that */
};

#endif
