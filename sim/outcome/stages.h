/* Where the time of an election went: the stages between its becoming due and everybody following,
 * as the process that published it went through them.
 *
 *     due ─detect─▶ asks ─lock─▶ has it ─read─▶ ─decide─▶ ─publish─▶ published ─spread─▶ settled
 *
 * Each begins where the one before it ended, and what went by before the election was due counts
 * in none: so none is negative, and who waited for the lock already has nothing to detect. What did
 * not happen has no stage (no lock was asked for, a lease reads nothing), and the next one begins
 * earlier. So those that are there add up: without `spread` to elect_ms, with it to settle_ms.
 * Where nobody knows who published, there is only `spread`. */
#ifndef HUSTINGS_OUTCOME_STAGES_H
#define HUSTINGS_OUTCOME_STAGES_H

#include "sim/outcome/lookback.h"
#include "sim/outcome/outcome.h"

/* By which events of one process an election came to its result. NOT_FOUND: there is none. */
struct way {
    uint16_t process;
    bool publishes;  /* else it is the leader as soon as it says so */
    size_t due;      /* where the election became due */
    size_t asked;    /* where the process first asked for the lock under which it decided, … */
    size_t acquired; /* … got it, … */
    size_t read;     /* … sent the request for the statuses that it decided from, … */
    size_t decided;  /* … decided, … */
    size_t index;    /* … and published */
};

/* Notes the stages until the publication of a row that has its due_ns and published_ns. */
void stages_until_published(struct election *row, const struct history *history,
                            const struct way *way);

/* The last one, of a row that has its settled_ns. */
void stages_settled(struct election *row);

/* How long a stage took, in whole µs as ns, so rounded that what is shown adds up to the elect_ms
 * and settle_ms that are shown. NEVER_NS: it did not happen. */
int64_t stage_shown_ns(const struct election *election, enum stage stage);

#endif
