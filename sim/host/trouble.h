/* The troubles of one link: what is in force on it, and what that does to a message; the same on
 * every host.
 *
 * Each direction can be cut, delayed and slow, independently of the other and of each other; and
 * one thing can be lying in wait for the next request: to hold it back, to lose its answer, or to
 * break the connection. What is in force already is not put on top of itself: the second order is
 * refused, so that each fault undoes exactly what it did.
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
    uint8_t cut, delayed, slow; /* bits */
    uint8_t lurks;              /* LINK_LATE, LINK_LOSE_REPLY or LINK_RESET awaits the next request;
                                 * LINK_HEAL: nothing does */
    bool applied;               /* LINK_RESET: after it was applied */
    int64_t late_ns;            /* LINK_LATE */
    int64_t by_ns[WAYS], jitter_ns[WAYS], bytes_per_s[WAYS];
    int64_t free_ns[WAYS]; /* slow: the line is busy until then */
    uint64_t dice;
};

/* How a message is held up. */
struct hold {
    int64_t begins_ns; /* it is there */
    int64_t sent_ns;   /* slow: its last byte has gone out; else as begins_ns */
    int64_t delay_ns;  /* and then is this long under way */
    int64_t until_ns;  /* late: not before this */
};

/* Nothing is wrong with the link of process `id`. The dice come from the trial's seed. */
void trouble_init(struct trouble *trouble, uint64_t seed, uint16_t id);

/* Carries out an order, LINK_HEAL too as far as it concerns what is in force. False: that was so
 * already, and nothing has changed. */
bool trouble_order(struct trouble *trouble, const struct link_order *order);

/* What holds up a message of so many bytes that arrives now. */
struct hold trouble_hold(struct trouble *trouble, enum way way, size_t size, int64_t now_ns);

/* Takes what a LINK_HEAL undoes out of what holds up a message. True if that changed anything. */
bool hold_heal(struct hold *hold, enum way way, const struct link_order *order);

/* When it may go on. */
int64_t hold_ends(const struct hold *hold);

/* Whether a LINK_HEAL concerns this trouble in this direction. */
bool heals(const struct link_order *order, enum link_trouble trouble, enum way way);

#endif
