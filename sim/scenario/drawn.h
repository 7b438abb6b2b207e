/* What the faults of a scenario did in a trial, to be written into its text (replay.h). */
#ifndef HUSTINGS_SCENARIO_DRAWN_H
#define HUSTINGS_SCENARIO_DRAWN_H

#include "sim/scenario/scenario.h"

/* One thing that a fault of the scenario did in the trial. */
struct replay_fault {
    uint16_t fault;         /* its place in the scenario's list of faults */
    struct fault_spec spec; /* the same at its moment and on its target: see fault_text.h */
    const char *skipped;    /* why nothing was done, in a line; NULL: it was done */
};

struct replay {
    const struct scenario *scenario;
    uint64_t seed;                     /* of the trial */
    const char *title;                 /* a line of comment above what an entry drew */
    const struct replay_fault *faults; /* what all faults did, in the order of time */
    size_t count;
};

#endif
