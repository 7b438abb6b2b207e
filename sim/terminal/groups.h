/* Elections of many trials put together: those that were the nth of their trial and had the same
 * cause make a group, with its winners, times and verdicts.
 */
#ifndef HUSTINGS_TERMINAL_GROUPS_H
#define HUSTINGS_TERMINAL_GROUPS_H

#include "sim/outcome/outcome.h"

struct winner {
    int32_t id;
    uint32_t times;
};

#define WINNERS_MAX 64 /* told apart in a group; more are counted together */

struct group {
    uint32_t nth;
    uint8_t cause;
    int32_t cause_node; /* NOBODY: none, or not the same in all of them */
    uint32_t elections;
    uint32_t winner_count; /* the most frequent first; a tie by id */
    struct winner winners[WINNERS_MAX];
    uint32_t others;    /* elections won by still others */
    const char *reason; /* of all of them; NULL: they had several, or none */
    uint32_t verdicts[VERDICTS];
    bool dead_leader; /* the check of that name was violated in some of their trials */
    bool published;   /* some of them were */
    /* Of those that were published, or settled, or never were, in trials that can be judged;
     * NEVER_NS: there are none. */
    int64_t elect_p50_ns, elect_p99_ns, elect_max_ns, settle_p50_ns, settle_p99_ns;
};

struct groups {
    struct group *list; /* owned: groups_free() */
    size_t count;       /* in order of nth, then of cause */
};

/* Groups the elections with nth <= nth_max. False when memory is out. */
bool groups_make(const struct outcome *outcomes, size_t count, uint32_t nth_max,
                 struct groups *groups);
void groups_free(struct groups *groups);

#endif
