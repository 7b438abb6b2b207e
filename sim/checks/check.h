/* Checks: each promise of an election, and how to see from a history that it was broken.
 *
 * A check reads the events of one history in order, through a *view*: the cluster as it stands
 * after each event (who lives, who claims what, what is published). It is a small machine of its
 * own that keeps what it needs in its state, so that checks can run along with a trial or
 * afterwards.
 *
 * A check that found nothing has not always held: perhaps it could not fire, or cannot know. So
 * each ends in a trial as one of enum check_ending, and each but CHECK_HELD has a reason in words.
 *
 * How to add a check: one file in sim/checks/ that defines a `const struct check_row`, declared at
 * the end of this header, and one row in table.c. Then `tests/scenarios/manual --write` makes the
 * schema and the manual's table anew; and hand-written histories in tests/unit/checks/ are its
 * tests: one that it must fail, its twin that it must pass, and one for each other way in which it
 * can end.
 */
#ifndef HUSTINGS_CHECKS_CHECK_H
#define HUSTINGS_CHECKS_CHECK_H

#include "sim/history/cluster.h"
#include "sim/history/elected.h"
#include "sim/history/history.h"

/* Rows of the table at most. */
#define CHECKS_MAX 16

#define VIOLATION_PROCESSES_MAX 8
#define VIOLATION_EVENTS_MAX 8

struct violation {
    uint16_t check;          /* a row of check_rows */
    int64_t at_ns, until_ns; /* the interval in which the promise was broken */
    int64_t sure_ns;         /* since when that was beyond doubt: at_ns, or a bound later */
    uint32_t times;          /* how often it was broken within the interval, … */
    int64_t broken_ns;       /* … and for how long in all; 0 and 0: throughout, once */
    uint8_t process_count, event_count;
    uint16_t processes[VIOLATION_PROCESSES_MAX]; /* who; the first ones if there are more */
    uint32_t events[VIOLATION_EVENTS_MAX];       /* the guilty events, in order of time */
    char explanation[400];                       /* one English sentence, which names the cause */
};

/* What became of the members' work, over a trial: how many writes the protected resource accepted
 * and rejected, and how many of the accepted were stale or late (writes.h). */
struct work_count {
    uint64_t accepted, stale, late;
    uint64_t rejected, rejected_stale; /* all; those of which a newer grant had written */
    uint64_t rejected_newest; /* those of which none had: the fencing numbers went back. Of what is
                               * left, neither can be known */
};

/* Owned by the caller: violations_free(). */
struct violations {
    struct violation *list;
    size_t count, capacity;
    struct work_count work; /* of a whole trial; all zeros if nobody works */
    bool lost;              /* memory ran out: not all of them are here */
};
void violations_free(struct violations *violations);

/* Appends a copy, with its events in order; sets `lost` when memory is out. For checks. */
void violations_add(struct violations *violations, const struct violation *violation);

/* How a check ends in a trial. */
enum check_ending {
    CHECK_HELD,           /* it could have found a broken promise, and found none */
    CHECK_BROKEN,         /* it found at least one violation, beyond doubt */
    CHECK_COULD_NOT_FIRE, /* nothing in this trial could have broken the promise */
    CHECK_DOES_NOT_APPLY, /* nothing in any trial of this scenario could have */
    CHECK_UNDECIDED,      /* what it has to know cannot be known */
    CHECK_ENDINGS
};
extern const char *const check_ending_names[CHECK_ENDINGS]; /* "held", …, "could not fire", … */

struct check_verdict {
    uint8_t ending; /* enum check_ending */
    /* The reason, a literal: the rest of a sentence that begins with the check's name and "could
     * not fire:", "does not apply:" or "is undecided:". NULL: it held; or it is broken, and the
     * first violation's explanation is the reason. */
    const char *why;
};

/* No event of the history. */
#define EVENT_NONE UINT32_MAX

/* One process as the view shows it. Events are indices into the history, EVENT_NONE: there was none
 * in this life of the process. A process that is born again begins afresh. */
struct view_process {
    struct claim claim;     /* its last; while it is dead, the one it died with */
    int64_t since_ns;       /* alive: when born; dead: when died (INT64_MIN: never was) */
    int64_t asks_since_ns;  /* when the current wait began; INT64_MIN: does not wait for the lock */
    uint32_t life_event;    /* the event that says so: born or died */
    uint32_t pause_event;   /* the last HISTORY_PAUSED */
    uint32_t claim_event;   /* the last HISTORY_CLAIM */
    uint32_t follows_event; /* the claim by which it began to follow whom it follows */
    uint32_t leads_event;   /* the claim by which it began to lead, or to do so in this term */
    uint32_t section_event; /* the claim by which it last entered the critical section */
    uint32_t asks_event;    /* the request that began the current wait for the lock */
    uint32_t asked_event;   /* the last request for the lock */
    uint32_t request_event; /* the last request of any kind */
    uint32_t read_event;    /* the last request with the moment `reads` */
    uint32_t read_reply_event; /* the last good answer to one */
    int32_t recalled;          /* the leader that it was last told; NOBODY: none */
    int32_t recalled_at_read; /* the same, when it had the answer to its last read: its incumbent */
    bool alive, started, paused;
    bool to_be_back; /* a fault killed it, and the healing is to bring it back */
    bool inferred;   /* what it claims was inferred; in any of its lives */
    bool claims;     /* it has claimed something by itself; likewise */
};

