/* Checks: each promise of an election, and how to see from a history that it was broken.
 *
 * A check reads the events of one history in order, through a *view*: the cluster as it stands
 * after each event (who lives, who claims what, what is published). It is a small machine of its
 * own that keeps what it needs in its state, so that checks can run along with a trial or
 * afterwards.
 *
 * How to add a check: one file in sim/checks/ that defines a `const struct check_row`, declared at
 * the end of this header, one row in table.c, and two hand-written histories in tests/unit/checks/:
 * one that it must fail, and its twin that it must pass.
 */
#ifndef HUSTINGS_CHECK_H
#define HUSTINGS_CHECK_H

#include "sim/history/history.h"

#define VIOLATION_PROCESSES_MAX 8
#define VIOLATION_EVENTS_MAX 8

struct violation {
    uint16_t check;          /* a row of check_rows */
    int64_t at_ns, until_ns; /* the interval in which the promise was broken */
    uint8_t process_count, event_count;
    uint16_t processes[VIOLATION_PROCESSES_MAX]; /* who; the first ones if there are more */
    uint32_t events[VIOLATION_EVENTS_MAX];       /* the guilty events, indices into the history */
    char explanation[240];                       /* one English sentence */
};

/* Owned by the caller: violations_free(). */
struct violations {
    struct violation *list;
    size_t count, capacity;
};
void violations_free(struct violations *violations);

/* One process as the view shows it. */
struct view_process {
    struct claim claim;
    bool alive, started, paused;
    int64_t since_ns;      /* alive: when born; dead: when died (INT64_MIN: never was) */
    uint32_t life_event;   /* the event that says so */
    uint32_t claim_event;  /* the last HISTORY_CLAIM */
    uint32_t asks_event;   /* the request that began the current wait for the lock */
    int64_t asks_since_ns; /* when that was; INT64_MIN: does not wait for the lock */
};

/* The cluster after the events so far. */
struct view {
    const struct history_facts *facts;
    struct view_process *processes; /* [0 … facts->settings.nodes] */
    struct result result;           /* as the store has it, by the replies seen; id NOBODY: none */
    enum history_phase phase;
    int64_t now_ns;
    uint32_t index; /* of the event just applied */
};

struct check_row {
    const char *name;
    const char *promise; /* what is broken when it fails, as in `hustings list checks` */
    uint32_t wants;      /* bits 1u << enum history_kind: the events it is called for */
    size_t state_size;   /* for a cluster of one node */
    size_t state_per_node;
    void (*begin)(void *state, const struct history *history);
    /* `view` is the cluster just after `event`. */
    void (*event)(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out);
    /* The history ended at `end_ns`; may be NULL. */
    void (*end)(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out);
};

/* Ends with NULL. */
extern const struct check_row *const check_rows[];

int check_find(const char *name);
size_t check_count(void);

/* Runs every check over a history and appends what they find, in order of time. False when memory
 * is out. */
bool checks_run(const struct history *history, struct violations *out);

#endif
