/* Outcomes: from the history of a trial to elections, totals and a verdict, and from those of all
 * trials to a judgement.
 *
 *     history + violations ──▶ outcome (elections, totals)
 *     outcomes, one after the other ──▶ trials (trials.h: counts, firsts, percentiles)
 *     trials + expectations ──▶ judgement (judge.h: did every expectation hold?)
 *
 * This room only thinks: it reads and writes no file, starts no thread, and knows no JSON. What
 * writes outcomes down is sim/results/. results/README.md says what each figure means.
 */
#ifndef HUSTINGS_OUTCOME_OUTCOME_H
#define HUSTINGS_OUTCOME_OUTCOME_H

#include "sim/checks/check.h"
#include "sim/scenario/scenario.h"

/* What made an election due. */
enum cause {
    CAUSE_START,
    CAUSE_FLIP,
    CAUSE_CRASH,
    CAUSE_RESTART,
    CAUSE_PAUSE,       /* the leader stood still, and could not hold its office */
    CAUSE_RESUME,      /* somebody answers again, if the protocol asks who does */
    CAUSE_PARTITION,   /* the leader could not reach the store */
    CAUSE_CLOCK,       /* its clock, or the store's, was wrong */
    CAUSE_EXPIRY,      /* its time, or its lock, ran out */
    CAUSE_RESIGNATION, /* it stepped down by itself */
    CAUSE_LOSS,        /* the store lost the result, or the lock */
    CAUSE_OVERWRITE,   /* another was elected although no election was due */
    CAUSE_SUBMIT,      /* the elected one turned to submit by itself */
    CAUSE_OTHER,       /* a result of nobody in the cluster */
    CAUSES
};
extern const char *const cause_names[CAUSES];

/* How an election ended. */
enum ending {
    ENDED_PUBLISHED,  /* the result is in the store */
    ENDED_WITHDRAWN,  /* the published leader is rightful again, or nobody is left to be elected */
    ENDED_SUPERSEDED, /* another one became rightful: its clock runs on into the next election */
    ENDED_CENSORED,   /* the trial ended before the bound had passed */
    ENDED_NEVER,      /* nothing was published, though the bound had passed */
    ENDINGS
};
extern const char *const ending_names[ENDINGS];

/* Where its time went, see stages.h. */
enum stage {
    STAGE_DETECT,  /* until whoever published began with what led to that */
    STAGE_LOCK,    /* until it had the lock */
    STAGE_READ,    /* until it had read the statuses */
    STAGE_DECIDE,  /* until it had decided; and, where nothing is published, acted as leader */
    STAGE_PUBLISH, /* until the result was in the store */
    STAGE_SPREAD,  /* until every live process followed it */
    STAGES
};
extern const char *const stage_names[STAGES]; /* "detect", … */

#define NEVER_NS INT64_MIN   /* "did not happen": an empty cell */
#define FOREVER_NS INT64_MAX /* as a percentile: of elections that never came to an end */

/* A row of elections.csv. Times are ns after t0, NEVER_NS where it did not happen. */
struct election {
    uint32_t nth;       /* from 1 within the trial */
    int32_t cause_node; /* NOBODY: none */
    uint8_t cause;
    uint8_t ended;         /* enum ending */
    uint8_t verdict;       /* enum verdict */
    bool unsettled;        /* it has not settled, though the bound on that had passed */
    bool rightful_submits; /* it was in submit when another one was published */
    bool outdated;         /* wrong, but right by what was true when its statuses were read */
    uint16_t live_nodes;
    int64_t due_ns, reported_ns, decided_ns, published_ns, settled_ns;
    /* due_ns, or since_ns of the one that this one superseded. Bounds are counted from here. */
    int64_t since_ns;
    /* Until when it was watched: it settled, another result was published, it was withdrawn or
     * superseded, or the trial ended. */
    int64_t until_ns;
    int32_t elected; /* NOBODY: nobody */
    int32_t rightful;
    const char *reason;   /* why it was elected (protocol_reason()); NULL: it is not known */
    int32_t rule;         /* the number of that reason, if the protocol has rules; or 0 */
    uint32_t round_trips; /* of the process that published, from due (or its ask for the lock, if
                             later) to published */
    uint64_t term;
    int64_t lock_wait_ns; /* of that process: from asking for the lock to having it */
    int64_t stage_ns[STAGES];
};

/* What kept a leader from doing anything. */
enum idleness { IDLE_NOT, IDLE_PAUSED, IDLE_CUT_OFF, IDLE_NO_REDIS };

/* The longest stretch in which somebody acted as leader and could not do anything. */
struct idle_leader {
    int64_t lasted_ns;
    int32_t id;  /* NOBODY: there was none */
    uint8_t how; /* enum idleness */
};

