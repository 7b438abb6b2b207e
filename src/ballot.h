/* What the participants of an election say of themselves, as one sorted list.
 *
 * The article's hash `nodes` maps an id to a status. A ballot is that hash as it was read at one
 * moment: votes in ascending order of id, no id twice. Id 0 is the master; it is on the ballot only
 * once its status has been set (the article never reports it).
 */
#ifndef HUSTINGS_BALLOT_H
#define HUSTINGS_BALLOT_H

#include <stdint.h>

/* The master's id, and the highest id that a node may have. */
#define MASTER_ID 0
#define NODE_ID_MAX 16383

/* "Nobody": no leader followed, no id chosen. */
#define NOBODY (-1)

/* The article's two states. STATUS_UNKNOWN stands for any other text found in Redis: such a vote is
 * on the ballot, but no rule ever chooses it. */
enum status { STATUS_PREPARE, STATUS_SUBMIT, STATUS_UNKNOWN };

struct vote {
    uint16_t id;
    uint8_t status; /* enum status */
    uint8_t zero;
};

/* A view: the votes belong to whoever made the ballot and live as long as he says. */
struct ballot {
    const struct vote *votes;
    uint32_t count;
};

#endif
