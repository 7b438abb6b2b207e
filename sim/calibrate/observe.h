/* What the histories of a cluster tell of the machine under it: how late timers were, and how long
 * round trips took; apart for those who were alone at work, and for those who had to share.
 *
 *     reply ──── the wait ────┤ late ├ request ──── round trip ──── reply ├ request ── …
 *                  (100 ms)                         a cold one               a hot one
 *
 * A request is hot if its process sent it on hearing the answer to the one before, and cold if it
 * had slept. It shares if anybody else was at work meanwhile or just before.
 *
 * The same is read from histories of real processes and of the model, to be compared. */
#ifndef HUSTINGS_CALIBRATE_OBSERVE_H
#define HUSTINGS_CALIBRATE_OBSERVE_H

#include "sim/compare/sample.h"
#include "sim/history/history.h"
#include "sim/scenario/scenario.h"

enum observed {
    OBSERVED_TIMER_ALONE,  /* how late, alone, */
    OBSERVED_TIMER_SLEPT,  /* nobody was at work for so long: same count and order, until sorted */
    OBSERVED_TIMER_SHARED, /* how late, among others */
    OBSERVED_HOT_ALONE,
    OBSERVED_HOT_SHARED,
    OBSERVED_COLD_ALONE,  /* round trips; the server had slept for a millisecond or more, */
    OBSERVED_COLD_SLEPT,  /* and this long: same count and order, until sorted */
    OBSERVED_COLD_KIND,   /* and of this kind (enum store_op); likewise */
    OBSERVED_COLD_FIRST,  /* shared; everybody had slept for long */
    OBSERVED_COLD_SHARED, /* shared; somebody was at work just before */
    OBSERVED_APART, /* a cold request's time after the last one of anybody else; under 20 ms */
    OBSERVED_ROUND_SHORT, /* from asking after a wait until the next time, the wait taken out: */
    OBSERVED_ROUND_LONG,  /* one request, or more */
    OBSERVED_TRIAL,       /* the median of a trial's whole rounds, short ones */
    OBSERVED_START,       /* of those who start together at zero: how long after the one before */
    OBSERVED_BIRTH,       /* from a later birth until that process is started */
    OBSERVED
};

extern const char *const observed_names[OBSERVED];

/* Round trips of those who were alone, by kind of request. */
struct kind_observed {
    struct sample later, first; /* first: of its process */
};

/* Owned by the caller: observations_free(). Start with a zeroed one. */
struct observations {
    struct sample of[OBSERVED];
    struct kind_observed hot[STORE_OPS], cold[STORE_OPS];
    struct sample script; /* hot; the first of a script on the server, which must be told it */
};

/* Adds what a history of this scenario tells. False: memory is out. */
bool observe(struct observations *observations, const struct scenario *scenario,
             const struct history *history);

void observations_sort(struct observations *observations);

/* Only the round trips by kind. */
void observations_sort_kinds(struct observations *observations);

void observations_free(struct observations *observations);

#endif
