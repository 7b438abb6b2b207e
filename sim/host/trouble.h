/* The troubles of one link: what is in force on it, and what that does to a message; the same on
 * every host.
 *
 * Each direction can be cut, delayed and slow, independently of the other and of each other. An
 * order about these says how it is from now on, whatever it was before: what several faults come
 * to has been composed by then (active.h). And one thing can be lying in wait for the next request:
 * to hold it back, to lose its answer, or to break the connection.
 *
 * Pure: the time is handed in, and the dice are the struct's own.
 */
#ifndef HUSTINGS_TROUBLE_H
#define HUSTINGS_TROUBLE_H

#include "sim/faults/fault.h"

enum way { WAY_REQUESTS, WAY_REPLIES, WAYS };

/* The direction's bit in orders. */
#define WAY_BIT(way) (1u << (way))
_Static_assert(WAY_BIT(WAY_REQUESTS) == LINK_REQUESTS && WAY_BIT(WAY_REPLIES) == LINK_REPLIES,
               "a way's bit is that of link orders");

struct trouble {
    uint8_t cut;     /* bits */
    uint8_t lurks;   /* LINK_LATE, LINK_LOSE_REPLY or LINK_RESET awaits the next request;
                      * LINK_HEAL: nothing does */
    bool applied;    /* LINK_RESET: after it was applied */
    int64_t late_ns; /* LINK_LATE */
    int64_t by_ns[WAYS], jitter_ns[WAYS];
    int64_t bytes_per_s[WAYS]; /* 0: as fast as ever */
    int64_t free_ns[WAYS];     /* slow: the line is busy until then */
    uint64_t dice;
};

/* How a message is held up. */
struct hold {
    int64_t sent_ns;  /* its last byte has gone out; when it came, unless the line is slow */
    int64_t delay_ns; /* and then is this long under way */
    int64_t until_ns; /* late: not before this */
};

/* Nothing is wrong with the link of process `id`. The dice come from the trial's seed. */
void trouble_init(struct trouble *trouble, uint64_t seed, uint16_t id);

/* Carries out an order. False: nothing was done, since something lies in wait already, or, to a
 * LINK_HEAL, since that did not. */
bool trouble_order(struct trouble *trouble, const struct link_order *order, int64_t now_ns);

/* What holds up a message of so many bytes that arrives now. */
struct hold trouble_hold(struct trouble *trouble, enum way way, size_t size, int64_t now_ns);

/* A message that is under way follows an order: it is held up no longer than what is in force now
 * would hold it up, and what was not sent of it yet goes out as fast as it can now. `before` is the
 * link before the order. True if that changed anything. */
bool hold_follow(struct hold *hold, enum way way, const struct link_order *order,
                 const struct trouble *before, int64_t now_ns);

/* When it may go on. */
int64_t hold_ends(const struct hold *hold);

/* Whether an order is the LINK_HEAL of this trouble. */
bool heals(const struct link_order *order, enum link_trouble trouble);

#endif
