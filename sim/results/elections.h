/* Elections: when one became due, what was decided and published, and whether it was right.
 *
 *              due ──────────────▶ published ──────────▶ settled
 *               │  ▲                   ok, wrong, dead
 *               │  │ another event makes somebody else rightful
 *               │  └──────────────▶ superseded (and the next one is due)
 *               │
 *               └─────────────────▶ nothing published: wrong, dead or none
 *
 * The *rightful* leader at a moment is whom the protocol's own rules give for the true statuses
 * (the claims) of all live, started processes, paused ones too. An election becomes due by an event
 * that makes the rightful leader another than before and other than the published one. What the
 * verdicts mean is told in results/README.md.
 */
#ifndef HUSTINGS_RESULTS_ELECTIONS_H
#define HUSTINGS_RESULTS_ELECTIONS_H

#include "sim/results/results.h"
#include "sim/results/tally.h"

#define NO_ELECTION SIZE_MAX

/* One election and what is known of it while it runs. */
struct electing {
    struct election row;
    size_t due;        /* the event by which it became due */
    size_t decided;    /* the first decision taken from a read of its time; NOT_FOUND: none yet */
    bool dead_decided; /* that named a process which was dead at that moment */
};

struct elections {
    const struct history *history;
    const struct view *view;
    const struct tally *tally;
    struct electing *list;
    size_t count, capacity;
    size_t open;       /* the one that is due and not published; NO_ELECTION: none */
    size_t unsettled;  /* the one published last, if it has not settled yet; or NO_ELECTION */
    uint8_t *truth;    /* [0 … nodes]: enum status, or one of the values in elections.c */
    struct vote *vote; /* room for a ballot of all of them */
    int32_t rightful;
    bool rightful_is_old; /* more processes have started since; see elections.c */
    struct result published;
    size_t published_at; /* the event by which it was seen; NOT_FOUND: nothing was published yet */
    bool failed;         /* memory is out */
};

/* Keeps the history, the view and the tally, which go on changing. False when memory is out. Ends
 * with elections_free() in any case. */
bool elections_begin(struct elections *elections, const struct history *history,
                     const struct view *view, const struct tally *tally);
void elections_free(struct elections *elections);

/* Takes in an event; the view and the tally are as they are just after it. */
void elections_event(struct elections *elections, size_t index);

/* The history has ended. Hands out the rows in order of due_ns and then numbers them; they are the
 * caller's to free(). False when memory was out at any time. */
bool elections_end(struct elections *elections, struct election **rows, size_t *count);

#endif
