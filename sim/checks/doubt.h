/* From when on something cannot be judged, and why: the trial as a whole, what programs believe
 * that claim nothing, or what programs do to the lock. Between the files of this room. */
#ifndef HUSTINGS_CHECKS_DOUBT_H
#define HUSTINGS_CHECKS_DOUBT_H

#include "sim/checks/check.h"

struct doubt {
    int64_t since_ns; /* INT64_MAX: there is none */
    char why[200];    /* a sentence without a full stop */
};

static inline bool doubt_is_raised(const struct doubt *doubt)
{
    return doubt->since_ns != INT64_MAX;
}

void doubt_begin(struct doubt *doubt);

/* By this event, unless it was before. */
void doubt_raise(struct doubt *doubt, const struct history_event *event);

struct doubts {
    struct doubt whole;   /* of the trial */
    struct doubt belief;  /* of checks `on_belief` alone */
    struct doubt traffic; /* of checks `on_lock_traffic` alone */
    bool obscure;         /* there was a HISTORY_OBSCURE */
};

void doubts_begin(struct doubts *doubts);

/* By an event of any kind, if it is one that raises a doubt. */
void doubts_take(struct doubts *doubts, const struct history_event *event);

/* The trial is over, and it is known who has claimed something by himself: of `count` events, the
 * first after which nobody can tell what one believes who has not. */
void doubts_end(struct doubts *doubts, const struct history *history, size_t count,
                const struct view_process *processes);

/* Why a check is undecided, a literal; NULL: it is not. */
const char *doubts_why(const struct doubts *doubts, const struct check_row *row);

/* What was beyond doubt only when it could not be judged any more has no say: takes it out. */
void doubts_drop(struct violations *found, const struct doubts *doubts);

#endif
