/* The elections of many trials put together, as they come: those that were the nth of their trial
 * and had the same cause make a group, with its winners, times and verdicts; and all of one cause
 * are counted. */
#ifndef HUSTINGS_OUTCOME_GROUPS_H
#define HUSTINGS_OUTCOME_GROUPS_H

#include "sim/outcome/spread.h"

#define GROUPS_NTH 6 /* so many elections of a trial are in groups; later ones are counted only */
#define ALL_CAUSES CAUSES
#define WINNERS_MAX 64 /* told apart in a group; more are counted together */

struct winner {
    int32_t id;
    uint32_t times;
};

struct group {
    uint32_t nth; /* GROUPS_NTH + 1: all later ones */
    uint8_t cause;
    int32_t cause_node; /* NOBODY: none, or not the same in all of them */
    uint32_t elections;
    uint32_t winner_count; /* after groups_end(): the most frequent first; a tie by id */
    struct winner winners[WINNERS_MAX];
    uint32_t others;    /* elections won by still others */
    const char *reason; /* of all of them; NULL: they had several, or none */
    uint32_t verdicts[VERDICTS];
    uint32_t outdated;  /* of those with VERDICT_WRONG: right when the statuses were read */
    uint32_t withdrawn; /* of those with VERDICT_NONE: they became needless */
    bool published;     /* some of them were */
    /* The times of those that came to their end, or never did (election_rank_ns()), in trials that
     * can be judged. */
    struct spread times[ELECTION_TIMES];
    struct ranks ranks[ELECTION_TIMES]; /* after groups_end() */
};

/* The elections of one cause, or of all. */
struct cause_sum {
    size_t trials; /* that have one */
    size_t elections, ended[ENDINGS], unsettled, outdated;
    struct ranks ranks[ELECTION_TIMES]; /* after groups_end(); of the same ones as in groups */
};

/* All zero: no elections yet. Ends with groups_free(). */
struct groups {
    struct group *list[(GROUPS_NTH + 1) * CAUSES]; /* by nth, then by cause; NULL: there is none */
    struct cause_sum causes[CAUSES + 1];           /* the last one: ALL_CAUSES */
};

/* Takes in the elections of a trial. False: memory is out. */
bool groups_take(struct groups *groups, const struct outcome *outcome);

/* All trials have come: puts the winners in order and takes the percentiles. Once. False: memory is
 * out. */
bool groups_end(struct groups *groups);

/* After that: goes through the groups, by nth, then by cause, without those of later ones. `*place`
 * is 0 to begin with. NULL: there are no more. */
const struct group *groups_next(const struct groups *groups, size_t *place);

void groups_free(struct groups *groups);

#endif
