/* A story moved to another protocol and lock: the same members, times and faults, under the rules
 * of a combination. What comes of it is a scenario of its own, as text, so that anybody can read
 * and run it.
 *
 *     story (a scenario)  +  combination  ──▶  the scenario as it would be written for that
 *
 * What carries a story is what every protocol has: members, the moments that all of them may have
 * (src/moment.h), targets such as `leader` and `lock`, and times in leases. So what is kept:
 *
 *   - faults, starts, duration, work, network, persistence, as they are. A start of the master
 *     falls away where there is none; one whom the story does not know begins when all have
 *     reported, for an early one would tell a story of its own. `redis` means the first of the
 *     servers, where there are several
 *   - the length of the lease: what the combination's protocol or lock calls so lasts as long as in
 *     the story, unless the combination names it. Then all times of the story mean the same. The
 *     other times of a protocol keep their proportion to it, as their defaults have it, or as the
 *     story has it if the protocol is the same; the lock's times are the story's
 *   - where the length of the lease is another one, all of the story's times are stretched with it
 *     (stretch.h): else a story made for a short lease would be over before a long one has run out,
 *     and nothing would break
 *   - which promise the story is about: a check that it has break, or not, is asked for. Which
 *     leaders there are, and bounds on times, were about the story's own election: they fall away
 *
 *   - programs of the user's fall away: those of the combination, if it has some, take their
 *     place, and are told the same (`env`)
 *
 * All else is the combination's. What it cannot do, lint says: then the story does not apply.
 */
#ifndef HUSTINGS_MATRIX_MOVE_H
#define HUSTINGS_MATRIX_MOVE_H

#include "sim/matrix/combination.h"

struct moved_story {
    char *text;     /* owned: free(); NULL: it does not apply */
    uint32_t asked; /* bits 1u << row: the checks that it is about */
    char why[400];  /* why it does not apply, in a clause */
    bool no_memory;
};

struct move_options {
    uint32_t trials; /* 0: as the story says */
    bool has_seed;
    uint64_t seed;
};

/* Moves a story that was loaded. False: it does not apply, or memory is out. */
bool story_move(const struct scenario *story, const struct combination *combination,
                const struct move_options *options, struct moved_story *moved);

#endif
