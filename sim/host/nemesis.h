/* The nemesis: carries out a scenario's faults in a trial, the same way on every host.
 *
 *        time ──────────▶ ┌──────────┐
 *        a breakpoint hit ───▶ │ nemesis │ ──▶ fault rows ──▶ the host's verbs (struct host_ops)
 *        settled ───────▶ └──────────┘ ──▶ FAULT, SKIPPED and HEALED events
 *
 * Faults that come at random times are drawn by chaos.h; what is in force, is in active.h.
 *
 * The host keeps `members` up to date, calls nemesis_advance() when nemesis_due() comes, stops a
 * process that hits a breakpoint and calls nemesis_hit() while it stands there, and
 * nemesis_settled() whenever the cluster becomes settled. Random numbers are the nemesis's own,
 * seeded by the trial.
 */
#ifndef HUSTINGS_HOST_NEMESIS_H
#define HUSTINGS_HOST_NEMESIS_H

#include "sim/host/actives.h"
#include "sim/host/breakpoint.h"
#include "sim/host/host.h"
#include "sim/host/timers.h"

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

struct nemesis {
    const struct scenario *scenario;
    struct host_ops ops;
    const struct cluster_member *members; /* [0 … nodes], kept by the host */
    struct breakpoints *breakpoints;      /* where the running processes look */
    struct record record;
    int64_t now_ns; /* when it was last called */
    uint64_t seed, rng;
    uint32_t settled_count, instances;
    uint8_t server_state; /* enum target_state, as far as faults made it so */
    bool out_of_memory;   /* something could not be remembered: the trial means nothing */
    bool down_known;
    uint32_t down;        /* how many processes are down, if that is known; chaos.h */
    struct timers timers; /* owned, as `actives`: nemesis_free() */
    struct actives actives;
    const char *last; /* the last fault, for the picture: the scenario's text, or last_text; NULL */
    char last_text[112];
    int64_t last_ns;
};

/* Sets the trial's plan. The nemesis is zeroed before the first trial. All pointers must outlive
 * it; `breakpoints` is emptied here. False: memory is out, and the trial must not begin. */
bool nemesis_begin(struct nemesis *nemesis, const struct scenario *scenario, uint64_t seed,
                   const struct host_ops *ops, const struct cluster_member *members,
                   struct breakpoints *breakpoints, const struct record *record);

/* Frees what it has. */
void nemesis_free(struct nemesis *nemesis);

/* When something is due next; INT64_MAX: nothing. */
int64_t nemesis_due(const struct nemesis *nemesis);

/* Does everything that is due by `now_ns`, in order. */
void nemesis_advance(struct nemesis *nemesis, int64_t now_ns);

/* Process `id` stands at the breakpoint. Applies the fault (or sets its timer); the host lets the
 * process go on afterwards, unless a verb has meanwhile stopped or killed it. */
void nemesis_hit(struct nemesis *nemesis, int breakpoint, uint16_t id, int64_t now_ns);

/* The cluster has become settled. */
void nemesis_settled(struct nemesis *nemesis, int64_t now_ns);

/* The end of the safety phase: nothing is applied any more, and all that is broken is fixed:
 * paused processes resume, dead ones restart, stalls end. */
void nemesis_heal(struct nemesis *nemesis);

/* The time of the history. */
static inline int64_t nemesis_now(const struct nemesis *nemesis)
{
    return nemesis->record.now(nemesis->record.self);
}

/* For active.c: has something done at a time. */
void nemesis_set_timer(struct nemesis *nemesis, struct timer timer);

/* Who acts as leader (cluster.h); of several, the one of the newest term; or NOBODY. */
int32_t nemesis_leader(const struct nemesis *nemesis);

/* On whom the cluster is settled (cluster.h), or NOBODY. In O(count). */
int32_t members_settled_on(const struct cluster_member *members, uint32_t count, int64_t now_ns);

#endif
