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

#include "sim/relay/flow.h"
#include "sim/resp/pairs.h"

/* Who listens to a stranger's connection is told of each message that comes, whatever becomes of
 * it. */
struct channel_tap {
    void *self;
    const char *watch; /* of a command's words: see resp_watch(); it outlives the channel */
    size_t watch_size;
    const bool
        *stands; /* while it is set, no request meets what lies in wait: see channel_meet() */
    /* A command has been read whole; it is the `number`th of its connection. `answered`: an answer
     * to it is to come. It is passed on when flows[WAY_REQUESTS].passed reaches `place`; 0: it is
     * lost. */
    void (*asked)(void *self, const struct resp_message *command, uint64_t number, bool answered,
                  uint64_t place, int64_t now_ns);
    /* An answer has been read whole. It is passed on when flows[WAY_REPLIES].passed reaches
     * `place`; 0: it is lost. */
    void (*answered)(void *self, const struct resp_message *answer, const struct pairs *pairs,
                     const struct paired *paired, uint64_t place, int64_t now_ns);
};

/* Who is told that a command has met a fault which awaited it, and the prefix of the run's keys. */
struct channel_ear {
    void *self;
    const char *prefix;
    void (*met)(void *self, const struct link_met *met, const struct command_seen *seen,
                int64_t now_ns);
};

struct channel {
    struct link_faults *link_faults; /* of its link */
    struct flow flows[WAYS];
    struct pairs pairs;
    const struct channel_tap *tap; /* or NULL */
    const struct channel_ear *ear; /* or NULL; set it before anything comes */
    struct link_met met;           /* what is marked has met this */
    bool resends;    /* no stranger's: a script that was not known comes again, and counts once */
    uint64_t marked; /* the request whose answer is to be lost, or breaks the connection */
    uint8_t mark;    /* LINK_LOSE_REPLY, LINK_RESET; LINK_HEAL: none is */
    bool broken;     /* by a reset: both sides are to be closed at once */
};

/* Both must outlive the channel; `tap` may be NULL. */
void channel_init(struct channel *channel, struct link_faults *link_faults,
                  const struct channel_tap *tap);
void channel_free(struct channel *channel);

/* Whether more is to be read from this way's sender: not while a cut holds it up (unless somebody
 * listens: then it waits in here), nor while too much waits. */
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

/* The requests that came while the stranger's traffic stood meet now what lies in wait for them. */
void channel_meet(struct channel *channel, int64_t now_ns);

/* What an order does to messages that are held up; `before` is the link before it. True if it did
 * something to one. */
bool channel_follow(struct channel *channel, const struct link_order *order,
                    const struct link_faults *before, int64_t now_ns);

/* --- between the files of this room: meet.c, what messages meet, is below channel.c - */

/* Commands that make a connection usable meet nothing. */
bool meet_is_greeting(const struct resp_item *name);

/* A request by name, as patterns are held against it. */
void meet_name(struct channel *channel, const struct resp_message *command,
               struct command_name *named);

/* A request, which is in these bytes, meets what there is. Returns until when it is held back; 0:
 * not at all. */
int64_t meet_request(struct channel *channel, const struct command_name *named, uint64_t number,
                     char *bytes, size_t size, int64_t now_ns);

/* A whole reply has come. False: it is dropped. */
bool meet_reply(struct channel *channel, const struct paired *paired);

/* A whole reply, the last of the flow, gets other words if it is to what was refused. False: memory
 * is out. */
bool meet_put_words(struct flow *flow);

#endif
