/* How elections end: decisions and publications, as a history shows them. */
#ifndef HUSTINGS_OUTCOME_PUBLISHING_H
#define HUSTINGS_OUTCOME_PUBLISHING_H

#include "sim/outcome/electing.h"

/* A publication as it was seen. */
struct seen {
    struct decision decision;
    size_t index;    /* the event that shows it */
    int32_t process; /* whose it was; NOBODY: of nobody in this history */
    size_t decided;  /* the decision and the read that led to it; NOT_FOUND */
    size_t read;
    uint8_t cause; /* if no election was due: what made it one of its own, … */
    int32_t node;  /* … whose doing that was; NOBODY: nobody's … */
    size_t due;    /* … and since when */
};

/* Takes in a publication: ends the election that it belongs to. */
void publishing_seen(struct elections *elections, const struct seen *seen);

/* Take in the HISTORY_DECIDED, the HISTORY_REPLY at `index`. */
void publishing_decided(struct elections *elections, size_t index);
void publishing_reply(struct elections *elections, size_t index);

#endif
