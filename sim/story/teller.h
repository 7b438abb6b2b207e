/* Who tells the story: what is remembered from event to event, and the parts that know what each
 * kind of event has to say. */
#ifndef HUSTINGS_STORY_TELLER_H
#define HUSTINGS_STORY_TELLER_H

#include "sim/scene/scene.h"
#include "sim/story/drafts.h"

/* What is remembered of each member. */
struct member_note {
    bool lost;        /* what it believes to hold is gone, or another's */
    bool beside_told; /* of its section: that another is in there, too */
    bool started;     /* once at least */
    bool flipped;     /* a flip was told, and its new status was not yet claimed */
    uint8_t then; /* enum history_kind: its next event of this kind was told with its fault; … */
    size_t fault; /* … in this line; NO_DRAFT: none is due */
    size_t decision;              /* the line of its last decision; NO_DRAFT */
    size_t publication;           /* the line of its last publication; NO_DRAFT: it was answered */
    uint32_t published;           /* the event of that request */
    size_t folds[FOLDS];          /* its open lines; NO_DRAFT */
    uint32_t dates[SERVERS_MAX];  /* the unanswered request that dates its lock there; EVENT_NONE */
    int64_t ends_ns[SERVERS_MAX]; /* what its last request for the lock, or for longer, says */
    bool unheard[SERVERS_MAX];    /* one got no answer since the last good one: it may be applied */
    enum foreign { FOREIGN_NONE, FOREIGN_NEW, FOREIGN_KNOWN } foreign; /* renews another's lock */
};

/* The last fault on links, or its end, as it was told: one line names all servers. */
struct link_line {
    size_t place;      /* in the drafts; NO_DRAFT */
    size_t at, length; /* of the servers' names in its text */
    uint32_t servers;  /* bits */
};

struct teller {
    const struct history *history;
    const struct history_event *event; /* the one that is being told */
    uint32_t index;                    /* its place */
    struct scene scene;                /* just after it */
    struct drafts drafts;
    struct member_note *notes; /* [0 … nodes]; owned */
    uint16_t *guilt;           /* of each event: the weight that violations give it; owned */
    struct decision published; /* before the event, as far as is known */
    uint32_t published_event;  /* that told it: an answer; EVENT_NONE */
    struct link_line links;
    uint16_t *in_force;     /* faults by kind, process and server: see teller_in_force(); owned */
    size_t lock_fault;      /* the line of the last fault on a lock; NO_DRAFT */
    size_t start;           /* the line of the first starts; NO_DRAFT */
    uint32_t nodes_started; /* told by it */
    uint16_t node_started;  /* the last one of these */
    bool master_started;    /* likewise */
    bool any_fault;
    bool lost_to_take; /* a lock was lost under its holder, and nobody has taken it since */
    int32_t settled;   /* on whom all agree, as it was told */
};

/* Adds a line for the event, and begins its text: "node 3 ". With a member, its folds end. Returns
 * its place in the drafts. */
size_t teller_line(struct teller *teller, uint16_t weight);

/* Appends to a line, as draft_say() does. */
#define teller_say(teller, place, ...) draft_say(&(teller)->drafts, (place), __VA_ARGS__)

/* It happened once more. What is guilty, or would not be missed, is a line of its own. */
void teller_fold(struct teller *teller, enum fold fold);

/* The folds of a member end: something else was told of it. */
void teller_ends_folds(struct teller *teller, uint16_t id);

/* A member of the view, and what is remembered of it. */
const struct view_process *teller_member(const struct teller *teller, uint16_t id);

/* Whether violations rest on this event. */
bool teller_is_guilty(const struct teller *teller, uint32_t event);

/* How many faults like that of the event are in force: of its kind, on this process and server. */
uint16_t *teller_in_force(const struct teller *teller);
size_t teller_in_force_size(const struct history *history); /* of all these numbers */

/* Somebody else who is inside the critical section, or acts as leader; NOBODY. */
int32_t teller_other_inside(const struct teller *teller, uint16_t id);
int32_t teller_other_leader(const struct teller *teller, uint16_t id);

/* Appends where a member stands: " in its critical section (lock until 0.550 s)"; or apart, behind
 * a comma; or without the place, if that was said. False: there is nothing to say. */
enum where { WHERE_HERE, WHERE_APART, WHERE_KNOWN };
bool teller_say_where(struct teller *teller, size_t place, uint16_t id, enum where where);

/* Appends what a member believes when it goes on: ", still believing that it holds the lock". */
void teller_say_belief(struct teller *teller, size_t place, uint16_t id);

/* Tells of the event, each of its kinds: faults.c, life.c, locks.c, steps.c, elects.c. */
void tell_fault(struct teller *teller);
void tell_healed(struct teller *teller);
void tell_skipped(struct teller *teller);
void tell_life(struct teller *teller);
void tell_phase(struct teller *teller);
void tell_outside(struct teller *teller);
void tell_expired(struct teller *teller);
void note_renewals(struct teller *teller);   /* before the event is told */
void tell_lock_reply(struct teller *teller); /* of a request that has to do with the lock */
void tell_claim(struct teller *teller);
void tell_request(struct teller *teller);
void tell_reply(struct teller *teller);
void tell_decided(struct teller *teller);
void tell_publication(struct teller *teller);
void tell_published(struct teller *teller);                           /* its answer */
void tell_found(struct teller *teller, const struct decision *found); /* by a read */
void note_published(struct teller *teller);                           /* after each event */
void tell_settled(struct teller *teller);                             /* after each event */

/* Names the violations in the lines where they begin, gives weight to what they rest on, and
 * chooses at most so many lines, which become the story's. False: memory is out. */
bool tell_chosen(struct teller *teller, const struct violations *found, size_t most,
                 struct story *story);

#endif
