/* What the files of the nemesis share: its state in a trial, and the questions that all of them
 * ask. What it does is in nemesis.h. */
#ifndef HUSTINGS_HOST_NEMESIS_STATE_H
#define HUSTINGS_HOST_NEMESIS_STATE_H

#include "sim/host/actives.h"

#include "sim/host/breakpoint.h"
#include "sim/host/host.h"
#include "sim/host/timers.h"
#include "src/protocol.h"
#include <assert.h>

/* Where the nemesis writes. What it writes before it does it, it may have to take back. */
struct record {
    void *self;
    void (*event)(void *self, struct history_event *event); /* stamps its time and its `seq` */
    /* The event of this `seq` becomes one of another kind with another `why`; at once, before
     * anybody has seen it. */
    void (*amend)(void *self, uint32_t seq, uint8_t kind, const char *why);
    int64_t (*now)(void *self); /* the time of the history */
    /* Writes UNDECIDED with a copy of `why`; NULL where nothing is ever late. */
    void (*undecided)(void *self, const char *why);
};

/* What was done by hand, each fault once: they count as standing behind those of the scenario. They
 * are there until nemesis_free(), whatever trials begin, since events point to their texts. */
struct by_hand_fault {
    struct fault_spec *spec; /* owned; it stays where it is */
};
struct by_hand {
    struct by_hand_fault *faults; /* owned */
    uint32_t count;
    size_t capacity;
};

struct nemesis {
    const struct scenario *scenario;
    struct host_ops ops;
    const struct cluster_member *members; /* [0 … nodes], kept by the host */
    struct breakpoints *breakpoints;      /* where the running processes look */
    struct record record;
    int64_t now_ns; /* when it was last called */
    uint64_t seed, rng;
    uint64_t drawn_rng; /* for faults of chaos that lay in wait, so that they take none of `rng` */
    uint32_t settled_count, instances;
    uint32_t time; /* the fault that is due now comes for so many times, from 1; 0: once */
    uint8_t server_states[SERVERS_MAX]; /* enum target_state, as far as faults made it so */
    bool healed;                        /* nemesis_heal(): nothing is applied any more */
    bool out_of_memory; /* something could not be remembered: the trial means nothing */
    bool down_known;
    uint32_t down;        /* how many processes are down, if that is known; chaos.h */
    struct timers timers; /* owned, as `actives`: nemesis_free() */
    struct actives actives;
    struct by_hand hand; /* owned, as above */
    const char *last; /* the last fault, for the picture: the scenario's text, or last_text; NULL */
    char last_text[112];
    int64_t last_ns;
};

/* The time of the history. */
static inline int64_t nemesis_now(const struct nemesis *nemesis)
{
    return nemesis->record.now(nemesis->record.self);
}

/* Whether it was done by hand. */
static inline bool nemesis_by_hand(const struct nemesis *nemesis, uint16_t fault)
{
    assert(fault < nemesis->scenario->fault_count + nemesis->hand.count);
    return fault >= nemesis->scenario->fault_count;
}

/* A fault of the scenario, or one by hand, and its kind. */
static inline const struct fault_spec *nemesis_spec(const struct nemesis *nemesis, uint16_t fault)
{
    uint32_t count = nemesis->scenario->fault_count;
    return nemesis_by_hand(nemesis, fault) ? nemesis->hand.faults[fault - count].spec
                                           : &nemesis->scenario->faults[fault];
}

static inline const struct fault_row *nemesis_row(const struct nemesis *nemesis, uint16_t fault)
{
    return fault_rows[nemesis_spec(nemesis, fault)->kind];
}

/* The numbers of the processes: from the first one, which is the master's if there is one, to below
 * the count. */
static inline uint32_t nemesis_first(const struct nemesis *nemesis)
{
    return protocol_first_id(&nemesis->scenario->settings);
}

static inline uint32_t nemesis_count(const struct nemesis *nemesis)
{
    return nemesis->scenario->settings.nodes + 1u;
}

/* Has something done at a time. */
void nemesis_set_timer(struct nemesis *nemesis, struct timer timer);

/* Who acts as leader (cluster.h); of several, the one of the newest term; or NOBODY. */
int32_t nemesis_leader(const struct nemesis *nemesis);

#endif