/* What a HISTORY_CLAIM can change; the end of a wait may also come by a HISTORY_REQUEST. */
enum view_change {
    CHANGED_FOLLOWS = 1, /* whom it follows */
    CHANGED_LEADS = 2,   /* whether, in which term and until when it leads */
    CHANGED_SECTION = 4, /* whether it is in the critical section, or waits for it */
    CHANGED_UNTIL = 8,   /* until when it leads, and is inside; CHANGED_LEADS, too */
    CHANGES = 16
};

/* The cluster after the events so far. What "up" and "settled" mean is told in cluster.h. */
struct view {
    const struct history_facts *facts;
    struct view_process *processes; /* [0 … facts->settings.nodes] */
    struct view_process before;     /* the event's own process as it was before the event; not
                                       with HISTORY_REPLY */
    struct decision published;      /* as the store has it, by the replies seen; or of NOBODY */
    enum history_phase phase;
    int64_t now_ns;
    uint32_t index;      /* of the event just applied */
    uint32_t changes;    /* by it: bits of enum view_change */
    uint32_t gone_event; /* the last time that the lock's TTL ran out, by itself or by a fault, or
                          * that the store lost the lock */

    /* Who follows whom, counted, so that no check need look at every process at every event. */
    struct cluster_standing standing;
    uint32_t *followers; /* [0 … nodes]: how many that are up follow this id; [nodes + 1]: an id
                            that is no process of the cluster, whose number stands for all such */
    bool healed;         /* everything has been healed */
};

/* A process as cluster.h sees it. */
static inline struct cluster_member view_member(const struct view_process *process)
{
    return (struct cluster_member){.alive = process->alive,
                                   .started = process->started,
                                   .paused = process->paused,
                                   .claim = process->claim};
}

/* Whether a process is up. */
static inline bool view_is_up(const struct view_process *process)
{
    const struct cluster_member member = view_member(process);
    return cluster_is_up(&member);
}

/* Whether a process acts as leader now. */
static inline bool view_acts_as_leader(const struct view *view, const struct view_process *process)
{
    const struct cluster_member member = view_member(process);
    return cluster_acts_as_leader(&member, view->now_ns);
}

/* Whether a process is inside the critical section now. */
static inline bool view_is_inside(const struct view *view, const struct view_process *process)
{
    const struct cluster_member member = view_member(process);
    return cluster_is_inside(&member, view->now_ns);
}

/* Whom everybody who is up follows, be that one alive or not; NOBODY: they do not agree, or it is
 * no process of the cluster. */
int32_t view_agrees_on(const struct view *view);

/* On whom the cluster is settled, or NOBODY. In O(1). */
int32_t view_settled_on(const struct view *view);

/* Beyond all moments, and all traits of operations. */
#define WANTS_END_OF_WAIT (1u << 31)
#define WANTS_PUBLISHED (1u << 31)

struct check_row {
    const char *name;
    const char *promise;     /* what is broken when it fails, as in `hustings list checks` */
    uint32_t wants;          /* bits 1u << enum history_kind: the events it is called for */
    uint32_t wants_requests; /* bits 1u << enum moment: with HISTORY_REQUEST, only those of such
                                 moments; and WANTS_END_OF_WAIT: those by which a wait for the lock
                                 ends */
    uint32_t wants_replies;  /* bits of enum op_trait: with HISTORY_REPLY, only those to such
                                 operations; and WANTS_PUBLISHED: those to a publishing request */
    uint32_t wants_claims;   /* bits of enum view_change: with HISTORY_CLAIM, only such changes; 0:
                                 every claim */
    bool on_belief;          /* it judges what members believe: undecided if that cannot be told of
                                 a program (HISTORY_OBSCURE) that claims nothing by itself */
    bool on_lock_traffic;    /* it judges what members send about the lock: undecided if that cannot
                                 be told of a program, whatever it claims */
    size_t state_size;       /* for the cluster as such */
    size_t state_per_process; /* and for each of its processes, master included */
    /* Brings the state to its beginning. The first time it is all zeros, later as the last trial
     * left it. */
    void (*begin)(void *state, const struct history *history);
    /* Gives back what the state owns. NULL: it owns nothing. */
    void (*forget)(void *state);
    /* `view` is the cluster just after `event`; the history has at least the events up to it. */
    void (*event)(void *state, const struct view *view, const struct history *history,
                  const struct history_event *event, struct violations *out);
    /* The history ended at `end_ns`: what is still broken ends here. May be NULL. */
    void (*end)(void *state, const struct view *view, const struct history *history, int64_t end_ns,
                struct violations *out);
    /* Whether it has anything to say of trials with these facts; if not, `*why` is the reason (see
     * struct check_verdict), and it is not called for any event. NULL: it always has. */
    bool (*applies)(const struct history_facts *facts, const char **why);
    /* It can find something only in a trial that lasts longer than this, in ns: `bound` is the key
     * of `expect` that says so, `too_short` the reason if the trial did not. 0, or NULL: in any. */
    int64_t (*longer_than_ns)(const struct history_facts *facts);
    const char *bound, *too_short;
    /* It applies, the trial was long enough, and it has found nothing in it until it ended at
     * `end_ns`: whether it held, could not fire, or is undecided. Called after `end`. NULL: it
     * held. */
    struct check_verdict (*verdict)(const void *state, const struct view *view,
                                    const struct history *history, int64_t end_ns);
};

