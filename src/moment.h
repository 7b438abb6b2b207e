/* Moments: what a step did, or what a request means. Scenarios aim faults by them, and histories
 * tell them.
 *
 * Some are the going out of a request, so one can stop before it, or when it was applied; the
 * others happen inside a step. Those that any protocol may have carry a story from one protocol to
 * another; reports, reads and publishes are the article's.
 *
 * How to add a moment: a name in the enum and a row in moment.c; a bit in what a protocol's
 * moments() says, or in a lock's row. Then `tests/scenarios/manual --write` makes the schema and
 * the manual's table anew.
 */
#ifndef HUSTINGS_MOMENT_H
#define HUSTINGS_MOMENT_H

#include <stdbool.h>

#include "src/names.h"

enum moment {
    MOMENT_ASKS_LOCK,
    MOMENT_ACQUIRES_LOCK,
    MOMENT_EXTENDS_LOCK, /* asks to hold it for longer */
    MOMENT_RELEASES_LOCK,
    MOMENT_REPORTS,
    MOMENT_READS,
    MOMENT_DECIDES,
    MOMENT_PUBLISHES,
    MOMENT_FOLLOWS, /* follows another leader than before */
    MOMENT_LEADS,   /* begins to act as leader, or does so in a new term */
    MOMENT_RESIGNS, /* no longer acts as leader, of its own accord */
    MOMENT_WRITES,  /* writes to the protected resource: its work */
    MOMENT_STOPS,   /* a program offers to be stopped here */
    MOMENTS,
    MOMENT_NONE = MOMENTS
};

struct moment_row {
    const char *name;    /* as scenarios and histories write it */
    const char *summary; /* what one does at it: "asks for the lock" */
    const char *did;     /* after "node 3": what one does who has it */
    bool is_request;     /* the going out of a request */
};

extern const struct moment_row moment_rows[MOMENTS];

/* The moment of that name; -1: there is none. */
int moment_find(const char *name);

#endif
