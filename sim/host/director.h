/* The director: carries out a scenario's faults in a trial, the same way on every host.
 *
 *        time ──────────▶ ┌──────────┐
 *        a watch hit ───▶ │ director │ ──▶ fault rows ──▶ the host's verbs (struct world)
 *        settled ───────▶ └──────────┘ ──▶ FAULT, SKIPPED and HEALED events
 *
 * Faults that come at random times are drawn by chaos.h.
 *
 * The host keeps `members` up to date, calls director_advance() when director_due() comes, stops a
 * process that hits a watch and calls director_hit() while it stands there, and director_settled()
 * whenever the cluster becomes settled. Dice are the director's own, seeded by the trial.
 */
#ifndef HUSTINGS_DIRECTOR_H
#define HUSTINGS_DIRECTOR_H

#include "sim/host/host.h"
#include "sim/host/watch.h"

/* Something that the director will do at a time. */
struct director_timer {
    int64_t at_ns;
    uint32_t seq; /* ties: whoever was set first */
    uint16_t fault;
    uint16_t id;     /* for a fault with TARGET_OTHERS: the process it is not about */
    uint32_t number; /* TRIGGER_RANDOMLY: of the draw; with `heal`: the fault's instance */
    bool heal;
};

/* Each fault of a scenario may come by a timer, and be healed by one. */
#define DIRECTOR_TIMERS_MAX (2 * SCENARIO_FAULTS_MAX)

/* A fault in force on one process (HISTORY_HARNESS: the server or a key), to be healed at the
 * latest at the end. */
struct director_wound {
    uint16_t fault, id;
    uint32_t instance; /* of the fault, as in its event */
};

/* Where the director writes. What it writes before it does it, it may have to take back. */
struct record {
    void *self;
    void (*event)(void *self, struct history_event *event); /* stamps its time and its `seq` */
    /* The event of this `seq` becomes one of another kind with another `why`; at once, before
     * anybody has seen it. */
    void (*amend)(void *self, uint32_t seq, uint8_t kind, const char *why);
};

struct director {
    const struct scenario *scenario;
    struct world world;
    const struct cluster_member *members; /* [0 … nodes], kept by the host */
    struct watches *watches;              /* where the running processes look */
    struct record record;
    int64_t now_ns; /* when it was last called */
    uint64_t seed, dice;
    uint32_t timer_count, timer_seq, settled_count, wound_count, instances;
    uint8_t server_state; /* enum target_state, as far as faults made it so */
    uint32_t lost; /* timers, wounds or watches for which there was no room: a limit was reached */
    struct director_timer timers[DIRECTOR_TIMERS_MAX];
    struct director_wound wounds[DIRECTOR_TIMERS_MAX];
    const char *last; /* the last fault, for the picture: the scenario's text, or last_text; NULL */
    char last_text[112];
    int64_t last_ns;
};

/* Sets the trial's plan. All pointers must outlive the director; `watches` is emptied here. */
void director_begin(struct director *director, const struct scenario *scenario, uint64_t seed,
                    const struct world *world, const struct cluster_member *members,
                    struct watches *watches, const struct record *record);

/* When something is due next; INT64_MAX: nothing. */
int64_t director_due(const struct director *director);

/* Does everything that is due by `now_ns`, in order. */
void director_advance(struct director *director, int64_t now_ns);

/* Process `id` stands at the watch. Applies the fault (or sets its timer); the host lets the
 * process go on afterwards, unless a verb has meanwhile stopped or killed it. */
void director_hit(struct director *director, int watch, uint16_t id, int64_t now_ns);

/* The cluster has become settled. */
void director_settled(struct director *director, int64_t now_ns);

/* The end of the safety phase: nothing is applied any more, and all that is broken is mended:
 * paused processes resume, dead ones restart, stalls end. */
void director_heal(struct director *director, int64_t now_ns);

/* For wounds.c: has something done at a time. */
void director_set_timer(struct director *director, struct director_timer timer);

/* Who acts as leader (cluster.h); of several, the one of the newest term; or NOBODY. */
int32_t director_leader(const struct director *director);

/* On whom the cluster is settled (cluster.h), or NOBODY. In O(count). */
int32_t members_settled_on(const struct cluster_member *members, uint32_t count, int64_t now_ns);

#endif
