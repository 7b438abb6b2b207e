/* From when on something cannot be judged, and why: the trial as a whole, or what programs believe
 * that claim nothing. Between the files of this room. */
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

/* What was beyond doubt only when it could not be judged any more has no say: takes it out.
 * `obscure` is about checks on belief alone. */
void doubt_drop(struct violations *found, const struct doubt *whole, const struct doubt *obscure);

#endif
