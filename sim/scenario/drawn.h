/* What the faults of a scenario did in a trial, and what was done by hand, to be written into its
 * text (replay.h). */
#ifndef HUSTINGS_SCENARIO_DRAWN_H
#define HUSTINGS_SCENARIO_DRAWN_H

#include "sim/scenario/scenario.h"

/* `fault` of what was done by hand. */
#define REPLAY_HAND UINT16_MAX

/* One thing that a fault of the scenario did in the trial, or that was done by hand. */
struct replay_fault {
    uint16_t fault;         /* its place in the scenario's list of faults */
    bool cut_short;         /* it was healed by hand, before its time */
    struct fault_spec spec; /* the same at its moment and on its target: see fault_text.h */
    const char *skipped;    /* why nothing was done, in a line; NULL: it was done */
};

struct replay {
    const struct scenario *scenario;
    uint64_t seed;                     /* of the trial */
    const uint32_t *nths;              /* of each fault, if its `nth` was drawn: what came of it */
    const char *title;                 /* a line of comment above what an entry drew, */
    const char *cut_short_title;       /* above what it did that was healed by hand, */
    const char *hand_title;            /* and above what was done by hand */
    const struct replay_fault *faults; /* what all faults did, in the order of time */
    size_t count;
};

#endif
