/* Overlaps: processes that claim at once what only one may have. What the checks two_lock_holders
 * and two_leaders share.
 *
 *     process 1   ├───────────────────────────────────┤
 *     process 2            ├─────────┤
 *     process 3                            ├────────────────┤
 *     episode              ├─────────┤     ├──────────┤          two or more claim it
 *
 * Entering and leaving take constant time, however many claim it. An episode begins when a second
 * process enters. It is over when its first process has left: as long as that one stays, whoever
 * comes and goes does so for one and the same cause. When others are left of it, a further one who
 * enters begins another episode.
 */
#ifndef HUSTINGS_CHECKS_OVERLAP_H
#define HUSTINGS_CHECKS_OVERLAP_H

#include "sim/checks/violation.h"

/* A process's place among those who claim it. */
struct overlap_place {
    int64_t until_ns; /* it claims it until then at most */
    uint32_t event;   /* by which it entered */
    uint16_t member;  /* the list of members, in no order: number i is places[i].member */
    uint16_t number;  /* this one's number among the members; OVERLAP_OUT: does not claim it */
};
#define OVERLAP_OUT UINT16_MAX
#define NEVER_ENTERED INT64_MAX

struct overlap {
    const struct check_row *check;
    int64_t earliest_ns;           /* no member's until_ns is before this */
    uint32_t count;                /* members */
    uint32_t most;                 /* members at once in this episode */
    uint32_t stretches;            /* of the episode: how often a second one entered */
    int64_t on_since_ns, on_ns;    /* the stretch under way began; those before it lasted */
    bool waits;                    /* its first process is alone, and may be joined again */
    uint16_t last_left;            /* by whose leaving the last stretch ended, and … */
    const char *last_how;          /* … how */
    int64_t entered_ns;            /* when the first one ever entered; NEVER_ENTERED */
    struct violation draft;        /* of the episode: when it began, who, by which events */
    struct overlap_place places[]; /* [0 … nodes] */
};

void overlap_begin(struct overlap *overlap, const struct check_row *check, uint16_t nodes);

static inline bool overlap_has(const struct overlap *overlap, uint16_t process)
{
    return overlap->places[process].number != OVERLAP_OUT;
}

/* Process enters by an event; INT64_MAX: for no limited time. True if this begins an episode. */
bool overlap_enter(struct overlap *overlap, uint16_t process, uint32_t event, int64_t now_ns,
                   int64_t until_ns);

/* A member claims it until another time than before. */
void overlap_extend(struct overlap *overlap, uint16_t process, int64_t until_ns);

/* Process leaves; `how` is a literal: "died". True if this ends the episode: `draft` is then whole
 * but for its sentence. */
bool overlap_leave(struct overlap *overlap, uint16_t process, int64_t now_ns, const char *how);

/* The history ends: whether there is an episode to tell, whose draft is then whole but for its
 * sentence. */
bool overlap_end(struct overlap *overlap, int64_t now_ns);

/* Of those whose time may be up. For overlap_due() alone. */
int32_t overlap_earliest(struct overlap *overlap, int64_t now_ns);

/* The member whose time is up by `now_ns`, the earliest first; NOBODY if there is none. To be
 * called before anything else happens at `now_ns`, until there is none. */
static inline int32_t overlap_due(struct overlap *overlap, int64_t now_ns)
{
    return now_ns < overlap->earliest_ns ? NOBODY : overlap_earliest(overlap, now_ns);
}

/* Begins the draft's sentence with who: "node 2 and the master were both", "node 1 and, in turn,
 * node 2, node 3 and others were both", "up to 3 processes (node 1, node 2, node 3) were at once".
 */
void overlap_say_who(struct overlap *overlap);

/* Goes on with how long, which the draft is told, too: " for 120.0 ms", " 17 times, for 120.0 ms in
 * all". */
void overlap_say_how_long(struct overlap *overlap);

#endif
