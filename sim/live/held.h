/* A trial of the model that is held: it goes on as far as it is wanted, and orders by hand are
 * carried out in it at any time, past ones too. An order in the past makes another future: the
 * trial runs again from its seed with the orders up to then, which takes a few milliseconds. */
#ifndef HUSTINGS_LIVE_HELD_H
#define HUSTINGS_LIVE_HELD_H

#include "sim/checks/check.h"
#include "sim/model/model.h"

struct held_act {
    int64_t at_ns;   /* when it was ordered */
    int64_t done_ns; /* when it was done: that, or a nanosecond later */
    struct hand_order order;
};

struct held_trial {
    struct model *model;    /* model_new_for_hand() */
    struct history history; /* so far; owned, but for what was taken */
    uint32_t number;
    uint64_t seed;
    struct held_act *acts; /* owned; in order of time */
    size_t count, room, done;
    int64_t reached_ns; /* all that is due by then has happened */
    struct judged_trial judged;
    size_t judged_count; /* so many events are judged in it */
};

/* Begins trial `number`. The model must outlive it. False: memory is out. */
bool held_begin(struct held_trial *held, struct model *model, uint32_t number, uint64_t seed);
void held_free(struct held_trial *held);

/* Has it go on until everything has happened that is due by `until_ns`; INT64_MIN: until there is
 * one more event. False: it is over, or memory is out (model_error()). */
bool held_go_on(void *held, int64_t until_ns);

/* Carries out an order at a time of the trial. Events after it are not what they were. NULL: it was
 * done; else why not. */
const char *held_order(struct held_trial *held, struct hand_order order, int64_t now_ns);

/* What the checks find in what has happened so far. */
const struct violations *held_found(void *held);

#endif
