/* The times of a story in another length of the lease. A story is about how its times stand to
 * that: a pause of 3 s under a lease of 1 s is, under one of 15 s, a pause of 45 s. */
#ifndef HUSTINGS_MATRIX_STRETCH_H
#define HUSTINGS_MATRIX_STRETCH_H

#include "src/settings.h"

struct stretch {
    int64_t from_ns, to_ns; /* the length of the lease, in the story and now; equal: all stays */
    char text[64];
};

/* How a story of some settings is told under others. Where either has no lease, all stays. */
struct stretch stretch_between(const struct settings *story, const struct settings *now);

/* A time of the story as it is to be written; it is good until the next call. NULL: the text is no
 * time, or stays. */
const char *stretch_text(struct stretch *stretch, const char *text);

#endif
