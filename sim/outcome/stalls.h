/* What pauses of processes cost: how many there were, which of them cost the leadership, and for
 * how long nobody led because of these.
 *
 * A stall is a fault `pause` that was done. One *cost the leadership* if it made an election due
 * (its cause is `pause`, or `resume` where all had stood still) that was not withdrawn: somebody
 * had to be elected anew, be it the same one. Of one that was open when the trial ended nobody can
 * tell, and it is not counted.
 *
 * Whether one can cost it is the protocol's to say: by the article's rules a paused process goes on
 * being what it says, so nobody is elected for it. Then nothing is told of what stalls cost. */
#ifndef HUSTINGS_OUTCOME_STALLS_H
#define HUSTINGS_OUTCOME_STALLS_H

#include "sim/outcome/outcome.h"

/* Whether an event is a stall. */
bool is_stall(const struct history_event *event);

/* Whether a pause of a process can make an election due. */
bool stalls_can_cost(const struct settings *settings);

/* Whether an election had to be held for a stall, and for how long nobody led till its end. */
bool stall_cost(const struct election *election, int64_t *leaderless_ns);

/* Over trials that can be judged. */
struct stall_sum {
    uint64_t trials, stalls, cost; /* cost: that cost the leadership */
    int64_t sum_ns, longest_ns;    /* for how long nobody led because of these */
    int64_t p99_ns;                /* its 99th percentile; 0: not known */
    uint32_t longest_trial;        /* where it was the longest; 0: none cost the leadership */
    uint64_t longest_seed;         /* of that trial */
    bool longest_kept;             /* its history is in the results folder */
};

/* Takes in a trial, which is decided. */
void stalls_take(struct stall_sum *sum, const struct outcome *outcome);

#define STALLS_SIZE 360

/* Whether the scenario draws stalls from a table. */
bool scenario_draws_stalls(const struct scenario *scenario);

/* "143 stalls: 12 of them (8.4 %) cost the leadership, and because of these nobody led for …".
 * False: the scenario draws no stalls, or they cannot cost it, or there is no such trial. */
bool stalls_sentence(const struct scenario *scenario, const struct stall_sum *sum,
                     char out[STALLS_SIZE]);

#endif
