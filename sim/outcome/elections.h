/* Elections: when one became due, what was decided and published, and whether it was right.
 *
 *              due ──────────────▶ published ──────────▶ settled
 *               │  ▲                   ok, wrong, dead
 *               │  │ another event makes somebody else rightful
 *               │  └──────────────▶ superseded, dead (and the next one is due)
 *               │
 *               └─────────────────▶ nothing published: wrong, dead or none
 *
 * The *rightful* leader at a moment is whom the protocol's own rules give for the true statuses
 * (the claims) of all live, started processes, paused ones too. A protocol without rules takes
 * anybody who is acceptable (protocol.h): then the leader is rightful as long as it is that.
 *
 * An election becomes due by an event that makes the rightful leader another than before and other
 * than the published one; where nothing is published, see leading.h. What the verdicts mean is told
 * in results/README.md.
 */
#ifndef HUSTINGS_OUTCOME_ELECTIONS_H
#define HUSTINGS_OUTCOME_ELECTIONS_H

#include "sim/outcome/electing.h"

/* Takes in an event; the view and the tally are as they are just after it. */
void elections_event(struct elections *elections, size_t index);

/* Whether a message says something of a result: it is an answer that tells it, or one to a request
 * that publishes it. */
static inline bool message_is_of_result(const struct history_event *event)
{
    return event->kind == HISTORY_REPLY &&
           (event->reply.moment == MOMENT_PUBLISHES || op_has(event->reply.op, OP_TELLS_LEADER));
}

/* The same for a message (view_is_message). Where results are published, nothing comes of one that
 * says nothing of them: time alone lets nobody lead or settle. */
static inline void elections_message(struct elections *elections, size_t index)
{
    if (!elections->publishes || message_is_of_result(&elections->history->events[index])) {
        elections_event(elections, index);
    }
}

/* From when on an election that has not been published, or has not settled, never was: ns after it
 * became due. */
struct election_timeout {
    int64_t publish_ns, settle_ns;
};

/* The history has ended, by the event at `last`. Hands out the rows in order of due_ns and then
 * numbers them; they are the caller's to free(). False when memory was out at any time. */
bool elections_end(struct elections *elections, size_t last, struct election_timeout timeout,
                   struct election **rows, size_t *count);

#endif
