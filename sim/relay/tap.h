/* A tap: listens to one connection of a stranger's, and tells the witness what it heard.
 *
 *     channel ──asked, answered──────▶ tap ──asked, sent, told, believes, lost──▶ witness
 *     traffic ──sent, passed, closed─▶
 *
 * Commands are told when they have come from it, answers when they have been passed on to it: so a
 * belief begins with an answer that it could read.
 */
#ifndef HUSTINGS_RELAY_TAP_H
#define HUSTINGS_RELAY_TAP_H

#include "sim/relay/channel.h"
#include "sim/relay/witness.h"

/* So many answers may be under way to a stranger; more, and it is not followed any further. */
#define TAP_WAITING_MAX 65536

/* An answer that is under way to the stranger. */
struct tap_waiting {
    uint64_t place; /* of its message, see channel.h */
    struct talk_reply reply;
};

/* A request that is under way to the Redis, of those for the lock. */
struct tap_sent {
    uint64_t place; /* likewise */
    uint32_t tag;   /* the witness's number for it */
    int64_t at_ns;  /* when it came */
};

struct tap {
    struct channel_tap hook; /* for channel_init() */
    const struct relay_witness *witness;
    struct belief *belief;             /* of the member, for this server */
    struct witness_standing *standing; /* of all its traffic; the tap sets it */
    bool before; /* … for a command that came here: it is lost if its sender goes */
    struct witness_place place;
    struct talk talk;
    bool lost;                   /* that was told */
    bool closed;                 /* likewise, and the stranger reads no answer any more */
    bool dead;                   /* the stranger is: nothing more is told but what it has sent */
    struct tap_waiting *waiting; /* owned; [first, first + count) of a ring of `room` */
    size_t first, count, room;
    struct tap_sent *sent; /* owned; [0, sent_count), in order */
    size_t sent_count, sent_room;
};

/* On the heap. NULL: memory is out. All but `place` must outlive it. */
struct tap *tap_open(const struct relay_witness *witness, struct belief *belief,
                     struct witness_standing *standing, const struct witness_place *place,
                     const char *lock_key, struct talk_shared *shared);
void tap_free(struct tap *tap);

/* So many messages have been passed on to the Redis. The witness is told of requests that came
 * earlier than that: they stood, or were held up. */
void tap_sent(struct tap *tap, uint64_t passed, int64_t now_ns);

/* So many messages have been passed on to the stranger. While it is stopped it reads none: what has
 * come meanwhile is told by the first call when it goes on. */
void tap_passed(struct tap *tap, uint64_t passed, int64_t now_ns);

/* The stranger has closed the connection, which nobody does who is stopped or being killed: it was
 * told of what it could read, and reads no more, so that what is passed on later tells it nothing.
 * Or the Redis has; or the stranger is dead. */
void tap_closed(struct tap *tap, int64_t now_ns);
void tap_cut(const struct tap *tap);
void tap_died(struct tap *tap);

#endif
