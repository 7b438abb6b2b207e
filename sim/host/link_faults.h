/* The faults of one link: what is in force on it, and what that does to a message; the same on
 * every host.
 *
 * Each direction can be cut, delayed and slow, independently of the other and of each other. An
 * order about these says how it is from now on, whatever it was before: what several faults come
 * to has been composed by then (active.h). A share of the requests can be lost, or of the answers.
 * And one thing can be lying in wait for the next request (or the next few): to hold it back, to
 * lose it or its answer, or to break the connection.
 *
 * A message that is lost takes with it all that its connection carries behind it, as in TCP: the
 * connection is silent in that direction from then on, until its owner gives it up.
 *
 * Pure: the time is handed in, and the random numbers are the struct's own.
 */
#ifndef HUSTINGS_HOST_LINK_FAULTS_H
#define HUSTINGS_HOST_LINK_FAULTS_H

#include "sim/host/command_faults.h"

enum way { WAY_REQUESTS, WAY_REPLIES, WAYS };

/* The direction's bit in orders. */
#define WAY_BIT(way) (1u << (way))
_Static_assert(WAY_BIT(WAY_REQUESTS) == LINK_REQUESTS && WAY_BIT(WAY_REPLIES) == LINK_REPLIES,
               "a way's bit is that of link orders");

struct link_faults {
    uint8_t cut;     /* bits */
    uint8_t drops;   /* bits: where it is cut, what is sent is lost */
    uint8_t lurks;   /* LINK_LATE, LINK_LOSE, LINK_LOSE_REPLY or LINK_RESET awaits the next request;
                      * LINK_HEAL: nothing does */
    uint32_t left;   /* so many requests it awaits */
    bool applied;    /* LINK_RESET: after it was applied */
    int64_t late_ns; /* LINK_LATE */
    int64_t by_ns[WAYS], jitter_ns[WAYS];
    int64_t bytes_per_s[WAYS];      /* 0: as fast as ever */
    int64_t free_ns[WAYS];          /* slow: the line is busy until then */
    int64_t lost_ppm[WAYS];         /* the share of requests that are lost, or whose answers are */
    struct command_faults commands; /* what awaits certain requests */
    uint64_t rng;
};

/* How a message is held up. */
struct hold {
    int64_t sent_ns;  /* its last byte has gone out; when it came, unless the line is slow */
    int64_t delay_ns; /* and then is this long under way */
    int64_t until_ns; /* late: not before this */
};

/* Nothing is wrong with the link of process `id`. The random numbers come from the trial's seed. */
void link_faults_init(struct link_faults *link_faults, uint64_t seed, uint16_t id);

/* Carries out an order. False: nothing was done, since something lies in wait already, or, to a
 * LINK_HEAL, since that did not. */
bool link_faults_order(struct link_faults *link_faults, const struct link_order *order,
                       int64_t now_ns);

/* What befalls a request that goes out now: what awaits such a command, what lies in wait for the
 * next, or what the random numbers say. */
struct link_met link_faults_meet(struct link_faults *link_faults, const struct command_seen *seen);

/* The request that met this was not understood, and will come again: then it meets it again. */
void link_faults_meet_again(struct link_faults *link_faults, const struct link_met *met);

/* Whether what is sent this way now is lost in a cut. */
bool link_faults_drops(const struct link_faults *link_faults, enum way way);

/* What holds up a message of so many bytes that arrives now. */
struct hold link_faults_hold(struct link_faults *link_faults, enum way way, size_t size,
                             int64_t now_ns);

/* A message that is under way follows an order: it is held up no longer than what is in force now
 * would hold it up, and what was not sent of it yet goes out as fast as it can now. `before` is the
 * link before the order. True if that changed anything. */
bool hold_follow(struct hold *hold, enum way way, const struct link_order *order,
                 const struct link_faults *before, int64_t now_ns);

/* When it may go on. */
int64_t hold_ends(const struct hold *hold);

/* Whether an order is the LINK_HEAL of this fault. */
bool heals(const struct link_order *order, enum link_fault fault);

#endif