/* For rows' `verdict`. */
static inline struct check_verdict check_held(void)
{
    return (struct check_verdict){.ending = CHECK_HELD};
}
static inline struct check_verdict check_could_not_fire(const char *why)
{
    return (struct check_verdict){.ending = CHECK_COULD_NOT_FIRE, .why = why};
}
static inline struct check_verdict check_is_undecided(const char *why)
{
    return (struct check_verdict){.ending = CHECK_UNDECIDED, .why = why};
}
/* It held, if several processes that may have this moment (of the protocol or the lock) have been
 * running since `since_ns`, at once or one after the other: only then can one be beside another, or
 * too late. Else it could not fire. One that was born again and has not started yet is none. In
 * O(nodes). */
struct check_verdict check_held_unless_alone(const struct view *view, enum moment moment,
                                             int64_t since_ns);

/* Ends with NULL. */
extern const struct check_row *const check_rows[];

int check_find(const char *name);
size_t check_count(void);

/* Whether a check (by its row) has anything to say of trials with these facts; if not, `*why` is
 * the reason. */
bool check_applies(size_t check, const struct history_facts *facts, const char **why);

/* The time that a trial with these facts must last longer than for the check to find something. */
int64_t check_longer_than_ns(size_t check, const struct history_facts *facts);

/* Runs every check over a history and appends what they find, in order of time. False when memory
 * is out. */
bool checks_run(const struct history *history, struct violations *out);

/* All that the checks say of one trial. */
struct judged_trial {
    struct violations violations; /* owned: judged_trial_free() */
    struct check_verdict checks[CHECKS_MAX];
    char *undecided; /* owned; see check_run_undecided() */
};

/* Runs every check over a history. False when memory is out, and there is nothing to be freed. */
bool checks_judge(const struct history *history, struct judged_trial *out);
void judged_trial_free(struct judged_trial *judged);

/* --- along with a trial --------------------------------------------------------------------------
 *
 * The same, event by event, for a host that runs many trials: all memory is taken once and used
 * again by the next trial, unless that one has more processes.
 *
 *     struct check_run *run = check_run_new();
 *     for each trial:
 *         check_run_begin(run, &history);       with history.facts filled, history.count == 0
 *         append events to the history; check_run_events(run);       as often as you like
 *         check_run_end(run);
 *         look at check_run_found(run), check_run_verdicts(run), check_run_undecided(run)
 *     check_run_free(run);
 */
struct check_run;

/* NULL when memory is out. */
struct check_run *check_run_new(void);
void check_run_free(struct check_run *run);

/* A trial begins. The history stays the caller's, at the same place until check_run_end(); its
 * events may move. False when memory is out. */
bool check_run_begin(struct check_run *run, const struct history *history);

/* Judges the events that were appended since the last call. Those after the end of the trial
 * (PHASE_END) are passed over. */
void check_run_events(struct check_run *run);

/* The trial is over. Puts what was found in order of time. False when memory was out: not all
 * violations are there. */
bool check_run_end(struct check_run *run);

/* What was found in this trial; the run's, until the next check_run_begin(). While the trial runs,
 * only what is over and in no order. */
const struct violations *check_run_found(const struct check_run *run);

/* After check_run_end(): how each check ended, by its row; the run's, until the next
 * check_run_begin(). */
const struct check_verdict *check_run_verdicts(const struct check_run *run);

/* After check_run_end(): why the trial as a whole is undecided, in a sentence without a full stop;
 * NULL: it is not. It is so from the first event on that is not the scenario's doing
 * (HISTORY_OUTSIDE) or by which the harness itself gave up judging (HISTORY_UNDECIDED): what was
 * not broken beyond doubt before is undecided, and what seems to be broken later is left out. The
 * run's, until the next check_run_begin(). */
const char *check_run_undecided(const struct check_run *run);

/* All of this at once, over a history that is whole, as checks_run() does. */
bool check_run_whole(struct check_run *run, const struct history *history, struct violations *out);

extern const struct check_row check_two_lock_holders;
extern const struct check_row check_two_leaders;
extern const struct check_row check_stale_write;
extern const struct check_row check_foreign_release;
extern const struct check_row check_wrong_winner;
extern const struct check_row check_stale_result;
extern const struct check_row check_dead_leader;
extern const struct check_row check_idle_leader;
extern const struct check_row check_disagreement;
extern const struct check_row check_no_leader;
extern const struct check_row check_starvation;
extern const struct check_row check_program_ended;

#endif
