/* A channel: one connection of a process through the relay, without the sockets. Bytes go in as
 * they come; what may be passed on, and when, comes out.
 *
 *     process ──▶ take ─▶ message, message ─▶ ready ──▶ Redis      WAY_REQUESTS
 *     process ◀── ready ◀─ message, message ◀─ take ◀── Redis      WAY_REPLIES
 *
 * Whole messages are passed on, in their order; each as the faults of the link say. A sender's
 * closing is the last message of its way, held up like the others: so a request that is under way
 * arrives even if its sender has long gone.
 *
 * Pure but for the heap: the time is handed in. All functions that grow a buffer return false when
 * memory is out.
 */
#ifndef HUSTINGS_RELAY_CHANNEL_H
#define HUSTINGS_RELAY_CHANNEL_H

#include "sim/host/link_faults.h"
#include "sim/relay/resp.h"

struct message {
    size_t size; /* bytes that are still to be passed on */
    struct hold hold;
};

/* One direction. */
struct flow {
    struct resp resp;
    char *bytes; /* owned; [begin, end): what is to be passed on */
    size_t begin, end, capacity;
    size_t part;              /* the last so many bytes are of a message that is not whole yet */
    struct message *messages; /* owned; [first, last) */
    size_t first, last, room;
    bool ended;  /* its sender has closed: the last message is that */
    bool deaf;   /* its receiver has gone: what comes is dropped */
    bool silent; /* something of it was lost: so is all that comes after, but the end */
};

struct channel {
    struct link_faults *link_faults; /* of its link */
    struct flow flows[WAYS];
    uint64_t asked, answered; /* whole requests and replies so far */
    uint64_t marked;          /* the request whose answer is to be lost, or breaks the connection */
    uint8_t mark;             /* LINK_LOSE_REPLY, LINK_RESET; LINK_HEAL: none is */
    bool broken;              /* by a reset: both sides are to be closed at once */
};

/* `fault` must outlive the channel. */
void channel_init(struct channel *channel, struct link_faults *link_faults);
void channel_free(struct channel *channel);

/* Whether more is to be read from this way's sender: not while a cut holds it up, nor while too
 * much waits. */
bool channel_wants(const struct channel *channel, enum way way);

/* Bytes have come. May break the channel. */
bool channel_take(struct channel *channel, enum way way, const char *bytes, size_t size,
                  int64_t now_ns);

/* This way's sender has closed its end. */
bool channel_end(struct channel *channel, enum way way, int64_t now_ns);

/* How many bytes may be passed on now, and, if there are any, where they lie until the next
 * call. */
size_t channel_ready(const struct channel *channel, enum way way, int64_t now_ns,
                     const char **bytes);

/* So many of them were. */
void channel_passed(struct channel *channel, enum way way, size_t size);

/* Nobody takes this way's bytes any more: they are dropped, those that wait as well. */
void channel_deafen(struct channel *channel, enum way way);

/* Whether all is passed on and the end itself may be by now. */
bool channel_over(const struct channel *channel, enum way way, int64_t now_ns);

/* When there will be more to pass on; INT64_MAX: nothing waits for a time. */
int64_t channel_due(const struct channel *channel, enum way way);

/* What an order does to messages that are held up; `before` is the link before it. True if it did
 * something to one. */
bool channel_follow(struct channel *channel, const struct link_order *order,
                    const struct link_faults *before, int64_t now_ns);

#endif