/* A fault of the scenario that was not done in a trial (not_done.h). */
struct not_done {
    int64_t at_ns;  /* when it was skipped for the first time; NEVER_NS: it never became due */
    uint16_t fault; /* of the scenario's */
    char why[200];  /* one clause */
};

/* How a trial went, as far as one trial can tell. */
enum trial_verdict {
    TRIAL_PASSED,
    TRIAL_FAILED,    /* an expectation is broken, beyond doubt */
    TRIAL_UNDECIDED, /* none is, but of some it cannot be known */
    TRIAL_VERDICTS
};
extern const char *const trial_verdict_names[TRIAL_VERDICTS]; /* "passed", … */

#define OUTCOME_LEADERS_MAX (SCENARIO_LEADERS_MAX + 1)
_Static_assert(OUTCOME_LEADERS_MAX <= UINT8_MAX, "a byte counts them");

/* A row of trials.csv and what belongs to it. */
struct outcome {
    uint64_t seed;
    uint32_t trial;
    int32_t final_leader;
    /* Whom everyone alive followed, in order, repeats as one; the first ones, and one more than can
     * be expected: so many are never as expected. NULL: nobody. Owned. */
    int32_t *leaders;
    struct check_verdict *checks; /* how each check ended, by its row; owned */
    bool kept;                    /* its history is in the results folder */
    uint8_t verdict;              /* enum trial_verdict */
    uint8_t leader_count;
    uint32_t election_count, not_done_count;
    /* So many faults were pauses that were to end (`for`), and had not when the trial ended, which
     * heals nothing: what comes of it when somebody wakes up was not seen. */
    uint32_t unfinished;
    struct election *elections; /* owned: outcome_free() */
    struct not_done *not_done;  /* owned */
    struct violations violations;
    struct idle_leader idle;
    int64_t duration_ns, leaderless_ns, two_leaders_ns, two_lock_holders_ns;
    uint64_t requests;
    uint64_t entries; /* into the critical section, by `entered` members */
    uint32_t entered;
    uint32_t inferred; /* of so many members is inferred what they believe */
    /* How long a program asked to have the lock, the first time that this is not what the scenario
     * says; 0: each time it was, or it asked for no time. */
    int64_t asked_ttl_ns;
    struct work_count work;
    uint32_t stalls, stalls_that_cost; /* see stalls.h */
    char *undecided; /* owned; why the whole trial is (check_run_undecided()), or NULL */
};

/* What derives outcomes, one after the other. NULL: memory is out. */
struct outcome_maker *outcome_maker_new(void);
void outcome_maker_free(struct outcome_maker *maker);

/* Derives a trial's outcome from its history; runs the checks. False when memory is out, and the
 * outcome is an empty one. */
bool outcome_make(struct outcome_maker *maker, const struct scenario *scenario,
                  const struct history *history, struct outcome *outcome);

/* The same, of one trial alone. */
bool outcome_derive(const struct scenario *scenario, const struct history *history,
                    struct outcome *outcome);
void outcome_free(struct outcome *outcome);

/* What a scenario expects. */
enum expected {
    EXPECTED_CHECK,   /* `which`: its row */
    EXPECTED_VERDICT, /* enum verdict */
    EXPECTED_LEADERS,
    EXPECTED_ELECT,  /* a bound on elect_ms: enum bound */
    EXPECTED_SETTLE, /* likewise on settle_ms */
    EXPECTED_TOTAL   /* a bound on what a trial comes to: enum trial_total */
};
struct expectation {
    enum expected kind;
    size_t which;
};

/* An expectation that did not hold, or of which it is not known, over all trials. */
struct unmet {
    struct expectation of;
    uint32_t trial;      /* the first guilty trial; 0: all of them together */
    bool trials_are_why; /* it is open since that trial, or some, cannot be judged as a whole */
    uint64_t seed;       /* of that trial */
    char text[600];      /* "dead_leader: expected never, but trial 3: …" */
};
#define UNMET_MAX 20
struct unmet_list {
    uint32_t count; /* more than UNMET_MAX are counted, not kept */
    struct unmet list[UNMET_MAX];
};

/* How many of them are kept. */
uint32_t unmet_kept(const struct unmet_list *list);

/* The first of this expectation, or NULL. */
const struct unmet *unmet_find(const struct unmet_list *list, struct expectation of);

/* One expectation that is unmet beyond doubt is enough for the whole to have failed; if there is
 * none, one that is open is enough for the whole to be undecided. */
struct judgement {
    bool held;      /* every expectation did */
    bool undecided; /* not known: none is surely unmet, but some are open, or no trial ran */
    struct unmet_list unmet;
    struct unmet_list open; /* expectations of which it cannot be known, and why */
};

/* Whether the brain was split in a trial: two led, or were inside, at once, by their own words; or
 * a stale write got through. */
bool splits(const struct outcome *outcome);

#endif
