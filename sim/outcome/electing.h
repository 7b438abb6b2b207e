/* The elections of a trial while it is replayed: their list, which one is open, what is published,
 * and who is rightful. What makes one due is in elections.c, what ends it in publishing.c; in a
 * protocol that publishes nothing both is in leading.c. */
#ifndef HUSTINGS_OUTCOME_ELECTING_H
#define HUSTINGS_OUTCOME_ELECTING_H

#include "sim/outcome/lookback.h"
#include "sim/outcome/outcome.h"
#include "sim/outcome/tally.h"

#define NO_ELECTION SIZE_MAX

/* In `truth`, with the status: it is paused. Instead of one: takes no part; never did, or did once.
 */
#define TRUTH_PAUSED 0x40
#define TRUTH_NOT_YET 0xfe
#define TRUTH_GONE 0xff

/* As the rightful one: the protocol has no rules that name one; the leader is not acceptable, or
 * there is none, and there are some who would be. */
#define ANYBODY (-2)

/* One election and what is known of it while it runs. */
struct electing {
    struct election row;
    size_t due;        /* the event by which it became due */
    size_t after;      /* the superseded one whose place it took; NO_ELECTION: none */
    bool superseded;   /* closed because somebody else became rightful; not published since */
    size_t decided;    /* the first decision taken from a read of its time; NOT_FOUND: none yet */
    bool dead_decided; /* that named a process which was dead at that moment */
};

struct elections {
    const struct history *history;
    const struct view *view;
    const struct tally *tally;
    const struct protocol_row *protocol;
    bool publishes; /* it does; if not, whoever acts as leader is the publication */
    struct electing *list;
    size_t count, capacity;
    size_t open;          /* the one that is due and not published; NO_ELECTION: none */
    size_t unsettled;     /* the one published last, if it has not settled yet; or NO_ELECTION */
    uint8_t *truth;       /* [0 … nodes]: enum status, and the values above */
    uint8_t *then;        /* [0 … nodes]: as `truth` was, see electing_was_right() */
    struct vote *vote;    /* room for a ballot of all of them, … */
    bool *up;             /* … and for who of them is up */
    int32_t rightful;     /* or NOBODY, or ANYBODY */
    bool rightful_is_old; /* more processes have started since; see electing.c */
    struct decision published;
    size_t published_at; /* the event by which it was seen; NOT_FOUND: nothing was published yet */
    bool failed;         /* memory is out */
};

/* Keeps the history, the view and the tally, which go on changing. False when memory is out. Ends
 * with elections_free() in any case. */
bool elections_begin(struct elections *elections, const struct history *history,
                     const struct view *view, const struct tally *tally);
void elections_free(struct elections *elections);

/* Whether by what was true at the event `read`, when the statuses were read, `elected` was the
 * rightful one. Of protocols without rules: false. Walks over the history up to there. */
bool electing_was_right(struct elections *elections, size_t read, int32_t elected);

/* Whom the rules give for another truth than that of now. */
int32_t electing_rightful_by(struct elections *elections, uint8_t *truth);

/* Whom the rules give now. If the protocol has none: the leader, if it is acceptable; else ANYBODY
 * who would be, or NOBODY. */
int32_t electing_rightful(struct elections *elections);

/* The same when `elected` was elected: without rules, that one, if it is acceptable. */
int32_t electing_rightful_for(struct elections *elections, int32_t elected);

/* The election that is open; there is one. */
struct electing *electing_open(struct elections *elections);

/* During the initial start-up: the election that the first start made due is still open. */
bool electing_starting_up(const struct elections *elections);

/* Takes the reason of a decision into a row. */
void electing_note_reason(const struct elections *elections, struct election *row, unsigned reason);

/* A new row, due by the event `due`. NO_ELECTION: memory is out. */
size_t electing_add(struct elections *elections, uint8_t cause, int32_t node, size_t due);

/* Closes an election, with the nodes that live now. */
void electing_close(struct elections *elections, struct electing *electing, uint8_t verdict);

/* Closes the open one, of which nothing was published, by the event at `index`; nothing is open
 * then. If a process was elected that was dead, the verdict is that, otherwise the one given. */
void electing_close_open(struct elections *elections, uint8_t verdict, enum ending ended,
                         size_t index);

/* The rightful leader was `before`; the event at `index` has changed that, or who leads. Opens and
 * closes elections accordingly. */
void electing_weigh(struct elections *elections, int32_t before, uint8_t cause, int32_t node,
                    size_t index);

#endif
